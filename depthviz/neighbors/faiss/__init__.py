"""The approximate search: any string of faiss' index factory, on request."""

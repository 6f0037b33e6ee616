"""Annotating in an Explorer: what a page may decide, and what Python keeps of it."""

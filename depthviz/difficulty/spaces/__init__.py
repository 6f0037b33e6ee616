"""Where an example lies among the embeddings of others."""

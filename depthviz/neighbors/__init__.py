"""Exact nearest neighbors, on the device of the data; by faiss on request.

A search engine of its own: knows nothing of probes, votes and labels.
"""

from depthviz.neighbors.nearest import Neighbors, nearest_neighbors
from depthviz.neighbors.recall import search_recall

__all__ = ["Neighbors", "nearest_neighbors", "search_recall"]

"""k-NN probes: exact neighbors, their votes, and how far votes agree.

Arrays in, arrays out, on the device where they are.
"""

from depthviz.probes.agreement import (
    check_votes,
    neighbor_agreement,
    probe_accuracy,
    probe_agreement,
)
from depthviz.checks import check_classes, check_index, check_shape
from depthviz.neighbors.nearest import Neighbors, check_search, nearest_neighbors
from depthviz.neighbors.recall import search_recall
from depthviz.probes.votes import TIES, Ties, commonest, knn_vote

__all__ = [
    "TIES",
    "Neighbors",
    "Ties",
    "check_classes",
    "check_index",
    "check_search",
    "check_shape",
    "check_votes",
    "commonest",
    "knn_vote",
    "nearest_neighbors",
    "neighbor_agreement",
    "probe_accuracy",
    "probe_agreement",
    "search_recall",
]

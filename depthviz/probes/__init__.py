"""k-NN probes: the votes of an example's neighbors, and how far votes agree.

Arrays in, arrays out, on the device where they are. The search itself is
`depthviz.neighbors`; `nearest_neighbors` is named here, too.
"""

from depthviz.neighbors import Neighbors, nearest_neighbors
from depthviz.probes.agreement import (
    neighbor_agreement,
    probe_accuracy,
    probe_agreement,
)
from depthviz.probes.votes import TIES, Ties, knn_vote

__all__ = [
    "TIES",
    "Neighbors",
    "Ties",
    "knn_vote",
    "nearest_neighbors",
    "neighbor_agreement",
    "probe_accuracy",
    "probe_agreement",
]

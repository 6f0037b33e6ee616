"""Maps: one point in the plane for each example, at each probe."""

from depthviz.projections.alignment import align
from depthviz.projections.linear import pca_layer
from depthviz.projections.manifold import umap_layers
from depthviz.projections.quality import (
    neighbors_kept,
    trustworthiness,
)
from depthviz.projections.umap_learn import umap_learn_layers

__all__ = [
    "align",
    "neighbors_kept",
    "pca_layer",
    "trustworthiness",
    "umap_layers",
    "umap_learn_layers",
]

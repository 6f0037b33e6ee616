"""Nests: inputs of a network that are one tensor, or several that belong together.

A nest is a tensor, or a mapping, tuple or list of nests, such as token ids with their
mask. The first dimension of every tensor counts the same examples.
"""

from depthviz.datasets.nested.digests import feed_digest, not_finite, same
from depthviz.datasets.nested.nests import (
    Nest,
    is_floats,
    join,
    leaves,
    length,
    map_leaves,
    one_tensor,
    rows,
    to_device,
)
from depthviz.datasets.nested.words import describe_nest, layout

__all__ = [
    "Nest",
    "describe_nest",
    "feed_digest",
    "is_floats",
    "join",
    "layout",
    "leaves",
    "length",
    "map_leaves",
    "not_finite",
    "one_tensor",
    "rows",
    "same",
    "to_device",
]

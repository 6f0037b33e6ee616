"""One row of numbers for an example of many tokens, or of many positions.

How an activation `(B, T, D)` becomes a row: all of it in one line, as the paper reads
pictures, or a mean, a maximum or one token of the T. Knows nothing of networks but
where the features of a module's output are.
"""

from depthviz.embeddings.pooling.layout import features_are_last
from depthviz.embeddings.pooling.masks import are_pictures, are_sequences, mask_of
from depthviz.embeddings.pooling.rules import (
    POOLS,
    Pool,
    PoolName,
    check_pool,
    name_of_pool,
    pooled,
)

__all__ = [
    "POOLS",
    "Pool",
    "PoolName",
    "are_pictures",
    "are_sequences",
    "check_pool",
    "features_are_last",
    "mask_of",
    "name_of_pool",
    "pooled",
]

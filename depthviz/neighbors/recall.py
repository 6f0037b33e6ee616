"""How much of the exact answer an approximate search found.

The only honest number about an approximation is measured: some queries are searched
exactly, and their true neighbors counted in what was found.
"""

import torch
from torch import Tensor

from depthviz.checks import check_index, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ArgumentError
from depthviz.neighbors.features import Metric, Rows
from depthviz.neighbors.nearest import Neighbors, nearest_neighbors

__all__ = ["search_recall"]


@takes_arrays
def search_recall(
    query: Rows,
    reference: Rows,
    found: Neighbors,
    *,
    exclude: Tensor | None = None,
    metric: Metric = "euclidean",
    sample: int = 200,
    seed: int = 0,
    memory_limit: int | None = None,
) -> float:
    """Measure the share of the exact nearest references that a search found.

    Of references at equal distances those with the smaller indices are the nearest, so
    among many duplicates even a perfect index may show a recall below 1.

    Args:
        query: Features that were searched for, shape `(Q, F)`.
        reference: Features that were searched, shape `(R, F)`.
        found: What the search found, k references of each query.
        exclude: What each query left out, shape `(Q,)` or `(Q, R)`, as in the search.
        metric: As in the search.
        sample: Queries that are searched exactly, at random; all if there are no more.
        seed: Chooses them.
        memory_limit: Bytes to search in, beyond the features; by default a share of
            what is free.

    Returns:
        Recall at k, in [0, 1].

    Raises:
        ShapeError: If `found` does not cover the queries, or points beyond the
            references.
        ArgumentError: If there are no queries, or the sample is empty.

    Example:
        >>> points = torch.tensor([[0.0], [1.0], [3.0], [9.0]])
        >>> found = nearest_neighbors(points, points, k=2)
        >>> search_recall(points, points, found)
        1.0
        >>> missed = found._replace(index=found.index.clamp(max=1))
        >>> search_recall(points, points, missed)
        0.625
    """
    check_shape("found.index", found.index, "Q K", len(query), None)
    check_index(found.index, len(reference))
    if not len(query) or sample < 1:
        raise ArgumentError(
            "Recall needs at least one query and a sample of at least 1, got "
            f"{len(query)} queries and sample={sample}."
        )
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randperm(len(query), generator=generator)[:sample].sort().values
    exact = nearest_neighbors(
        query[rows],
        reference,
        k=found.index.shape[1],
        exclude=None if exclude is None else exclude[rows],
        metric=metric,
        memory_limit=memory_limit,
    )
    offset = torch.arange(len(rows))[:, None] * len(reference)
    hit = torch.isin(exact.index.cpu() + offset, found.index[rows].cpu() + offset)
    return float(hit.double().mean())

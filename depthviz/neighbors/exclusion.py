"""Which references a query leaves out: one by its index, or any by a mask.

An exclusion has shape `(Q,)`, int64, with -1 for none, or `(Q, R)`, bool, with True for
what is left out. The first is how examples leave out themselves and costs nothing; the
second says anything, for a byte a pair.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from depthviz.checks import check_shape
from depthviz.errors import ArgumentError
from depthviz.neighbors.blocks import CACHE_BYTES, rows_within, split_range

__all__ = [
    "check_exclude",
    "check_k",
    "count_left_out",
    "cut_exclude",
    "group_by_allowed",
    "is_left_out",
]


def check_exclude(exclude: Tensor | None, queries: int, references: int) -> Tensor:
    """Check what queries leave out: shape `(Q,)` or `(Q, R)`; None is nothing.

    Returns shape `(Q,)`, int64, or `(Q, R)`, bool, on the device where it was. Raises
    ShapeError if it does not cover the queries, or a mask the references;
    ArgumentError if it holds neither indices of references nor booleans.

    Example:
        >>> check_exclude(None, 3, 9)
        tensor([-1, -1, -1])
    """
    if exclude is None:
        return torch.full((queries,), -1)
    if exclude.dtype == torch.bool:
        check_shape("exclude as a mask", exclude, "Q R", queries, references)
        return exclude
    check_shape("exclude", exclude, "Q", queries)
    if exclude.is_floating_point() or exclude.is_complex():
        raise ArgumentError(
            "exclude must hold indices of shape (Q,), or booleans of shape (Q, R), got "
            f"{exclude.dtype}."
        )
    if queries and not -1 <= int(exclude.min()) <= int(exclude.max()) < references:
        raise ArgumentError(
            f"exclude must hold -1 or an index below the {references} references, got "
            f"{int(exclude.min())} to {int(exclude.max())}."
        )
    return exclude.long()


def check_k(k: int, exclude: Tensor, references: int) -> None:
    """Refuse more neighbors than some query may have, by an ArgumentError.

    Example:
        >>> check_k(5, torch.tensor([-1, 2]), 6)
    """
    left_out = count_left_out(exclude)
    most = int(left_out.max()) if len(left_out) else 0
    allowed = references - most
    if isinstance(k, int) and 1 <= k <= allowed:
        return
    if not most:
        which = "references"
    elif exclude.ndim == 1:
        which = "references that remain when one is excluded"
    else:
        which = f"references that query {int(left_out.argmax())} may use"
    raise ArgumentError(f"k must be between 1 and the {allowed} {which}, got k={k}.")


def count_left_out(exclude: Tensor) -> Tensor:
    """Count the references that each query leaves out, shape `(Q,)`.

    Example:
        >>> count_left_out(torch.tensor([[True, False, True], [False, False, False]]))
        tensor([2, 0])
    """
    if exclude.ndim == 1:
        return (exclude >= 0).long()
    # A sum of booleans makes eight bytes of each, so some rows at a time.
    rows = rows_within(CACHE_BYTES, 8 * exclude.shape[1] + 1, most=max(1, len(exclude)))
    count = torch.zeros(len(exclude), dtype=torch.int64, device=exclude.device)
    for block in split_range(len(exclude), rows):
        count[block] = exclude[block].sum(1)
    return count


def is_left_out(exclude: Tensor, index: Tensor) -> Tensor:
    """Mark those references, shape `(Q, W)`, that their queries leave out.

    Example:
        >>> is_left_out(torch.tensor([4, -1]), torch.tensor([[4, 5], [4, 5]]))
        tensor([[ True, False],
                [False, False]])
    """
    return index == exclude[:, None] if exclude.ndim == 1 else exclude.gather(1, index)


def cut_exclude(exclude: Tensor, queries: slice, references: slice) -> Tensor:
    """Cut out what some queries leave out of some references.

    Indices count from the first of these.

    Example:
        >>> cut_exclude(torch.tensor([0, 7, 5, -1]), slice(1, 4), slice(5, 7))
        tensor([-1,  0, -1])
    """
    if exclude.ndim == 2:
        return exclude[queries, references]
    part = exclude[queries]
    inside = (part >= references.start) & (part < references.stop)
    return torch.where(inside, part - references.start, -1)


def group_by_allowed(exclude: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Group the queries that may use the same references, by a mask `(Q, R)`.

    Yields the queries of a group and the references they may use, ascending, at least
    one of each.

    Example:
        >>> mask = torch.tensor([[True, False], [False, True], [True, False]])
        >>> for group in group_by_allowed(mask):
        ...     print(*group)
        tensor([0, 2]) tensor([1])
        tensor([1]) tensor([0])
    """
    allowed, member = torch.unique(~exclude, dim=0, return_inverse=True)
    for group, mask in enumerate(allowed):
        if mask.any():
            yield (member == group).nonzero()[:, 0], mask.nonzero()[:, 0]

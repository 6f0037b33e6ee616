"""How sure the group of an example is, with the members that there are.

Other networks on other splits would give other mean depths and move the boundaries with
them. The bootstrap draws as many members as there are, with replacement, sorts the
examples again, and counts how often each lands where it was. It is about the draw of
members alone: not of other data, nor of another architecture. A member is drawn whole,
with its split. Mean depths are compared as a study stores them, in float32.

One member on a side cannot vary: every resample that has it finds the same depth there.
That is no support, so such an example has no confidence.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.difficulty.averages import check_booleans, check_counted, member_mean
from depthviz.difficulty.groups import Boundaries, difficulty_groups
from depthviz.errors import ArgumentError, FeatureError
from depthviz.machine.ambient import neutral_state

__all__ = ["group_confidence"]

_TOGETHER = 16  # resamples in memory at a time
_BLOCK = 2**20  # depths in memory at a time
_LEAST = 2  # members a side; below, all resamples are alike


@neutral_state()
@takes_arrays
def group_confidence(
    depths: Tensor,
    in_train: Tensor,
    counted: Tensor,
    *,
    groups: Tensor | None = None,
    q: float = 0.3,
    boundaries: Boundaries | tuple[float, float, float, float] | None = None,
    train_depths: Tensor | None = None,
    train_agreement: Tensor | None = None,
    validation_agreement: Tensor | None = None,
    resamples: int = 200,
    seed: int = 0,
) -> Tensor:
    """Find how often an example keeps its group when members are drawn again.

    Quantiles are taken anew in each resample, so that an example whose depth stays
    while the others move loses confidence too; absolute boundaries stay. Resamples in
    which an example lost one of its depths say nothing of it.

    Args:
        depths: Depth that each member finds, shape `(M, N)`; of any value where the
            member does not count.
        in_train: Whether it trained on the example, booleans, shape `(M, N)`.
        counted: Which members count, booleans, shape `(M, N)`; those that failed do
            not, and are never drawn.
        groups: Codes whose confidence is asked for, integers, shape `(N,)`, -1 for
            none; by default those of the mean depths of all members.
        q: As in `difficulty_groups`.
        boundaries: Absolute depths to use in place of the quantiles.
        train_depths: Depths that count for the examples that a member trained on, such
            as those of the given label, shape `(M, N)`; by default `depths`.
        train_agreement: As in `difficulty_groups`; the same in each resample.
        validation_agreement: As in `difficulty_groups`; the same in each resample.
        resamples: How many times members are drawn.
        seed: Seed of the draws, which are the same on every device.

    Returns:
        Share of the resamples in which the example has both depths and its group, among
        those in which it has both depths, float64, shape `(N,)`, in [0, 1]; NaN where
        it has no group, or never both depths, or where fewer than two members that
        count trained on it or fewer than two held it out.

    Raises:
        ShapeError: If the arrays do not cover the same members and examples.
        ArgumentError: If resamples, q or the boundaries are out of range, or in_train
            or counted is not boolean.
        FeatureError: If no example has a depth to take quantiles of.

    Example:
        >>> depths = torch.tensor([[0, 9, 0], [0, 9, 9], [0, 9, 0], [0, 9, 9]])
        >>> in_train = torch.tensor([[1, 0, 0], [1, 0, 1], [0, 1, 1], [0, 1, 0]]).bool()
        >>> counted = torch.ones_like(in_train)
        >>> confidence = group_confidence(
        ...     depths, in_train, counted, boundaries=(2, 7, 2, 7)
        ... )
        >>> confidence[:2], bool(0 < confidence[2] < 1)
        (tensor([1., 1.], dtype=torch.float64), True)

    References:
        Efron (1979). https://doi.org/10.1214/aos/1176344552
    """
    check_shape("depths", depths, "M N", None, None)
    check_counted(counted, *depths.shape)
    check_shape("in_train", in_train, "M N", *depths.shape)
    check_booleans("in_train", in_train)
    if resamples < 1:
        raise ArgumentError(f"resamples must be at least 1, got {resamples}.")
    if train_depths is not None:
        check_shape("train_depths", train_depths, "M N", *depths.shape)
        depths = torch.where(in_train, train_depths, depths)
    sort = partial(
        _groups,
        q=q,
        boundaries=boundaries,
        train_agreement=train_agreement,
        validation_agreement=validation_agreement,
    )
    if groups is None:
        train = member_mean(depths, counted & in_train).mean
        validation = member_mean(depths, counted & ~in_train).mean
        groups = sort(train, validation)
    check_shape("groups", groups, "N", depths.shape[1])
    kept, both = (torch.zeros_like(groups, dtype=torch.int64) for _ in range(2))
    drawn = _draw(counted.any(1), resamples, seed)
    for train, validation in _resampled(depths, in_train, counted, drawn):
        known = ~(train.isnan() | validation.isnan())
        if not bool(known.any()):
            continue
        kept += known & (sort(train, validation) == groups)
        both += known
    unsupported = (groups < 0) | ~_varies(in_train, counted)
    return (kept.double() / both).masked_fill(unsupported, torch.nan)


def _varies(in_train: Tensor, counted: Tensor) -> Tensor:
    """Tell which examples have members to draw from on both sides, shape (N,)."""
    trained, held_out = (counted & side for side in (in_train, ~in_train))
    return (trained.sum(0) >= _LEAST) & (held_out.sum(0) >= _LEAST)


def _groups(train: Tensor, validation: Tensor, **options: Any) -> Tensor:
    return difficulty_groups(train.float(), validation.float(), **options).codes


def _draw(alive: Tensor, resamples: int, seed: int) -> Tensor:
    """Count how often each resample holds each member, shape (resamples, M)."""
    members = alive.cpu().nonzero()[:, 0]
    if not len(members):
        raise FeatureError("No member counts for any example, so there are no groups.")
    generator = torch.Generator().manual_seed(seed)
    shape = (resamples, len(members))
    chosen = members[torch.randint(len(members), shape, generator=generator)]
    counts = torch.zeros(resamples, len(alive), dtype=torch.float64)
    ones = torch.ones((), dtype=torch.float64).expand(shape)
    return counts.scatter_add_(1, chosen, ones).to(alive.device)


def _resampled(
    depths: Tensor, in_train: Tensor, counted: Tensor, drawn: Tensor
) -> Iterator[tuple[Tensor, Tensor]]:
    """Give the two mean depths of each resample, shape (N,) each, NaN where none."""
    size = max(1, _BLOCK // len(depths))
    for counts in torch.split(drawn, _TOGETHER):
        blocks = [
            _means(depths[:, here], in_train[:, here], counted[:, here], counts)
            for here in _slices(depths.shape[1], size)
        ]
        train, validation = torch.cat(blocks, dim=2)
        yield from zip(train, validation, strict=True)


def _slices(length: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, length, size))


def _means(depths: Tensor, in_train: Tensor, counted: Tensor, counts: Tensor) -> Tensor:
    """Average both ways in each resample, shape (2, resamples, block)."""
    means = []
    known = depths.double().masked_fill(~counted, 0)
    for side in (counted & in_train, counted & ~in_train):
        total = counts @ (known * side)
        means.append(total / (counts @ side.double()))
    return torch.stack(means)

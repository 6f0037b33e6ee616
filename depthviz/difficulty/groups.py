"""Four kinds of difficulty, from the depth of an example trained on and not.

An example that is decided early both ways is easy; one that is decided early only when
it was not trained on looks like a different class than its label says. The paper shows
the extreme corners of this plane and no cut-offs, of networks that fit the labels they
trained on: where they do not, the depth when trained on is that of another class, and
the two depths hardly separate wrong labels, so studies give the depth of the label
there. The quantiles here are ours, and the
boundaries come with the groups so that they can be drawn and moved. Knows nothing of
how the depths were averaged.
"""

import math
from collections.abc import Iterable
from numbers import Real
from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ArgumentError, FeatureError

__all__ = ["GROUP_NAMES", "Boundaries", "Groups", "difficulty_groups", "sides"]

GROUP_NAMES = (
    "easy",
    "looks like a different class",
    "ambiguous unless the label is given",
    "ambiguous",
    "intermediate",
)
_INTERMEDIATE = GROUP_NAMES.index("intermediate")


class Boundaries(NamedTuple):
    """Where low ends and high begins, on both axes; both ends belong to their group."""

    train_low: float
    train_high: float
    validation_low: float
    validation_high: float


class Groups(NamedTuple):
    """A group for each example.

    Attributes:
        codes: Position in `names`, shape `(N,)`, int64; -1 where a depth is missing.
        names: Names of the groups.
        boundaries: The depths that divide them.
        confidence: Share of the resamples of members in which the example keeps its
            group, shape `(N,)`, in [0, 1], where it was measured: see
            `group_confidence`.
        ranked: Axes on which ties in depth were broken, "train" and "validation".
    """

    codes: Tensor
    names: tuple[str, ...]
    boundaries: Boundaries
    confidence: Tensor | None = None
    ranked: tuple[str, ...] = ()

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{int((self.codes == code).sum()):,} {name}"
            for code, name in enumerate(self.names)
        )
        ends = "{:.3g} to {:.3g}, validation depth {:.3g} to {:.3g}"
        broken = f"; ties on {' and '.join(self.ranked)} broken" if self.ranked else ""
        return (
            f"<Groups: {counts}; train depth {ends.format(*self.boundaries)}{broken}>"
        )


@takes_arrays
def difficulty_groups(
    train_depth: Tensor,
    validation_depth: Tensor,
    *,
    q: float = 0.3,
    boundaries: Boundaries | tuple[float, float, float, float] | None = None,
    train_agreement: Tensor | None = None,
    validation_agreement: Tensor | None = None,
) -> Groups:
    """Sort examples into the four kinds of difficulty and the rest between them.

    Low is at or below the q-quantile of that depth over all examples that have it, high
    is at or above the (1-q)-quantile; quantiles interpolate linearly. Depths tie, so a
    group can hold far more than a share q. Where the two
    meet, as they do where most examples are settled at the input, a depth that is both
    is low if none is below it, high if none is above it, and else neither (ours).
    Where both quantiles are equal on both axes and agreements are given, examples that
    lie at both of these depths come in the order of their agreement, more of it first:
    low are then the first q of that order, and high the last (ours). So do those that
    would be neither on one axis.
    Boundaries are compared with the depths in the precision that these have, so that a
    mean of 7/3 in float32 is not beyond a boundary of 7/3.

    Args:
        train_depth: Mean depth over the networks that trained on the example, shape
            `(N,)`; NaN where there is none.
        validation_depth: The same over those that did not, shape `(N,)`.
        q: Share of each end, above 0 and at most 0.5.
        boundaries: Absolute depths to use in place of the quantiles, in the order of
            `Boundaries`.
        train_agreement: Breaks ties of `train_depth`: mean share of the neighbors that
            agree, in [0, 1], shape `(N,)`.
        validation_agreement: Breaks ties of `validation_depth`, shape `(N,)`.

    Returns:
        Code, names and boundaries, and where ties were broken.

    Raises:
        ShapeError: If the depths do not cover the same examples.
        ArgumentError: If q or the boundaries are out of range or order, or the
            boundaries are not four numbers.
        FeatureError: If no example has a depth to take quantiles of.

    Example:
        >>> train = torch.tensor([0.0, 9.0, 0.0, 9.0, 5.0])
        >>> validation = torch.tensor([0.0, 0.0, 9.0, 9.0, 5.0])
        >>> groups = difficulty_groups(train, validation)
        >>> [groups.names[code] for code in groups.codes[:2]]
        ['easy', 'looks like a different class']
        >>> groups.codes
        tensor([0, 1, 2, 3, 4])

    References:
        Baldock, Maennel & Neyshabur (2021), section 4.
        https://arxiv.org/abs/2106.09647
    """
    check_shape("train_depth", train_depth, "N", None)
    check_shape("validation_depth", validation_depth, "N", len(train_depth))
    if not isinstance(q, Real) or not 0 < q <= 0.5:
        raise ArgumentError(f"q must be above 0 and at most 0.5, got q={q!r}.")
    if boundaries is None:
        ends = Boundaries(
            *_quantiles("train_depth", train_depth.double(), q),
            *_quantiles("validation_depth", validation_depth.double(), q),
        )
    else:
        ends = _ordered(_four(boundaries))
    train = _Axis(train_depth, *ends[:2])
    held_out = _Axis(validation_depth, *ends[2:])
    if boundaries is None:
        train, held_out = (
            axis.ranked(agreement, q)
            for axis, agreement in (
                (train, train_agreement),
                (held_out, validation_agreement),
            )
        )
    both = train.tied & held_out.tied
    codes = _codes(train.sides(both), held_out.sides(both))
    codes[train_depth.isnan() | validation_depth.isnan()] = -1
    axes = {"train": train, "validation": held_out}
    broken = tuple(name for name, axis in axes.items() if axis.breaks(both))
    return Groups(codes, GROUP_NAMES, ends, ranked=broken)


class _Axis:
    """The sides of one depth, and those by rank where both of its boundaries are one.

    Attributes:
        tied: Which examples lie at that depth, where there are ranks, shape `(N,)`.
    """

    def __init__(self, depth: Tensor, low: float, high: float) -> None:
        self._depth, self._low, self._high = depth.double(), low, high
        self._plain = sides(depth, low, high)
        self._by_rank = self._plain
        self.tied = torch.zeros_like(self._plain, dtype=torch.bool)

    def ranked(self, agreement: Tensor | None, q: float) -> "_Axis":
        """Rank equal depths by the neighbors that agree, where boundaries are one."""
        if agreement is None or self._low < self._high:
            return self
        check_shape("agreement", agreement, "N", len(self._depth))
        below, above = self._depth < self._low, self._depth > self._low
        order = -agreement.double().nan_to_num(nan=0.0)
        order = order.masked_fill(below, -2.0).masked_fill(above, 2.0)
        order = order.masked_fill(self._depth.isnan(), torch.nan)
        known = order[~order.isnan()].sort().values
        self._by_rank = sides(order, _quantile(known, q), _quantile(known, 1 - q))
        self.tied = self._depth == self._low
        return self

    def sides(self, both: Tensor) -> Tensor:
        """Give the sides; `both` marks the examples that are tied on both axes."""
        return torch.where(self._needs_rank(both), self._by_rank, self._plain)

    def breaks(self, both: Tensor) -> bool:
        """Whether ranks decide the side of any example."""
        return bool(self._needs_rank(both).any())

    def _needs_rank(self, both: Tensor) -> Tensor:
        return both | (self.tied & (self._plain == 0))


def sides(depth: Tensor, low: float, high: float) -> Tensor:
    """Tell which depths are low and which high.

    Where the two meet, a depth that is both is low if none lies below it, and high if
    none lies above it.

    Args:
        depth: Depths of all examples, shape `(N,)`; NaN where there is none.
        low: Where low ends.
        high: Where high begins, low or more.

    Returns:
        -1 for low, 1 for high, 0 for neither or no depth, int64, shape `(N,)`.

    Example:
        >>> sides(torch.tensor([0.0, 0.0, 3.0]), 0.0, 0.0)
        tensor([-1, -1,  1])
    """
    exact = depth if depth.dtype == torch.float32 else depth.double()
    start, end = torch.tensor([low, high], dtype=exact.dtype, device=exact.device)
    side: Tensor = (exact >= end).long() - (exact <= start).long()
    if start < end or exact.isnan().all():
        return side
    known = exact[~exact.isnan()]
    none_below, none_above = start <= known.min(), end >= known.max()
    both = none_above.long() - none_below.long()
    return torch.where(exact == start, both, side)


def _quantiles(name: str, depth: Tensor, q: float) -> tuple[float, float]:
    known = depth[~depth.isnan()].sort().values
    if not len(known):
        raise FeatureError(
            f"{name} holds no number for any example, so it has no quantiles; give "
            "boundaries, or measure networks on splits of the data first."
        )
    return _quantile(known, q), _quantile(known, 1 - q)


def _quantile(known: Tensor, q: float) -> float:
    position = q * (len(known) - 1)
    # 0.35 of 180 is 62.99999999999999 in floats, and yet a whole position.
    if math.isclose(position, round(position), rel_tol=1e-14, abs_tol=1e-9):
        return float(known[round(position)])
    below = float(known[math.floor(position)])
    above = float(known[math.ceil(position)])
    return below + (above - below) * (position - math.floor(position))


def _four(boundaries: Iterable[float]) -> Boundaries:
    try:
        return Boundaries(*(float(1.0 * end) for end in boundaries))
    except (TypeError, ValueError, RuntimeError):
        raise ArgumentError(
            f"boundaries must be four numbers, {', '.join(Boundaries._fields)}, got "
            f"{boundaries!r}."
        ) from None


def _ordered(ends: Boundaries) -> Boundaries:
    train = ends.train_low <= ends.train_high
    validation = ends.validation_low <= ends.validation_high
    if not (train and validation):
        raise ArgumentError(
            f"Boundaries must be numbers with low at most high, got {tuple(ends)}."
        )
    return ends


def _codes(train: Tensor, validation: Tensor) -> Tensor:
    corner = (train + 1) // 2 + (validation + 1)
    between = torch.full_like(corner, _INTERMEDIATE)
    return torch.where((train == 0) | (validation == 0), between, corner)

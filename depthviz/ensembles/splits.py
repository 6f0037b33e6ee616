"""Which examples each member of an ensemble is not trained on.

Drawn class by class, so that every split is stratified, and dealt like cards: a
shuffled class is handed out from member to member until it is used up, then shuffled
anew. So each example is held out as often as any other of its class, give or take one,
which independent draws are far from. What a member gets depends on the seed and its
number alone, not on how many members there are: more can be added later.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError

__all__ = ["check_holdout", "held_out_examples"]

FEW = 10  # held out of a class by a member
PHASE = 2**32 - 1  # keeps this draw apart from those of the packs


def held_out_examples(
    labels: NDArray[np.integer], *, member: int, holdout: float, seed: int
) -> NDArray[np.bool_]:
    """Draw the examples that a member is not trained on.

    Args:
        labels: Given labels, shape `(N,)`.
        member: Number of the member, from 0.
        holdout: Share that is held out, in (0, 1).
        seed: Decides the splits of all members.

    Returns:
        True for those held out, shape `(N,)`.

    Example:
        >>> labels = np.repeat([0, 1], 10)
        >>> splits = [
        ...     held_out_examples(labels, member=member, holdout=0.2, seed=0)
        ...     for member in range(5)
        ... ]
        >>> [int(split.sum()) for split in splits]
        [4, 4, 4, 4, 4]
        >>> bool((np.sum(splits, axis=0) == 1).all())
        True
    """
    held_out = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        (rows,) = np.nonzero(labels == label)
        deal = _Deal(len(rows), holdout, (seed, int(label)))
        held_out[rows[deal.hand(member)]] = True
    return held_out


def check_holdout(members: int, holdout: float) -> int:
    """Find how often each example is held out at least, and refuse never.

    Args:
        members: Number of members, M.
        holdout: Share that each holds out.

    Returns:
        Number of times, at least 1, of an example of a class that is not tiny.

    Raises:
        ArgumentError: If holdout is no share, or some examples are never held out.

    Example:
        >>> check_holdout(20, 0.1)
        2
    """
    number = isinstance(holdout, (int, float, np.number))
    if not number or isinstance(holdout, bool) or not 0 < holdout < 1:
        raise ArgumentError(f"holdout must be a share in (0, 1), got {holdout!r}.")
    times = math.floor(round(members * holdout, 9))
    if times < 1:
        raise ArgumentError(
            f"{members} members that hold out {holdout:g} of the examples leave some "
            "that none holds out, so these have no validation depth. Take at least "
            f"{math.ceil(round(2 / holdout, 9))} members (each example held out "
            "twice), or hold out more."
        )
    return times


@dataclass(frozen=True)
class _Deal:
    """Packs of `count` cards laid end to end, dealt to one member after another."""

    count: int
    holdout: float
    key: tuple[int, int]

    def hand(self, member: int) -> NDArray[np.integer]:
        """Give a member's cards."""
        first, last = self._start(member), self._start(member + 1)
        pack = first // self.count
        cards = self._pack(pack)[first - pack * self.count :][: last - first]
        rest = last - first - len(cards)
        return np.concatenate([cards, self._pack(pack + 1)[:rest]]) if rest else cards

    def _start(self, member: int) -> int:
        return math.floor(round(member * self.holdout * self.count + self._phase, 9))

    @property
    def _phase(self) -> float:
        """Where a small class begins: not all are to round up for the same member."""
        if self.holdout * self.count >= FEW:
            return 0.0
        return float(np.random.default_rng([*self.key, PHASE]).random())

    def _pack(self, number: int) -> NDArray[np.integer]:
        """Order a pack so that nobody who takes from two gets a card twice."""
        cards = self._shuffled(0)
        for following in range(1, number + 1):
            end = following * self.count - self._phase
            member = math.ceil(round(end / (self.holdout * self.count), 9)) - 1
            before = self._start(member) - (following - 1) * self.count
            drawn = self._shuffled(following)
            again = np.isin(drawn, cards[before:])
            taken = drawn[~again][: self._start(member + 1) - following * self.count]
            cards = np.concatenate([taken, drawn[~np.isin(drawn, taken)]])
        return cards

    def _shuffled(self, number: int) -> NDArray[np.integer]:
        generator = np.random.default_rng([*self.key, number])
        cards: NDArray[np.integer] = generator.permutation(self.count)
        return cards

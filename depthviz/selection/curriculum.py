"""A sampler that follows the order of a selection, as curricula do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from torch.utils.data import Sampler

from depthviz.checks import whole_number
from depthviz.errors import ArgumentError

__all__ = ["Curriculum"]

START = 0.1
PACES: dict[str, Callable[[float], float]] = {
    "linear": lambda done: START + (1 - START) * done,
    "root": lambda done: float(np.sqrt(START**2 + (1 - START**2) * done)),
}


class Curriculum(Sampler[int]):
    """Positions in an ordered selection, epoch by epoch.

    Each pass over it is the next epoch; after the last, the epochs begin again.

    Args:
        count: Number of examples.
        pace: None for all in order; else the share that is drawn from, by the part of
            the training that is done: "linear", "root" or a function.
        epochs: Number of epochs.
        seed: Decides the order within an epoch.

    Raises:
        ArgumentError: If something is out of range.

    Example:
        >>> list(Curriculum(3, pace=None, epochs=1, seed=0))
        [0, 1, 2]
        >>> one = Curriculum(20, pace="linear", epochs=3, seed=0)
        >>> [len(list(one)) for epoch in range(3)]
        [2, 11, 20]
    """

    def __init__(
        self,
        count: int,
        *,
        pace: str | Callable[[float], float] | None,
        epochs: int,
        seed: int,
    ) -> None:
        if pace is not None and not callable(pace) and pace not in PACES:
            listed = ", ".join(map(repr, PACES))
            raise ArgumentError(
                f"pace must be {listed}, None or a function, got {pace!r}."
            )
        self._count = count
        self._pace = PACES[pace] if isinstance(pace, str) else pace
        self._epochs = whole_number("epochs", epochs, least=1)
        self._seed = whole_number("seed", seed, least=0)
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Go to an epoch, as a training that is resumed does.

        Args:
            epoch: From 0 on.
        """
        self.epoch = whole_number("epoch", epoch, least=0)

    def __len__(self) -> int:
        return self._size(self.epoch % self._epochs)

    def __iter__(self) -> Iterator[int]:
        epoch = self.epoch
        self.epoch += 1
        size = self._size(epoch % self._epochs)
        if self._pace is None:
            yield from range(size)
            return
        draw = np.random.default_rng([self._seed, epoch])
        yield from draw.permutation(size).tolist()

    def _size(self, epoch: int) -> int:
        if self._pace is None:
            return self._count
        done = 1.0 if self._epochs == 1 else epoch / (self._epochs - 1)
        share = self._pace(done)
        if not 0 < share <= 1:
            raise ArgumentError(
                f"pace must give a share above 0 and at most 1, got {share!r} at "
                f"{done:.0%} of the training."
            )
        return max(1, round(share * self._count))

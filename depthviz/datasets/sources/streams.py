"""A data set that gives its items in their order alone, read by position.

Such a data set is begun again whenever an earlier item is asked for, so what reads in
order, as a measurement does, reads it once a pass; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch.utils.data import DataLoader, Dataset, IterableDataset

from depthviz.errors import DataError

__all__ = ["Stream", "is_stream"]


class Stream(Dataset[Any]):
    """An iterable data set with a length, as one whose items have positions.

    Args:
        data: What is iterated.
        name: What errors call it.

    Attributes:
        classes: Those of the data set, where it names them.

    Raises:
        DataError: If it has no length.

    Example:
        >>> class Letters(IterableDataset):
        ...     def __iter__(self):
        ...         return iter("abc")
        ...     def __len__(self):
        ...         return 3
        >>> stream = Stream(Letters(), "train")
        >>> [stream[i] for i in (0, 2, 1)]
        ['a', 'c', 'b']
    """

    def __init__(self, data: Any, name: str) -> None:
        try:
            self._count = len(data)
        except (TypeError, NotImplementedError):
            raise DataError(
                f"{name} must be a map-style data set, whose items are read by "
                f"position, got {type(data).__name__}, which is iterable only; give "
                f"list({name}) where that fits into memory, or one with a length, "
                "__len__, which is read in its order."
            ) from None
        self.classes = getattr(data, "classes", None)
        self._data, self._name = data, name
        self._items: Iterator[Any] | None = None
        self._next = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Any:
        if self._items is None or index < self._next:
            self._items, self._next = iter(self._data), 0
        while self._next < index:
            self._advance()
        return self._advance()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the place where it is read behind: iterators cannot be sent."""
        return {**self.__dict__, "_items": None, "_next": 0}

    def _advance(self) -> Any:
        place, self._next = self._next, self._next + 1
        try:
            return next(self._items or iter(()))
        except StopIteration:
            self._items = None
            raise DataError(
                f"{self._name} has a length of {self._count:,}, but ends after "
                f"{place:,} items; give it the length that it has."
            ) from None


def is_stream(data: Any) -> bool:
    """Whether a data set gives its items in their order alone."""
    if isinstance(data, (IterableDataset, DataLoader)):
        return isinstance(data, IterableDataset)
    by_position = getattr(type(data), "__getitem__", Dataset.__getitem__)
    return hasattr(data, "__iter__") and by_position is Dataset.__getitem__

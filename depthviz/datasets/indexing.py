"""Examples that know their position, so that a shuffled batch can be recognized.

Training loops of other libraries hand out batches without saying which examples are in
them. Knows nothing of recorders.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch.utils.data import IterableDataset

from depthviz.errors import DataError

__all__ = ["Indexed"]


class Indexed:
    """A map-style dataset whose items carry their position.

    Args:
        dataset: What has items and a length. To an item that is a mapping the entry
            `index` is added, to a tuple or list a last entry; any other item becomes
            the first of two.

    Raises:
        DataError: If the data set is iterable only.

    Example:
        >>> Indexed([("a", 1), ("b", 0)])[1]
        ('b', 0, 1)
        >>> Indexed([{"text": "a"}])[0]
        {'text': 'a', 'index': 0}
    """

    def __init__(self, dataset: Any) -> None:
        if isinstance(dataset, IterableDataset) or not hasattr(dataset, "__getitem__"):
            raise DataError(
                "Indexed needs a map-style data set, whose items have positions, got "
                f"{type(dataset).__name__}, which is iterable only; give list(dataset) "
                "where that fits into memory."
            )
        self.dataset = dataset

    def __len__(self) -> int:
        """Count the examples."""
        return len(self.dataset)

    def __getitem__(self, index: int) -> Any:
        """Get an example with its position."""
        if index < 0:
            index += len(self)
        item = self.dataset[index]
        if isinstance(item, Mapping):
            return {**item, "index": index}
        return (*item, index) if isinstance(item, (tuple, list)) else (item, index)

"""A data set of torch that serves corrected labels, without the excluded examples.

Apart from what corrects them, so that nothing else of annotations loads torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from torch.utils.data import Dataset

from depthviz.errors import DataError

if TYPE_CHECKING:
    from depthviz.annotations.corrections import CorrectedLabels

__all__ = ["CorrectedDataset"]


class CorrectedDataset(Dataset[tuple[Any, Any]]):
    """A map-style data set with corrected labels; excluded examples are left out.

    Args:
        dataset: Items (input, label), in the order of the labels.
        corrected: The labels.

    Raises:
        DataError: If its length is another; when an item is read whose own label is not
            the one that was corrected, which is another data set or another order.
    """

    def __init__(self, dataset: Any, corrected: CorrectedLabels) -> None:
        if len(dataset) != len(corrected.labels):
            raise DataError(
                f"The data set has {len(dataset):,} examples, but "
                f"{len(corrected.labels):,} labels were corrected; give the whole data "
                "set in the order of these labels."
            )
        self._dataset = dataset
        self._rows = np.flatnonzero(~corrected.excluded.to_numpy())
        self._labels = corrected.labels.tolist()
        given = corrected.labels.astype(object)
        given.loc[corrected.changes.index] = corrected.changes["given"].astype(object)
        self._given = given.tolist()
        self.ids = corrected.labels.index[self._rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        row = int(self._rows[index])
        found, own = self._dataset[row]
        if np.ndim(own) == 0 and not _are_equal(own, self._given[row]):
            raise DataError(
                f"Item {row} of the data set has the label {_plain(own)!r}, but the "
                f"label that was corrected is {self._given[row]!r}; give the data set "
                "in the order of these labels, with labels of the same kind."
            )
        return found, self._labels[row]


def _are_equal(one: Any, other: Any) -> bool:
    """Whether two labels are the same, or both are missing."""
    missing = [each is None or bool(pd.isna(each)) for each in (one, other)]
    return all(missing) if any(missing) else bool(one == other)


def _plain(label: Any) -> Any:
    return label.item() if hasattr(label, "item") else label

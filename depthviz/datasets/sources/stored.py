"""Arrays on a disk, such as those of Zarr and HDF5, read a batch at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["StoredRows", "is_stored"]


class StoredRows:
    """Rows of whatever has a shape, a type and slices, as arrays of numpy.

    Args:
        values: Shape `(N, ...)`.

    Attributes:
        shape: Its shape.
        dtype: Its type.
        ndim: Number of its dimensions.

    Example:
        >>> import zarr
        >>> rows = StoredRows(zarr.array(np.arange(6).reshape(3, 2)))
        >>> rows[np.array([2, 0])].tolist(), rows[1:2].tolist()
        ([[4, 5], [0, 1]], [[2, 3]])
    """

    def __init__(self, values: Any) -> None:
        self._values = values
        self.shape: tuple[int, ...] = tuple(values.shape)
        self.dtype: np.dtype[Any] = np.dtype(values.dtype)
        self.ndim = len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | NDArray[np.intp]) -> NDArray[Any]:
        if isinstance(rows, slice):
            return np.asarray(self._values[rows])
        # HDF5 wants rows ascending, each once.
        wanted, place = np.unique(rows, return_inverse=True)
        several = getattr(self._values, "oindex", self._values)
        return np.asarray(several[wanted])[place]


def is_stored(values: Any) -> bool:
    """Whether values lie where one batch of them can be read alone, not in memory."""
    if isinstance(values, (np.ndarray, Tensor)) or hasattr(values, "nnz"):
        return False
    arrayed = all(hasattr(values, each) for each in ("shape", "dtype", "__getitem__"))
    in_memory = hasattr(values, "__array__") and not hasattr(values, "chunks")
    return arrayed and not in_memory and not hasattr(values, "iloc")

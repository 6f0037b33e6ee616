"""Rows of embeddings in a scratch file, read as if they were a tensor.

The embeddings of one probe may be larger than memory (50,000 examples of 65,536
features are 13 GB), but whoever compares them needs some rows at a time. So they are
written as they come out of the network and handed out as new tensors: a slice, or any
rows by index. What is resident is what was handed out, and a few MiB while reading.

Stored as float32, exactly as they came, or as float16 where half the bytes are worth a
relative error of 2**-11, and below 6e-5, where float16 has fewer digits, an error of up
to 3e-8, so that less than that is zero. Handed out as float32 either way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.errors import FeatureError
from depthviz.machine.interrupts import Guard
from depthviz.machine.scratch import ScratchFile, scratch_folder

__all__ = ["Rows", "StoredRows"]

_CPU = torch.device("cpu")
_PIECE = 4 << 20  # bytes read or converted at a time
_GAP = 32 << 10  # reading this many bytes too many is faster than reading anew


@dataclass(frozen=True, eq=False)
class StoredRows(Guard):
    """Embeddings of one probe, on the disk until they are closed.

    Made by `StoredRows.create`; a context manager that closes them.

    Attributes:
        shape: `(N, F)`.
        kind: How a number is stored.
        device: Where the rows are handed out.

    Example:
        >>> with StoredRows.create((5, 3)) as rows:
        ...     rows.write(0, torch.arange(15.0).reshape(5, 3))
        ...     rows[1:2], rows[torch.tensor([[4], [0]])].shape
        (tensor([[3., 4., 5.]]), torch.Size([2, 1, 3]))
    """

    _file: ScratchFile
    shape: torch.Size
    kind: Literal["float32", "float16"]
    device: torch.device

    @classmethod
    def create(
        cls,
        shape: tuple[int, int],
        *,
        folder: Path | None = None,
        kind: Literal["float32", "float16"] = "float32",
        device: torch.device = _CPU,
    ) -> Self:
        """Reserve room for rows; they are zero until they are written.

        Args:
            shape: `(N, F)`.
            folder: Where the file is made; by default `scratch_folder()`.
            kind: How a number is stored.
            device: Where the rows are handed out.

        Returns:
            The rows.

        Raises:
            ScratchError: If the folder takes no file, or has too little room.
        """
        nbytes = shape[0] * shape[1] * np.dtype(kind).itemsize
        file = ScratchFile(nbytes, folder or scratch_folder())
        return cls(file, torch.Size(shape), kind, device)

    @property
    def ndim(self) -> int:
        """Number of dimensions: 2."""
        return len(self.shape)

    @property
    def dtype(self) -> torch.dtype:
        """Type of the rows that are handed out, float32."""
        return torch.float32

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | Tensor) -> Tensor:
        """Read rows into new memory.

        Args:
            rows: A slice without a step, or indices of any shape, int64, in 0..N - 1.

        Returns:
            Shape `(n, F)` or `(*indices.shape, F)`, float32, on `device`.

        Raises:
            IndexError: If an index lies outside the rows.
        """
        found = self._slice(rows) if isinstance(rows, slice) else self._gather(rows)
        return found.to(self.device)

    def write(self, start: int, rows: Tensor) -> None:
        """Store consecutive rows.

        Args:
            start: Position of the first.
            rows: Shape `(n, F)`, on any device.

        Raises:
            FeatureError: If a finite value does not fit float16.
            ScratchError: If the disk is full.
        """
        if rows.shape[1:] != self.shape[1:] or not 0 <= start <= len(self) - len(rows):
            raise IndexError(
                f"Rows of shape {tuple(rows.shape)} do not fit at {start} into rows of "
                f"shape {tuple(self.shape)}."
            )
        values = rows.detach().cpu().float().contiguous()
        for first, last in self._pieces(0, len(rows)):
            stored = self._as_stored(values[first:last])
            self._file.write(stored, (start + first) * self._row_bytes)

    def head(self, count: int) -> StoredRows:
        """Look at the first rows alone, in the same file.

        Args:
            count: Number of rows, at most N.

        Returns:
            The rows; closing either closes both.
        """
        if not 0 <= count <= len(self):
            raise IndexError(f"There are {len(self)} rows, not {count}.")
        return replace(self, shape=torch.Size((count, self.shape[1])))

    def same_start(self, other: object) -> bool:
        """Tell whether both are the same rows, as far as both go.

        Args:
            other: Anything.

        Returns:
            True for rows of the same file: both begin with its first.
        """
        return isinstance(other, StoredRows) and other._file is self._file

    def is_floating_point(self) -> bool:
        """Tell whether the rows are handed out as floats.

        Returns:
            True.
        """
        return True

    def is_complex(self) -> bool:
        """Tell whether the rows are handed out as complex numbers.

        Returns:
            False.
        """
        return False

    def detach(self) -> StoredRows:
        """Detach from what made the rows, as a tensor does.

        Returns:
            These very rows: they have no gradients.
        """
        return self

    def close(self) -> None:
        """Give the space back to the disk; rows handed out stay."""
        self._file.close()

    @property
    def _row_bytes(self) -> int:
        return max(1, self.shape[1] * np.dtype(self.kind).itemsize)

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        step = max(1, _PIECE // self._row_bytes)
        for first in range(start, stop, step):
            yield first, min(first + step, stop)

    def _as_stored(self, rows: Tensor) -> NDArray[Any]:
        if self.kind == "float32":
            return rows.numpy()
        halves = rows.half()
        lost = halves.isinf() & rows.isfinite()
        if lost.any():
            raise FeatureError(
                f"float16 holds numbers up to 65,504, but {int(lost.sum())} embedding "
                f"values of a batch are beyond, up to {float(rows.abs().max()):,.0f}. "
                "Use scratch_type='float32'."
            )
        return halves.numpy()

    def _slice(self, rows: slice) -> Tensor:
        start, stop, step = rows.indices(len(self))
        if step != 1:
            raise IndexError(f"Rows are read without a step, got {rows}.")
        found = torch.empty(max(0, stop - start), self.shape[1], dtype=torch.float32)
        for first, last in self._pieces(start, stop):
            self._read(first, found[first - start : last - start])
        return found

    def _read(self, start: int, target: Tensor) -> None:
        if self.kind == "float32":
            self._file.read(target.numpy(), start * self._row_bytes)
            return
        halves = np.empty(target.shape, np.float16)
        self._file.read(halves, start * self._row_bytes)
        target.copy_(torch.from_numpy(halves))

    def _gather(self, rows: Tensor) -> Tensor:
        """Read in the order of the file, near rows together, each row once."""
        wanted, order = rows.detach().cpu().flatten().sort()
        if len(wanted) and not 0 <= int(wanted[0]) <= int(wanted[-1]) < len(self):
            raise IndexError(
                f"Rows are 0 to {len(self) - 1}, got {int(wanted[0])} to "
                f"{int(wanted[-1])}."
            )
        found = torch.empty(len(wanted), self.shape[1], dtype=torch.float32)
        for cut in self._runs(wanted):
            part = wanted[cut]
            near = self._slice(slice(int(part[0]), int(part[-1]) + 1))
            found[order[cut]] = near[part - part[0]]
        return found.reshape(*rows.shape, self.shape[1])

    def _runs(self, wanted: Tensor) -> Iterator[slice]:
        """Cut ascending rows where the next one is far, or a piece is full."""
        if not len(wanted):
            return
        far = wanted.diff() > 1 + _GAP // self._row_bytes
        full = (wanted // max(1, _PIECE // self._row_bytes)).diff() > 0
        cuts = [0, *((far | full).nonzero().flatten() + 1).tolist(), len(wanted)]
        for start, stop in pairwise(cuts):
            yield slice(start, stop)


Rows = Tensor | StoredRows
"""Embeddings of one probe, in memory or on the disk."""

"""Dense arrays of a part of a record, filled with one piece of a log after another.

Knows nothing of files.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.training.record.log import Layout
from depthviz.training.record.record import TrainingRecord

__all__ = ["MISSING", "DenseArrays", "Piece"]

MISSING = {
    "recorded": False,
    "prediction": -1,
    "correct": False,
    "margin": np.nan,
    "probability": np.nan,
    "error": np.nan,
}


class Piece(NamedTuple):
    """Blocks of one size: records, shape `(S, B)`, and logits, `(S, B, C)`, if kept."""

    layout: Layout
    records: NDArray[Any]
    logits: NDArray[np.float32] | None


class DenseArrays:
    """Dense arrays of a part, of shape `(T, N)`, being filled from front to back."""

    def __init__(
        self, shape: tuple[int, int], wanted: tuple[str, ...], layout: Layout | None
    ) -> None:
        types = {"recorded": bool, "prediction": np.int32, "correct": bool}
        self._shape = shape
        empty = {
            name: np.array(missing, types.get(name, np.float32))
            for name, missing in MISSING.items()
        }
        self._arrays: dict[str, NDArray[Any]] = {
            name: np.full(shape, one, one.dtype)
            for name, one in empty.items()
            if name in ("recorded", *wanted)
        }
        # What nobody looks at is one number, seen everywhere.
        self._absent = {
            name: torch.from_numpy(one).expand(shape)
            for name, one in empty.items()
            if name not in self._arrays
        }
        self._label = np.full(shape[1], -1, np.int32)
        self._logits = None
        if layout is not None:
            self._logits = np.full((*shape, layout.classes), np.nan, np.float32)

    def lay(
        self,
        piece: Piece,
        here: tuple[NDArray[np.intp], ...],
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
    ) -> None:
        """Put records in their places; of two in one the later stays."""
        place = rows * self._shape[1] + columns
        label = piece.records["label"][here]
        self._label[columns] = label
        for name, dense in self._arrays.items():
            dense.reshape(-1)[place] = _values(name, piece, here, label)
        if self._logits is not None and piece.logits is not None:
            self._logits[rows, columns] = piece.logits[here]

    def record(self, steps: Tensor) -> TrainingRecord:
        """Hand the arrays over."""
        laid = {name: torch.from_numpy(one) for name, one in self._arrays.items()}
        return TrainingRecord(
            steps=steps,
            label=torch.from_numpy(self._label),
            logits=None if self._logits is None else torch.from_numpy(self._logits),
            **laid,
            **self._absent,
        )


def _values(
    name: str, piece: Piece, here: tuple[NDArray[np.intp], ...], label: NDArray[Any]
) -> Any:
    """Read what some records say of one thing, shape `(B,)`."""
    if name == "recorded":
        return True
    if name == "error" and not piece.layout.has_errors:
        return np.nan
    if name not in ("prediction", "correct"):
        return piece.records[name][here]
    prediction = piece.records["prediction"][here]
    nothing = prediction == piece.layout.none
    if name == "correct":
        return (prediction == label) & ~nothing
    return np.where(nothing, -1, prediction.astype(np.int64))

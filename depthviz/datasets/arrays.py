"""A pair of arrays as examples: pictures with their channels first, bytes in [0, 1].

Arrays are prepared a batch at a time, so a memory-mapped array stays on disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from depthviz.datasets.channels import channels_come_last
from depthviz.datasets.examples import Examples, Rows
from depthviz.errors import DataError, LabelError, ShapeError

__all__ = ["from_arrays"]


def from_arrays(data: Sequence[Any], name: str) -> Examples:
    """View inputs `(N, ...)` and labels `(N,)` as examples."""
    inputs = (
        data[0] if isinstance(data[0], (np.ndarray, Tensor)) else np.asarray(data[0])
    )
    labels = _label_array(data[1], name)
    if inputs.ndim < 2:
        raise ShapeError(
            f"Inputs of {name} must have one row per example, got shape "
            f"{tuple(inputs.shape)}."
        )
    if len(inputs) != len(labels):
        raise ShapeError(
            f"{name} has {len(inputs)} inputs but {len(labels)} labels; "
            "index both by the same examples."
        )
    _check_number_type(inputs, name)
    read = partial(_read_arrays, inputs, labels)
    shape = (len(inputs), *read(slice(0, 1))[0].shape[1:])
    return Examples(name, len(labels), read, note=_note(inputs, shape, name))


def _label_array(given: Any, name: str) -> Tensor:
    labels = (
        given.detach().cpu().numpy() if isinstance(given, Tensor) else np.asarray(given)
    )
    if not labels.size:
        return torch.empty(0, dtype=torch.int64)
    if labels.ndim != 1:
        raise LabelError(
            f"Labels of {name} must have shape (N,), one integer per example, "
            f"got shape {labels.shape}."
        )
    if labels.dtype.kind not in "iu":
        raise LabelError(
            f"Labels of {name} must be integers, got {labels.dtype}; "
            f"{name}[0] has {labels[0]!r}."
        )
    return torch.from_numpy(labels.astype(np.int64))


def _check_number_type(inputs: np.ndarray | Tensor, name: str) -> None:
    kind = str(inputs.dtype).removeprefix("torch.")
    if kind != "uint8" and "float" not in kind:
        raise DataError(
            f"Inputs of {name} must be uint8 pictures or floats, got {kind}; "
            "convert them to the scale that the network was trained on."
        )


def _note(inputs: np.ndarray | Tensor, shape: tuple[int, ...], name: str) -> str | None:
    """Say what was done to the arrays, and how to have it otherwise."""
    done = []
    if shape != tuple(inputs.shape):
        done.append(f"read as pictures {tuple(inputs.shape)} → {shape}")
    if "uint8" in str(inputs.dtype):
        done.append("divided by 255")
    if not done:
        return None
    return (
        f"{name}: {len(inputs):,} arrays {' and '.join(done)}; a TensorDataset of "
        "floats is handed over as it is."
    )


def _read_arrays(
    inputs: np.ndarray | Tensor, labels: Tensor, rows: Rows
) -> tuple[Tensor, Tensor]:
    found = inputs[rows]
    # A copy: the array may be read-only or on disk, and torch warns about both.
    batch = (
        found.detach().cpu()
        if isinstance(found, Tensor)
        else torch.from_numpy(np.array(found))
    )
    in_bytes = batch.dtype == torch.uint8
    scaled = batch.float() / 255 if in_bytes else batch.float()
    return _channels_first(scaled, in_bytes=in_bytes), labels[rows]


def _channels_first(batch: Tensor, *, in_bytes: bool) -> Tensor:
    if batch.ndim == 3:
        return batch.unsqueeze(1)
    if channels_come_last(batch.shape, in_bytes=in_bytes):
        # Not contiguous(): it leaves the strides of one channel, and convolutions round
        # otherwise where those say "channels last".
        return batch.permute(0, 3, 1, 2).clone(memory_format=torch.contiguous_format)
    return batch

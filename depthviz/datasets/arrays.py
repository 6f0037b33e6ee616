"""A pair of arrays as examples: pictures with their channels first, bytes in [0, 1].

Whole numbers `(N, T)` are token ids and stay what they are.

Arrays are prepared a batch at a time, so a memory-mapped array stays on disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from numbers import Real
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.channels import channels_come_last
from depthviz.datasets.examples import Examples, Rows
from depthviz.datasets.labels import KnownNames, read_classes
from depthviz.datasets.plain_arrays import has_numbers, plain_array, to_tensor
from depthviz.datasets.sources.stored import StoredRows, is_stored
from depthviz.datasets.sources.tables import frame_numbers, is_frame
from depthviz.errors import DataError, ShapeError

__all__ = ["from_arrays"]

Rowed = NDArray[Any] | Tensor | StoredRows


def from_arrays(
    data: Sequence[Any], name: str, known: KnownNames | None = None
) -> Examples:
    """View inputs `(N, ...)` and labels `(N,)` as examples."""
    _check_one_order(data[0], data[1], name)
    inputs = _read_inputs(data[0], name)
    classes = read_classes(data[1], name, known=known)
    labels = classes.labels
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
    return Examples(
        name,
        len(labels),
        read,
        classes.names,
        note=_note(inputs, shape, name),
        labels=labels,
        labels_note=classes.note,
    )


def _read_inputs(given: Any, name: str) -> Rowed:
    """Read inputs of any library; what lies on a disk stays there."""
    if is_stored(given):
        return StoredRows(given)
    plain = plain_array(given, f"Inputs of {name}")
    numbers = isinstance(plain, Tensor) or has_numbers(plain)
    return plain if numbers or not is_frame(given) else frame_numbers(given, name)


def _check_one_order(inputs: Any, labels: Any, name: str) -> None:
    """Refuse a table and a Series whose rows do not stand in one order."""
    one, other = (getattr(each, "index", None) for each in (inputs, labels))
    known = hasattr(one, "equals") and hasattr(other, "equals")
    if known and not one.equals(other):  # type: ignore[union-attr]  # it has equals
        raise DataError(
            f"The rows of the inputs and labels of {name} have different indices, so "
            "they may be of different examples. Bring them into one order, "
            "labels.reindex(inputs.index), or give arrays, which go by position."
        )


def _check_number_type(inputs: Rowed, name: str) -> None:
    if isinstance(inputs, np.ndarray) and not has_numbers(inputs):
        row, value = _first_odd(inputs)
        raise DataError(
            f"Inputs of {name} must be uint8 pictures or floats, got {inputs.dtype}; "
            f"{name}[{row}] holds {value!r:.60}. Keep columns of numbers alone, and "
            "convert them with .astype('float32')."
        )
    kind = str(inputs.dtype if isinstance(inputs, Tensor) else inputs.dtype.name)
    kind = kind.removeprefix("torch.")
    if kind == "uint8" or "float" in kind or _are_tokens(inputs):
        return
    remedy = (
        "give real and imaginary parts as channels, np.stack([x.real, x.imag], 1)"
        if "complex" in kind
        else "convert them to the scale that the network was trained on; token ids are "
        "int64 or int32, of shape (N, T)"
    )
    raise DataError(
        f"Inputs of {name} must be uint8 pictures or floats, got {kind}; {remedy}."
    )


def _are_tokens(inputs: Rowed) -> bool:
    """Whether arrays are whole numbers of the width that an embedding layer takes."""
    kind = str(inputs.dtype).removeprefix("torch.")
    return inputs.ndim == 2 and kind in ("int32", "int64")


def _first_odd(inputs: NDArray[Any]) -> tuple[int, Any]:
    """Find the first row with something that is no number, and that; else row 0."""
    flat = inputs.reshape(len(inputs), -1)
    odd = (
        (i, one)
        for i, row in enumerate(flat)
        for one in row
        if not isinstance(one, Real)
    )
    return next(odd, (0, flat[0, 0]))


def _note(inputs: Rowed, shape: tuple[int, ...], name: str) -> str | None:
    """Say what was done to the arrays, and how to have it otherwise."""
    if _are_tokens(inputs):
        return (
            f"{name}: {len(inputs):,} rows of whole numbers go in as they are, as "
            "token ids; measurements are converted with .astype('float32')."
        )
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


def _read_arrays(inputs: Rowed, labels: Tensor, rows: Rows) -> tuple[Tensor, Tensor]:
    found = inputs[rows]
    batch = found.detach().cpu() if isinstance(found, Tensor) else to_tensor(found)
    if _are_tokens(inputs):
        return batch, labels[rows]
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

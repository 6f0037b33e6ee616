"""Arrays of any library as plain ones of numpy or torch, without changing a number.

Pandas, xarray and lists are read by numpy. What holds fewer numbers than it seems to is
refused: a masked value is none, and a sparse matrix has no rows to read in batches.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.errors import DataError, ShapeError

__all__ = ["check_dense", "check_one_shape", "has_numbers", "plain_array", "to_tensor"]


def plain_array(value: Any, name: str) -> NDArray[Any] | Tensor:
    """Read an array of any library; one of torch stays what it is.

    Args:
        value: What was given.
        name: What errors call it.

    Returns:
        An array of numpy, or a tensor.

    Raises:
        DataError: If it is sparse, or some of its values are masked.
        ShapeError: If it is a list of arrays of several shapes.

    Example:
        >>> plain_array([[1.0], [2.0]], "Inputs").shape
        (2, 1)
    """
    check_dense(value, name)
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (list, tuple)):
        check_one_shape(value, name)
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ShapeError(
            f"{name} must be one array, and numpy makes none of this "
            f"{type(value).__name__}: {error} Make all rows of one shape."
        ) from error
    if array.dtype == object and array.ndim == 1:
        check_one_shape(array, name)
    return array


def check_dense(value: Any, name: str) -> None:
    """Refuse sparse arrays, masked values and tensors without values (`DataError`)."""
    if isinstance(value, np.ma.MaskedArray):
        _check_mask(value, name)
    if isinstance(value, Tensor):
        if value.layout != torch.strided or value.is_nested:
            raise DataError(
                f"{name} must be dense, got a tensor of layout {value.layout}; give "
                "x.to_dense(), or torch.nested.to_padded_tensor(x, 0) of a nested one."
            )
        if value.is_meta:
            raise DataError(
                f"{name} must have values, got a tensor on the meta device, which has "
                "a shape only."
            )
    elif hasattr(value, "nnz") and hasattr(value, "todense"):
        raise DataError(
            f"{name} must be dense, got a sparse {type(value).__name__}; give "
            "x.toarray().astype('float32'), for some rows or columns where that is "
            "too large."
        )


def check_one_shape(rows: Iterable[Any], name: str) -> None:
    """Refuse arrays of several shapes; says which two differ (`ShapeError`)."""
    shapes = [
        tuple(row.shape) if hasattr(row, "shape") else _size_of_picture(row)
        for row in rows
    ]
    odd = next((i for i, shape in enumerate(shapes) if shape != shapes[0]), None)
    if odd is not None:
        raise ShapeError(
            f"{name} must have one shape, but number 0 has {shapes[0]} and number "
            f"{odd} has {shapes[odd]}. Bring all to one size: resize or pad them."
        )


def has_numbers(values: NDArray[Any]) -> bool:
    """Whether an array holds numbers or truth values, not text, objects or times."""
    # Floats of other libraries, such as bfloat16, are of the kind V.
    return values.dtype.kind in "biufc" or "float" in values.dtype.name


def to_tensor(values: NDArray[Any]) -> Tensor:
    """Copy an array, whatever its byte order, strides and width of its floats.

    Args:
        values: Numbers; floats that torch does not know become float32.

    Returns:
        A tensor of new memory.

    Example:
        >>> to_tensor(np.array([1.5, 2.5], ">f4"))
        tensor([1.5000, 2.5000])
    """
    kind = values.dtype.newbyteorder("=")
    unknown = "float" in kind.name and kind not in (np.float16, np.float32, np.float64)
    # A copy: the array may be read-only or on disk, and torch warns about both.
    return torch.from_numpy(np.array(values, np.float32 if unknown else kind))


def _check_mask(value: np.ma.MaskedArray[Any, Any], name: str) -> None:
    mask = np.atleast_1d(np.ma.getmaskarray(value))
    if not mask.any():
        return
    which = f", the first in number {int(mask.argmax()) * len(mask) // mask.size}"
    raise DataError(
        f"{name} must have a value everywhere, but {int(mask.sum())} of {mask.size} "
        f"are masked{which}; fill them, such as with x.filled(0), or leave these "
        "examples out."
    )


def _size_of_picture(row: Any) -> tuple[int, ...]:
    """Give the size of a picture of Pillow, height first; else nothing."""
    size = getattr(row, "size", None)
    return tuple(reversed(size)) if isinstance(size, tuple) else ()

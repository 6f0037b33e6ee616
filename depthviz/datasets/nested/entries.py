"""One item of a data set as a nest and a label.

An item is (input, label), or a mapping with its label under "labels" or "label", as
data sets of Hugging Face have them. Lists of numbers in a mapping are read as tensors.
Text is none of a network's inputs: it is refused, unless a `collate_fn` takes the items
as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Number
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.nested.nests import Nest
from depthviz.datasets.plain_arrays import check_dense, has_numbers, to_tensor
from depthviz.errors import DataError

__all__ = ["LABELS", "describe_item", "read_entry", "read_input", "split_item"]

LABELS = ("labels", "label")


def split_item(item: Any, place: str) -> tuple[Any, Any]:
    """Take an item apart into input and label.

    Args:
        item: `(input, label)`, or a mapping with a label.
        place: What errors call it.

    Returns:
        What stands for the input, and the label, both as they are.

    Raises:
        DataError: If it is neither.

    Example:
        >>> split_item({"input_ids": [1, 2], "label": 0}, "train[0]")
        ({'input_ids': [1, 2]}, 0)
    """
    if isinstance(item, (tuple, list)) and len(item) == 2:
        return item[0], item[1]
    named = [key for key in LABELS if isinstance(item, Mapping) and key in item]
    if len(named) == 1:
        rest = {key: part for key, part in item.items() if key != named[0]}
        if rest:
            return rest, item[named[0]]
    raise DataError(
        f"{place} must be (input, label), got {describe_item(item)}; give a data set "
        "whose items are these two alone, or mappings of inputs with one label, under "
        "'labels' or 'label'; or name the columns with input= and label=."
    )


def describe_item(item: Any) -> str:
    """Say what came in place of an item.

    Args:
        item: Anything.

    Returns:
        Its type, with keys or length.

    Example:
        >>> describe_item({"text": "a"})
        "dict of 'text'"
    """
    kind = type(item).__name__
    if isinstance(item, Mapping):
        return f"{kind} of {', '.join(map(repr, list(item)[:5]))}"
    return f"{kind} of {len(item)}" if isinstance(item, (tuple, list)) else kind


def read_input(value: Any, place: str) -> Nest:
    """Read the input of one item.

    Args:
        value: A tensor or array; a mapping of these, of numbers and lists of numbers;
            or a tuple or list of these.
        place: What errors call the item.

    Returns:
        A nest of tensors on the CPU.

    Raises:
        DataError: If it holds something else; says what, and where.

    Example:
        >>> read_input({"input_ids": [101, 7, 102]}, "train[0]")
        {'input_ids': tensor([101,   7, 102])}
    """
    if isinstance(value, Mapping):
        return {str(key): read_entry(value[key], key, place) for key in value}
    if isinstance(value, (tuple, list)) and any(map(_holds_arrays, value)):
        parts = [read_input(part, place) for part in value]
        return parts if isinstance(value, list) else tuple(parts)
    check_dense(value, f"The input of {place}")
    if isinstance(value, (Tensor, np.ndarray)):
        return _check_type(value, place)
    hint = (
        "; give the data set a transform, such as torchvision.transforms.ToTensor()"
        if type(value).__module__.startswith("PIL.")
        else ""
    )
    raise DataError(
        f"The input of {place} must be a tensor or an array, got "
        f"{type(value).__name__}{hint}."
    )


def read_entry(value: Any, key: Any, place: str) -> Nest:
    """Read what stands under one key, lists of numbers as tensors."""
    where = f"{place}[{key!r}]"
    if isinstance(value, (list, tuple)) and not any(map(_holds_arrays, value)):
        value = _listed(value, key, where)
    elif isinstance(value, (Number, np.generic)):
        value = np.asarray(value)
    if isinstance(value, (str, bytes)) or value is None:
        raise DataError(_no_numbers(where, key, value))
    return read_input(value, where)


def _listed(values: Sequence[Any], key: Any, where: str) -> NDArray[Any]:
    """Read a list of numbers; floats of Python are float32, as torch reads them."""
    if not len(values):
        raise DataError(f"{where} is empty: leave examples without tokens out.")
    try:
        found = np.asarray(values)
    except ValueError as error:
        raise DataError(
            f"{where} is a list of lists of several lengths; make all of one length."
        ) from error
    if not has_numbers(found):
        raise DataError(_no_numbers(where, key, values[0]))
    return found.astype(np.float32) if found.dtype == np.float64 else found


def _no_numbers(where: str, key: Any, value: Any) -> str:
    kind = "text" if isinstance(value, (str, bytes)) else type(value).__name__
    return (
        f"{where} holds {kind}, {value!r:.40}, where a network takes numbers. Leave it "
        "out: name the columns of the network with input=[…], or take "
        f"dataset.remove_columns([{key!r}]); or give a collate_fn= that takes "
        "the items as they are."
    )


def _holds_arrays(value: Any) -> bool:
    return isinstance(value, (Tensor, np.ndarray, Mapping))


def _check_type(value: Tensor | NDArray[Any], place: str) -> Tensor:
    kind = str(value.dtype)
    if isinstance(value, np.ndarray) and not has_numbers(value):
        raise DataError(
            f"The input of {place} must hold numbers, got {kind}; give the data set a "
            "transform that makes them."
        )
    tensor = value.detach().cpu() if isinstance(value, Tensor) else to_tensor(value)
    if tensor.is_complex():
        raise DataError(
            f"The input of {place} must be real, got {kind}; give real and imaginary "
            "parts as channels."
        )
    if tensor.dtype == torch.uint8:
        raise DataError(
            f"{place} is uint8; give the data set a transform to floats, such as "
            "ToDtype(torch.float32, scale=True), or scale=False where the network "
            "scales by itself."
        )
    return tensor

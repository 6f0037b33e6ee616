"""A map-style torch dataset as examples: its items as they are.

What it gives is what the network was trained on, its transforms included; whoever does
not want arrays prepared wraps them in a `TensorDataset`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset, IterableDataset

from depthviz.datasets.examples import Examples, Rows
from depthviz.datasets.indexing import Indexed
from depthviz.datasets.labels import read_label
from depthviz.datasets.metadata import class_names, example_paths
from depthviz.datasets.plain_arrays import check_dense, has_numbers, to_tensor
from depthviz.errors import DataError, ShapeError

__all__ = ["from_dataset"]


def from_dataset(data: Any, name: str) -> Examples:
    """View a map-style dataset of (input, label) as examples."""
    if isinstance(data, Indexed):
        return from_dataset(data.dataset, name)
    _check_dataset(data, name)
    paths = example_paths(data)
    read = partial(_read_dataset, data, name, paths)
    return Examples(name, len(data), read, class_names(data), paths=paths)


def _check_dataset(data: Any, name: str) -> None:
    """Refuse what has no items (input, label) by their positions (`DataError`)."""
    kind = type(data).__name__
    if isinstance(data, torch.utils.data.DataLoader):
        raise DataError(f"{name} is a DataLoader; give its data set, `loader.dataset`.")
    if kind == "DataFrame" or hasattr(data, "__array__") or hasattr(data, "toarray"):
        raise DataError(
            f"{name} is an array without labels; give the pair (inputs, labels). Got "
            f"{kind}."
        )
    if isinstance(data, Mapping) and 0 not in data:
        raise DataError(
            f"{name} is a {kind} of {', '.join(map(repr, list(data)[:5]))}; give the "
            f"pair of its inputs and labels, such as ({name}['inputs'], "
            f"{name}['labels'])."
        )
    if _is_iterable_only(data):
        raise DataError(
            f"{name} must be a map-style data set, whose items are read by position, "
            f"got {kind}, which is iterable only; give list({name}) where that fits "
            "into memory."
        )
    if not hasattr(data, "__getitem__") or not hasattr(data, "__len__"):
        raise DataError(
            f"{name} must be a pair of arrays or a data set with a length and items "
            f"(input, label), got {kind}."
        )


def _is_iterable_only(data: Any) -> bool:
    """Whether a data set gives its items in their order alone."""
    if isinstance(data, IterableDataset):
        return True
    by_position = getattr(type(data), "__getitem__", Dataset.__getitem__)
    return hasattr(data, "__iter__") and by_position is Dataset.__getitem__


def _read_dataset(
    data: Any, name: str, paths: list[str] | None, rows: Rows
) -> tuple[Tensor, Tensor]:
    places = range(len(data))[rows] if isinstance(rows, slice) else rows.tolist()
    items = [_item(_read_item(data, i, name, paths), f"{name}[{i}]") for i in places]
    inputs = [item for item, _ in items]
    odd = next(
        (i for i, item in enumerate(inputs) if item.shape != inputs[0].shape), None
    )
    if odd is not None:
        raise ShapeError(
            f"All inputs must have one shape, but {name}[{places[0]}] has "
            f"{tuple(inputs[0].shape)} and {name}[{places[odd]}] has "
            f"{tuple(inputs[odd].shape)}. Give the data set a transform that brings "
            "all to one size, by resizing or padding."
        )
    return torch.stack(inputs), torch.tensor([label for _, label in items])


def _read_item(data: Any, index: int, name: str, paths: list[str] | None) -> Any:
    """Get an item; an error of the data set gets a note that names the example."""
    path = "" if paths is None else f", {paths[index]},"
    note = (
        f"{name}[{index}]{path} could not be read. Repair it, or leave it out, such as "
        "with torch.utils.data.Subset."
    )
    try:
        return data[index]
    except StopIteration as error:  # would only end whatever reads in turn
        raise DataError(f"{note} The data set raised StopIteration.") from error
    except Exception as error:
        error.add_note(note)
        raise


def _item(item: Any, place: str) -> tuple[Tensor, int]:
    if not isinstance(item, (tuple, list)) or len(item) != 2:
        raise DataError(
            f"{place} must be (input, label), got {_describe(item)}; give a data set "
            "whose items are these two alone."
        )
    return _input(item[0], place), read_label(item[1], place)


def _describe(item: Any) -> str:
    kind = type(item).__name__
    if isinstance(item, Mapping):
        return f"{kind} of {', '.join(map(repr, list(item)[:5]))}"
    return f"{kind} of {len(item)}" if isinstance(item, (tuple, list)) else kind


def _input(value: Any, place: str) -> Tensor:
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

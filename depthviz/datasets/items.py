"""A map-style torch dataset as examples: its items as they are.

What it gives is what the network was trained on, its transforms included; whoever does
not want arrays prepared wraps them in a `TensorDataset`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from depthviz.datasets.examples import Examples, Rows
from depthviz.errors import DataError, LabelError, ShapeError

__all__ = ["from_dataset", "is_scalar"]


def from_dataset(data: Any, name: str) -> Examples:
    """View a map-style dataset of (input, label) as examples."""
    if isinstance(data, (np.ndarray, Tensor)):
        raise DataError(
            f"{name} is an array without labels; give the pair (inputs, labels)."
        )
    if isinstance(data, torch.utils.data.DataLoader):
        raise DataError(f"{name} is a DataLoader; give its data set, `loader.dataset`.")
    if not hasattr(data, "__getitem__") or not hasattr(data, "__len__"):
        raise DataError(
            f"{name} must be a pair of arrays or a data set with a length and items "
            f"(input, label), got {type(data).__name__}."
        )
    return Examples(
        name, len(data), partial(_read_dataset, data, name), _class_names(data)
    )


def _read_dataset(data: Any, name: str, rows: Rows) -> tuple[Tensor, Tensor]:
    places = range(len(data))[rows] if isinstance(rows, slice) else rows.tolist()
    items = [_item(data[i], f"{name}[{i}]") for i in places]
    inputs = [item for item, _ in items]
    odd = next(
        (i for i, item in enumerate(inputs) if item.shape != inputs[0].shape), None
    )
    if odd is not None:
        raise ShapeError(
            f"All inputs must have one shape, but {name}[{places[0]}] has "
            f"{tuple(inputs[0].shape)} and {name}[{places[odd]}] has "
            f"{tuple(inputs[odd].shape)}."
        )
    return torch.stack(inputs), torch.tensor([label for _, label in items])


def _item(item: Any, place: str) -> tuple[Tensor, int]:
    if not isinstance(item, (tuple, list)) or len(item) != 2:
        size = f" of {len(item)}" if isinstance(item, (tuple, list)) else ""
        raise DataError(
            f"{place} must be (input, label), got {type(item).__name__}{size}."
        )
    return _input(item[0], place), _label(item[1], place)


def _input(value: Any, place: str) -> Tensor:
    if isinstance(value, Tensor):
        return _not_bytes(value.detach().cpu(), place)
    if isinstance(value, np.ndarray):
        return _not_bytes(torch.from_numpy(np.array(value)), place)
    hint = (
        "; give the data set a transform, such as torchvision.transforms.ToTensor()"
        if type(value).__module__.startswith("PIL.")
        else ""
    )
    raise DataError(
        f"The input of {place} must be a tensor or an array, got "
        f"{type(value).__name__}{hint}."
    )


def _not_bytes(value: Tensor, place: str) -> Tensor:
    if value.dtype != torch.uint8:
        return value
    raise DataError(
        f"{place} is uint8; give the data set a transform to floats, such as "
        "ToDtype(torch.float32, scale=True), or scale=False where the network scales "
        "by itself."
    )


def _label(value: Any, place: str) -> int:
    plain = value.item() if is_scalar(value) else value
    if isinstance(plain, int) and not isinstance(plain, bool):
        return plain
    raise LabelError(
        f"The label of {place} must be an integer, got {type(value).__name__} "
        f"{value!r:.60}."
    )


def is_scalar(value: Any) -> bool:
    """Whether an array or tensor holds one number without a dimension."""
    return isinstance(value, (Tensor, np.ndarray, np.generic)) and value.ndim == 0


def _class_names(data: Any) -> tuple[str, ...] | None:
    if isinstance(data, torch.utils.data.Subset):
        return _class_names(data.dataset)
    if isinstance(data, torch.utils.data.ConcatDataset):
        kinds = {_class_names(part) for part in data.datasets}
        return kinds.pop() if len(kinds) == 1 else None
    names = getattr(data, "classes", None)
    return tuple(map(_one_name, names)) if isinstance(names, (list, tuple)) else None


def _one_name(name: Any) -> str:
    # ImageNet's classes are tuples of synonyms.
    return ", ".join(map(str, name)) if isinstance(name, (list, tuple)) else str(name)

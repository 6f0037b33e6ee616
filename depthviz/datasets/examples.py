"""One view over the two forms in which examples come.

Users hold a pair of arrays or a map-style torch dataset of (input, label). Everything
after this module sees only `Examples`: batches in a fixed order, labels as int64, and
errors that name the split and the index of what is wrong. Arrays are prepared a batch
at a time, so a memory-mapped array stays on disk. What a torch dataset gives is taken
as it is, since its transforms are part of what the network was trained on; whoever does
not want arrays prepared wraps them in a `TensorDataset`.

Knows nothing of networks: whether a label lies within the network's classes is asked
later, by `check_labels`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.channels import channels_come_last
from depthviz.errors import DataError, FeatureError, LabelError, ShapeError

__all__ = ["Examples", "as_examples", "check_labels"]

Rows = slice | NDArray[np.intp]


@dataclass(frozen=True)
class Examples:
    """Examples that can be read in order, batch by batch.

    Attributes:
        name: What errors call these examples: "train" or "validation".
        count: Number of examples.
        read: Gives inputs and labels of some examples, by their positions.
        class_names: Names of the classes, where the data set knows them.
        note: What was done to the shape of arrays, in one line; None for nothing.
    """

    name: str
    count: int
    read: Callable[[Rows], tuple[Tensor, Tensor]]
    class_names: tuple[str, ...] | None = None
    note: str | None = None

    def __len__(self) -> int:
        return self.count

    def batches(
        self, batch_size: int, start: int = 0
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Give the examples in order.

        Args:
            batch_size: Largest number of examples in a batch.
            start: Index of the first example.

        Yields:
            Inputs `(B, ...)` and labels `(B,)`, the labels int64.
        """
        for first in range(start, self.count, batch_size):
            yield self.read(slice(first, min(first + batch_size, self.count)))

    def subset(self, rows: NDArray[np.intp], *, name: str) -> Examples:
        """View some of the examples, in the order given.

        Args:
            rows: Their positions, shape `(S,)`.
            name: What errors call them.

        Returns:
            A view that reads what these read.

        Example:
            >>> digits = as_examples((np.arange(6.0).reshape(3, 2), [0, 1, 0]))
            >>> digits.subset(np.array([2, 0]), name="some").read(slice(0, 2))[0]
            tensor([[4., 5.],
                    [0., 1.]])
        """
        return Examples(
            name, len(rows), partial(_read_subset, self, rows), self.class_names
        )


def as_examples(data: Any, *, name: str = "train") -> Examples:
    """View a pair of arrays or a map-style torch dataset as examples.

    Arrays of uint8 are scaled to [0, 1]; floats keep their values as float32. Grey
    pictures `(N, H, W)` get a channel. Channels that come last are moved first, in
    floats only where both sides have 8 pixels or more: smaller ones may be feature
    maps. Items of a torch dataset are left as they are; a `TensorDataset` therefore
    hands over arrays untouched.

    Args:
        data: `(inputs, labels)`, or a dataset of `(input, label)` with a length.
        name: What errors call these examples.

    Returns:
        A view that reads batches in order.

    Raises:
        DataError: If the data is neither, a pair of lists, or an item is not (input,
            label).
        LabelError: If labels are not integers.
        ShapeError: If there are not as many labels as inputs.
        FeatureError: If there are no examples.

    Example:
        >>> examples = as_examples((np.zeros((5, 8, 8), np.uint8), [0, 1, 0, 1, 0]))
        >>> [tuple(inputs.shape) for inputs, labels in examples.batches(4)]
        [(4, 1, 8, 8), (1, 1, 8, 8)]
    """
    if isinstance(data, Examples):
        return data
    _refuse_lists(data, name)
    examples = _from_arrays(data, name) if _is_pair(data) else _from_dataset(data, name)
    if not len(examples):
        raise FeatureError(f"{name} has no examples; at least one is needed.")
    return examples


def check_labels(
    labels: Tensor, classes: int, *, name: str = "train", start: int = 0
) -> None:
    """Refuse labels that the network has no class for.

    Args:
        labels: Given labels, shape `(B,)`.
        classes: Number of the network's classes.
        name: What the error calls these examples.
        start: Index of the first of them.

    Raises:
        LabelError: If a label lies outside 0..C-1; it names the first.
    """
    outside = ((labels < 0) | (labels >= classes)).nonzero().flatten()
    if len(outside):
        first = int(outside[0])
        raise LabelError(
            f"Labels must be within the network's {classes} classes, 0 to "
            f"{classes - 1}, but {name}[{start + first}] has label "
            f"{int(labels[first])}."
        )


def _is_pair(data: Any) -> bool:
    return (
        isinstance(data, (tuple, list)) and len(data) == 2 and hasattr(data[0], "shape")
    )


def _refuse_lists(data: Any, name: str) -> None:
    """A pair of lists must not pass for a data set of two examples."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        return
    inputs, labels = data
    if isinstance(inputs, (tuple, list)) and _are_labels(labels):
        raise DataError(
            f"The inputs of {name} are a {type(inputs).__name__}; give arrays: "
            "(np.asarray(inputs), labels)."
        )


def _are_labels(value: Any) -> bool:
    if not isinstance(value, (tuple, list)):
        return hasattr(value, "shape")
    return not value or np.isscalar(value[0]) or _is_scalar(value[0])


def _from_arrays(data: Sequence[Any], name: str) -> Examples:
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


def _read_subset(
    examples: Examples, chosen: NDArray[np.intp], rows: Rows
) -> tuple[Tensor, Tensor]:
    return examples.read(chosen[rows])


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


def _from_dataset(data: Any, name: str) -> Examples:
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
    plain = value.item() if _is_scalar(value) else value
    if isinstance(plain, int) and not isinstance(plain, bool):
        return plain
    raise LabelError(
        f"The label of {place} must be an integer, got {type(value).__name__} "
        f"{value!r:.60}."
    )


def _is_scalar(value: Any) -> bool:
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

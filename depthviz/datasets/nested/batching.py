"""Several items as one batch: stacked, or put together by the user's `collate_fn`.

Stacking needs items of one shape. Texts of several lengths are padded by a collator of
the network's own, as the network was trained with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from depthviz.datasets.labels import read_label
from depthviz.datasets.nested.entries import describe_item, read_input, split_item
from depthviz.datasets.nested.nests import Nest, leaves, length, map_leaves
from depthviz.errors import DataError, ShapeError

__all__ = ["Collate", "collate", "stack"]

Collate = Callable[[list[Any]], Any]
_PAD = (
    "Pad them by the batch with collate_fn=, such as "
    "transformers.DataCollatorWithPadding(tokenizer)."
)
_RESIZE = (
    "Give the data set a transform that brings all to one size, by resizing or padding."
)


def stack(inputs: Sequence[Nest], places: Sequence[str]) -> Nest:
    """Stack inputs of one shape.

    Args:
        inputs: One for each example.
        places: What errors call them.

    Returns:
        A nest of the same form, with a first dimension for the examples.

    Raises:
        ShapeError: If their shapes differ.
        DataError: If their names do.

    Example:
        >>> stack([{"ids": torch.tensor([1, 2])}, {"ids": torch.tensor([3, 4])}], "ab")
        {'ids': tensor([[1, 2],
                [3, 4]])}
    """
    shapes = [{name: tuple(leaf.shape) for name, leaf in leaves(one)} for one in inputs]
    odd = next((i for i, shape in enumerate(shapes) if shape != shapes[0]), None)
    if odd is not None:
        _refuse(inputs[0], inputs[odd], places[0], places[odd])
    columns = zip(*([leaf for _, leaf in leaves(one)] for one in inputs), strict=True)
    stacked = map(torch.stack, columns)
    return map_leaves(lambda _: next(stacked), inputs[0])  # type: ignore[no-any-return]


def collate(
    function: Collate,
    items: list[Any],
    places: Sequence[str],
    names: Sequence[str] | None = None,
) -> tuple[Nest, Tensor]:
    """Let the user's function make a batch of items.

    Args:
        function: From items to `(inputs, labels)`, or to a mapping with labels.
        items: As the data set gives them.
        places: What errors call them.
        names: Names of the classes, where they are known: labels may be words.

    Returns:
        Inputs and labels `(B,)`, the labels int64.

    Raises:
        DataError: If it returns something else.
        LabelError: If labels are no whole numbers.
        ShapeError: If it does not return all examples.

    Example:
        >>> def pad(items):
        ...     ids = [torch.tensor(item["ids"]) for item in items]
        ...     padded = torch.nn.utils.rnn.pad_sequence(ids, batch_first=True)
        ...     return {"ids": padded, "labels": [item["label"] for item in items]}
        >>> items = [{"ids": [1], "label": 0}, {"ids": [2, 3], "label": 1}]
        >>> collate(pad, items, ["train[0]", "train[1]"])[0]
        {'ids': tensor([[1, 0],
                [2, 3]])}
    """
    span = places[0] if len(places) == 1 else f"{places[0]} to {places[-1]}"
    try:
        found = function(items)
    except Exception as error:
        error.add_note(
            f"collate_fn= was called with a list of {len(items)} items, {span}, each "
            f"{describe_item(items[0])}.{_about_text(items[0])}"
        )
        raise
    what = f"collate_fn's batch of {span}"
    given, labels = split_item(found, what)
    inputs = read_input(given, what)
    listed = _listed(labels, what)
    if not length(inputs) == len(listed) == len(items):
        raise ShapeError(
            f"{what} has {length(inputs)} inputs and {len(listed)} labels for "
            f"{len(items)} items; it must keep them all, in their order."
        )
    pairs = zip(listed, places, strict=True)
    return inputs, torch.tensor([read_label(one, at, names) for one, at in pairs])


def _about_text(item: Any) -> str:
    """Say which columns hold text, that few collators take."""
    parts = item.items() if isinstance(item, Mapping) else ()
    texts = [name for name, value in parts if isinstance(value, str)]
    if not texts:
        return ""
    return f" Text is for no collator of tokens: dataset.remove_columns({texts!r})."


def _listed(labels: Any, what: str) -> list[Any]:
    """List the labels of a batch, each as it is."""
    if isinstance(labels, (Tensor, np.ndarray)) and not labels.ndim:
        raise ShapeError(f"{what} has one label; give one for each example, (B,).")
    if not hasattr(labels, "__len__") or isinstance(labels, (str, Mapping)):
        raise DataError(
            f"{what} must have a list of labels, got {type(labels).__name__}."
        )
    return list(labels)


def _refuse(first: Nest, other: Nest, place: str, odd: str) -> None:
    """Say how two inputs differ, and what to do."""
    one, two = ({name: tuple(x.shape) for name, x in leaves(n)} for n in (first, other))
    if list(one) != list(two):
        raise DataError(
            f"All inputs must have the same entries, but {place} has "
            f"{_names(one)} and {odd} has {_names(two)}."
        )
    name = next(name for name in one if one[name] != two[name])
    of = f"{name!r} of shape " if name else ""
    kind = dict(leaves(first))[name]
    tokens = kind.ndim == 1 and (bool(name) or not kind.is_floating_point())
    raise ShapeError(
        f"All inputs must have one shape, but {place} has {of}{one[name]} and {odd} "
        f"has {of}{two[name]}. {_PAD if tokens else _RESIZE}"
    )


def _names(shapes: Mapping[str, object]) -> str:
    return ", ".join(map(repr, shapes)) if any(shapes) else "one tensor"

"""One view over both forms in which examples come: a pair of arrays, or a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np
from torch import Tensor

from depthviz.datasets.arrays import from_arrays
from depthviz.datasets.examples import Examples
from depthviz.datasets.items import from_dataset
from depthviz.datasets.labels import KnownNames, is_scalar, read_classes
from depthviz.datasets.named import Columns, from_named
from depthviz.datasets.nested.batching import Collate
from depthviz.datasets.nested.columns import from_columns, items_of_columns
from depthviz.datasets.plain_arrays import check_one_shape
from depthviz.errors import ArgumentError, DataError, FeatureError

__all__ = ["as_examples"]

_NO_COLUMNS = Columns()


def as_examples(
    data: Any,
    *,
    name: str = "train",
    collate_fn: Collate | None = None,
    columns: Columns = _NO_COLUMNS,
    known: KnownNames | None = None,
) -> Examples:
    """View a pair of arrays or a map-style torch dataset as examples.

    Arrays of uint8 are scaled to [0, 1]; floats keep their values as float32. Grey
    pictures `(N, H, W)` get a channel. Channels that come last are moved first, in
    floats only where both sides have 8 pixels or more: smaller ones may be feature
    maps. Whole numbers `(N, T)` of int32 or int64 are token ids and stay what they are,
    and so does what a mapping of arrays holds. Items of a torch dataset are left as
    they are; a `TensorDataset` therefore hands over arrays untouched.

    Args:
        data: `(inputs, labels)`, the inputs an array or a mapping of arrays; or a
            dataset with a length, whose items are `(input, label)` or mappings with a
            label, and inputs tensors, or mappings and tuples of them.
        name: What errors call these examples.
        collate_fn: Makes a batch of a list of items, in place of stacking them:
            `(inputs, labels)`, or a mapping with labels.
        columns: Which columns are input and label, of data that have columns.
        known: Names of the classes, where labels may be words.

    Returns:
        A view that reads batches in order.

    Raises:
        DataError: If the data is neither, a pair of lists, or an item is not (input,
            label).
        LabelError: If labels are not integers.
        ShapeError: If there are not as many labels as inputs.
        FeatureError: If there are no examples.
        ArgumentError: If collate_fn is given for arrays.

    Example:
        >>> examples = as_examples((np.zeros((5, 8, 8), np.uint8), [0, 1, 0, 1, 0]))
        >>> [tuple(inputs.shape) for inputs, labels in examples.batches(4)]
        [(4, 1, 8, 8), (1, 1, 8, 8)]
    """
    if isinstance(data, Examples):
        return data
    _refuse_tuple(data, name)
    _refuse_lists(data, name)
    examples = _view(data, name, collate_fn, columns, known)
    if not len(examples):
        raise FeatureError(f"{name} has no examples; at least one is needed.")
    return examples


def _view(
    data: Any,
    name: str,
    collate_fn: Collate | None,
    columns: Columns,
    known: KnownNames | None,
) -> Examples:
    named = from_named(data, name, columns, collate_fn=collate_fn, known=known)
    if named is not None:
        return named
    if _is_pair_of_columns(data):
        if collate_fn is None:
            return from_columns(data, name, known)
        return _collated(data, name, collate_fn, known)
    if not _is_pair(data):
        return from_dataset(data, name, collate_fn, known)
    if collate_fn is not None:
        raise ArgumentError(
            f"collate_fn= makes batches of the items of a data set, but {name} is a "
            "pair of arrays, which are batches already. Leave it out, or give a data "
            "set of items."
        )
    return from_arrays(data, name, known)


def _collated(
    data: Any, name: str, collate_fn: Collate, known: KnownNames | None
) -> Examples:
    """View a mapping of lists with labels, the rows put together by a collator."""
    classes = read_classes(data[1], name, known=known)
    items = items_of_columns((data[0], classes.labels), name)
    return replace(
        from_dataset(items, name, collate_fn),
        class_names=classes.names,
        labels=classes.labels,
        labels_note=classes.note,
    )


def _is_pair_of_columns(data: Any) -> bool:
    pair = isinstance(data, (tuple, list)) and len(data) == 2
    return pair and isinstance(data[0], Mapping) and _are_labels(data[1])


def _is_pair(data: Any) -> bool:
    return isinstance(data, (tuple, list)) and len(data) == 2 and _is_array(data[0])


def _is_array(value: Any) -> bool:
    # A nested tensor raises where it is asked for its shape.
    return isinstance(value, Tensor) or hasattr(value, "shape")


def _refuse_tuple(data: Any, name: str) -> None:
    """Several arrays must not pass for a data set of as many examples."""
    if isinstance(data, tuple) and len(data) != 2 and any(map(_is_array, data)):
        raise DataError(
            f"{name} must be a pair of arrays, (inputs, labels), got {len(data)} "
            "arrays; give several inputs as a mapping of arrays, ({'a': …, 'b': …}, "
            "labels), or as a data set of items ((a, b), label)."
        )


def _refuse_lists(data: Any, name: str) -> None:
    """A pair of lists must not pass for a data set of two examples."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        return
    inputs, labels = data
    if isinstance(inputs, (tuple, list)) and _are_labels(labels):
        _refuse_paths(inputs, name)
        check_one_shape(inputs, f"Inputs of {name}")
        raise DataError(
            f"The inputs of {name} are a {type(inputs).__name__}; give arrays: "
            "(np.asarray(inputs), labels), or (torch.stack(inputs), labels)."
        )


def _refuse_paths(inputs: Any, name: str) -> None:
    if inputs and isinstance(inputs[0], (str, PathLike)):
        raise DataError(
            f"The inputs of {name} are texts or paths, such as {inputs[0]!r:.60}. Of "
            "picture files give depthviz.datasets.PictureFiles(paths, labels, "
            "transform): a study keeps the paths, and images='files' shows the files. "
            "Of texts give what the tokenizer makes of them, and preview=texts."
        )


def _are_labels(value: Any) -> bool:
    if not isinstance(value, (tuple, list)):
        return hasattr(value, "shape") and not isinstance(value, Mapping)
    return not value or np.isscalar(value[0]) or is_scalar(value[0])

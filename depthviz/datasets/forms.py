"""One view over both forms in which examples come: a pair of arrays, or a dataset."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from depthviz.datasets.arrays import from_arrays
from depthviz.datasets.examples import Examples
from depthviz.datasets.items import from_dataset
from depthviz.datasets.labels import is_scalar
from depthviz.datasets.plain_arrays import check_one_shape
from depthviz.errors import DataError, FeatureError

__all__ = ["as_examples"]


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
    _refuse_tuple(data, name)
    _refuse_lists(data, name)
    examples = from_arrays(data, name) if _is_pair(data) else from_dataset(data, name)
    if not len(examples):
        raise FeatureError(f"{name} has no examples; at least one is needed.")
    return examples


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
            "arrays; wrap several inputs in a data set and a module that takes one."
        )


def _refuse_lists(data: Any, name: str) -> None:
    """A pair of lists must not pass for a data set of two examples."""
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        return
    inputs, labels = data
    if isinstance(inputs, (tuple, list)) and _are_labels(labels):
        check_one_shape(inputs, f"Inputs of {name}")
        raise DataError(
            f"The inputs of {name} are a {type(inputs).__name__}; give arrays: "
            "(np.asarray(inputs), labels), or (torch.stack(inputs), labels)."
        )


def _are_labels(value: Any) -> bool:
    if not isinstance(value, (tuple, list)):
        return hasattr(value, "shape")
    return not value or np.isscalar(value[0]) or is_scalar(value[0])

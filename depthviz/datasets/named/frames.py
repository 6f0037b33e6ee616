"""A table of pandas as examples: columns of numbers are the input, one is the label.

Numbers and truth values go in as rows of float32. Text and categories do not: which
numbers stand for them, the pipeline alone knows that the network was trained with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from torch.utils.data import Dataset

from depthviz.datasets.arrays import from_arrays
from depthviz.datasets.examples import Examples
from depthviz.datasets.items import from_dataset
from depthviz.datasets.labels import Classes, KnownNames, read_classes
from depthviz.datasets.nested.batching import Collate
from depthviz.datasets.sources.tables import frame_numbers
from depthviz.errors import DataError

__all__ = ["from_frame"]


def from_frame(
    frame: Any,
    name: str,
    *,
    chosen: Sequence[str] | None,
    label: str,
    collate_fn: Collate | None = None,
    known: KnownNames | None = None,
) -> Examples:
    """View a table as examples.

    Args:
        frame: A row an example. An index that is more than a count names the examples.
        name: What errors call them.
        chosen: Columns that are the input; None for all but the label.
        label: The column of labels.
        collate_fn: Makes a batch of rows, each a dictionary with its label under
            "label"; with it columns may hold anything.
        known: Names of the classes, where somebody gives them.

    Returns:
        A view that reads rows `(B, F)` of float32.

    Raises:
        DataError: If there is no such column, or one holds no numbers.
        LabelError: If labels stand for no classes.

    Example:
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"a": [1, 2], "b": [True, False], "kind": ["x", "y"]})
        >>> from_frame(frame, "train", chosen=None, label="kind").read(slice(0, 2))
        (tensor([[1., 1.],
                [2., 0.]]), tensor([0, 1]))
    """
    listed = list(frame.columns)
    names = [each for each in listed if each != label] if chosen is None else chosen
    missing = next((each for each in [*names, label] if each not in listed), None)
    if missing is not None:
        raise DataError(
            f"{name} has no column {missing!r}; it has "
            f"{', '.join(map(repr, listed[:8]))}."
        )
    if not frame.columns.is_unique:
        raise DataError(
            f"Two columns of {name} have one name: {listed[:8]!r}; rename one."
        )
    inputs = frame[list(names)]
    classes = read_classes(frame[label], name, known=known)
    if collate_fn is not None:
        rows = _Rows(inputs, classes)
        found = from_dataset(rows, name, collate_fn, known)
    else:
        found = from_arrays((frame_numbers(inputs, name), classes.labels), name)
    return replace(
        found,
        class_names=classes.names,
        labels=classes.labels,
        labels_note=classes.note,
        ids=_ids(frame.index),
    )


class _Rows(Dataset[Any]):
    """Rows of a table as dictionaries, with their label under "label"."""

    def __init__(self, inputs: Any, classes: Classes) -> None:
        self._columns = {str(each): inputs[each].array for each in inputs.columns}
        self._labels = classes.labels.tolist()

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> dict[str, Any]:
        row = {each: values[index] for each, values in self._columns.items()}
        return {**row, "label": self._labels[index]}


def _ids(index: Any) -> list[Any] | None:
    """Read the names of rows; None where they are a count, or some come twice."""
    if getattr(index, "nlevels", 1) > 1 or not index.is_unique or index.hasnans:
        return None
    names = index.tolist()
    if all(isinstance(each, int) for each in names):
        return None if names == list(range(len(names))) else names
    return [each if isinstance(each, str) else str(each) for each in names]

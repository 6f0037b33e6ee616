"""A mapping of arrays with their labels as examples, such as a tokenized corpus.

What stands under each name is handed over as it is, since token ids, masks and features
each have their own meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.examples import Examples, Rows
from depthviz.datasets.labels import KnownNames, read_classes, read_labels
from depthviz.datasets.nested.entries import read_input
from depthviz.datasets.plain_arrays import plain_array, to_tensor
from depthviz.datasets.sources.stored import StoredRows, is_stored
from depthviz.errors import DataError, ShapeError

__all__ = ["from_columns", "items_of_columns"]

Columns = dict[str, NDArray[Any] | Tensor | StoredRows]


def from_columns(
    data: Sequence[Any], name: str, known: KnownNames | None = None
) -> Examples:
    """View a mapping of arrays `(N, …)` and labels `(N,)` as examples.

    Args:
        data: The mapping, and the labels.
        name: What errors call the examples.
        known: Names of the classes, where somebody gives them.

    Returns:
        A view that reads dictionaries of tensors.

    Raises:
        DataError: If an array holds no numbers.
        ShapeError: If rows are of several lengths, or not one for each label.

    Example:
        >>> import numpy as np
        >>> columns = {"ids": np.array([[1, 2], [3, 4]]), "mask": np.ones((2, 2), bool)}
        >>> from_columns((columns, [0, 1]), "train").read(slice(0, 1))[0]["ids"]
        tensor([[1, 2]])
    """
    classes = read_classes(data[1], name, known=known)
    labels = classes.labels
    columns = {str(key): _column(data[0][key], key, name) for key in data[0]}
    for key, values in columns.items():
        if not values.ndim or len(values) != len(labels):
            raise ShapeError(
                f"{key!r} of {name} has {len(values) if values.ndim else 'no'} rows, "
                f"but there are {len(labels)} labels; index both by the same examples."
            )
    read_input({key: values[:1] for key, values in columns.items()}, name)  # or refuses
    return Examples(
        name,
        len(labels),
        partial(_read, columns, labels),
        classes.names,
        labels=labels,
        labels_note=classes.note,
    )


def items_of_columns(data: Sequence[Any], name: str) -> list[dict[str, Any]]:
    """Give the rows of a mapping of lists as items, for a collator to pad.

    Args:
        data: The mapping, and the labels.
        name: What errors call the examples.

    Returns:
        A dictionary for each example, with its label under "label".

    Raises:
        ShapeError: If there are not as many rows as labels.

    Example:
        >>> items_of_columns(({"ids": [[1], [2, 3]]}, [0, 1]), "train")[1]
        {'ids': [2, 3], 'label': 1}
    """
    columns, labels = data[0], read_labels(data[1], name).tolist()
    odd = next((key for key in columns if len(columns[key]) != len(labels)), None)
    if odd is not None:
        raise ShapeError(
            f"{odd!r} of {name} has {len(columns[odd])} rows, but there are "
            f"{len(labels)} labels; index both by the same examples."
        )
    return [
        {**{key: columns[key][i] for key in columns}, "label": label}
        for i, label in enumerate(labels)
    ]


def _column(values: Any, key: str, name: str) -> NDArray[Any] | Tensor | StoredRows:
    if is_stored(values):
        return StoredRows(values)
    if isinstance(values, Mapping):
        raise DataError(
            f"{key!r} of {name} is a mapping; give a data set of items for inputs that "
            "are nested further."
        )
    if isinstance(values, (list, tuple)) and len({*map(_size, values)}) > 1:
        raise ShapeError(
            f"The rows of {key!r} of {name} have several lengths. Pad them all, as "
            "tokenizer(texts, padding=True) does, or give collate_fn=, such as "
            "transformers.DataCollatorWithPadding(tokenizer)."
        )
    return plain_array(values, f"{key!r} of {name}")


def _size(row: Any) -> int:
    return np.shape(row)[0] if hasattr(row, "__len__") and np.ndim(row) else -1


def _read(columns: Columns, labels: Tensor, rows: Rows) -> tuple[Any, Tensor]:
    found = {
        key: values[rows].detach().cpu()
        if isinstance(values, Tensor)
        else to_tensor(values[rows])
        for key, values in columns.items()
    }
    return found, labels[rows]

"""Which columns are the input and which is the label, of whatever has columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from depthviz.datasets.arrays import from_arrays
from depthviz.datasets.examples import Examples
from depthviz.datasets.labels import KnownNames
from depthviz.datasets.named.dictionaries import from_dictionaries, own_label
from depthviz.datasets.named.frames import from_frame
from depthviz.datasets.nested.batching import Collate
from depthviz.datasets.nested.columns import from_columns
from depthviz.datasets.sources.tables import is_frame
from depthviz.errors import ArgumentError, DataError

__all__ = ["ABOUT_COLUMNS", "Columns", "from_named"]

ABOUT_COLUMNS = (
    "input= names the column that the network gets, or a list of columns for a network "
    "that takes several by their names; label= names the column of labels"
)


class Columns(NamedTuple):
    """The columns that were asked for; None for no wish.

    Attributes:
        input: Its name; or several, which make a mapping.
        label: Its name.
    """

    input: str | tuple[str, ...] | None = None
    label: str | None = None

    @classmethod
    def read(cls, chosen: Any, label: Any) -> Columns:
        """Check what a caller gave.

        Args:
            chosen: A name, or several.
            label: A name.

        Returns:
            The names.

        Raises:
            ArgumentError: If they are none, or the label is an input, too.

        Example:
            >>> Columns.read(["ids", "mask"], "label")
            Columns(input=('ids', 'mask'), label='label')
        """
        several = isinstance(chosen, Sequence) and not isinstance(chosen, str)
        names = tuple(chosen) if several else (chosen,)
        texts = all(isinstance(name, str) for name in names) and names
        if chosen is not None and not texts:
            raise ArgumentError(f"{ABOUT_COLUMNS}. Got input={chosen!r:.60}.")
        if label is not None and not isinstance(label, str):
            raise ArgumentError(f"{ABOUT_COLUMNS}. Got label={label!r:.60}.")
        if label is not None and label in names:
            raise ArgumentError(
                f"label={label!r} is among the inputs, too: a network that is given "
                "its label has nothing to decide. Leave it out of input=."
            )
        if chosen is not None and label is None:
            raise ArgumentError(
                f"input={chosen!r:.60} needs label=, the name of the column of labels."
            )
        return cls(names if several else chosen, label)


def from_named(
    data: Any,
    name: str,
    columns: Columns,
    *,
    collate_fn: Collate | None = None,
    known: KnownNames | None = None,
) -> Examples | None:
    """View data with columns as examples.

    Args:
        data: A table of pandas; a mapping of arrays; or a map-style data set whose
            items are mappings, such as a `Dataset` of Hugging Face.
        name: What errors call the examples.
        columns: Those that were asked for.
        collate_fn: Makes a batch of items, each a dictionary with its label under
            "label".
        known: Names of the classes, where somebody gives them.

    Returns:
        The examples; None where data are of another form and no column was asked for.

    Raises:
        ArgumentError: If columns are asked for of what has none.
        DataError: If there is no such column, or one holds no numbers.
        LabelError: If labels stand for no classes.
    """
    if is_frame(data):
        return _from_table(data, name, columns, collate_fn, known)
    if columns.label is None:
        columns = columns._replace(label=own_label(data))
        if columns.label is None:
            return None
    if isinstance(data, (tuple, list)) and len(data) == 2 and _are_arrays(data[0]):
        raise ArgumentError(
            f"{ABOUT_COLUMNS}; {name} is a pair of inputs and labels, which has no "
            "columns. Leave both out."
        )
    if isinstance(data, Mapping) and not _has_data_sets(data) and collate_fn is None:
        return _from_mapping(data, name, columns, known)
    return from_dictionaries(
        data,
        name,
        chosen=columns.input,
        label=columns.label or "",
        collate_fn=collate_fn,
        known=known,
    )


def _from_table(
    data: Any,
    name: str,
    columns: Columns,
    collate_fn: Collate | None,
    known: KnownNames | None,
) -> Examples:
    if columns.label is None:
        raise DataError(
            f"{name} is a table without a word on which column is the label; name it "
            f"with label=, one of {', '.join(map(repr, list(data.columns)[:8]))}; or "
            "give the pair (inputs, labels)."
        )
    wanted = columns.input
    return from_frame(
        data,
        name,
        chosen=(wanted,) if isinstance(wanted, str) else wanted,
        label=columns.label,
        collate_fn=collate_fn,
        known=known,
    )


def _from_mapping(
    data: Mapping[str, Any], name: str, columns: Columns, known: KnownNames | None
) -> Examples:
    """View a mapping of arrays, of which one is the labels."""
    label = columns.label or ""
    chosen = columns.input
    names = (chosen,) if isinstance(chosen, str) else chosen
    names = tuple(key for key in data if key != label) if names is None else names
    missing = [each for each in (*names, label) if each not in data]
    if missing:
        raise DataError(
            f"{name} has no column {missing[0]!r}; it has "
            f"{', '.join(map(repr, list(data)[:8]))}."
        )
    if isinstance(chosen, str):
        return from_arrays((data[chosen], data[label]), name, known)
    return from_columns(({key: data[key] for key in names}, data[label]), name, known)


def _are_arrays(value: Any) -> bool:
    return hasattr(value, "shape") or isinstance(value, Mapping)


def _has_data_sets(data: Mapping[Any, Any]) -> bool:
    return any(hasattr(part, "features") for part in data.values())

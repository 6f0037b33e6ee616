"""A data set whose items are dictionaries, with the columns that are asked for.

Those of Hugging Face are read where they lie, a batch at a time. The column of labels
is read at once, so that words get the same numbers everywhere; where a transform makes
the items it is not, since the transform may make the labels as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from torch.utils.data import Dataset

from depthviz.datasets.examples import Examples
from depthviz.datasets.items import from_dataset
from depthviz.datasets.labels import Classes, KnownNames, read_classes
from depthviz.datasets.metadata import listed_names
from depthviz.datasets.nested.batching import Collate
from depthviz.datasets.nested.entries import LABELS, describe_item, read_entry
from depthviz.errors import DataError

__all__ = ["from_dictionaries", "own_label"]


def own_label(data: Any) -> str | None:
    """Find the column of labels by its usual name, in a data set that has columns.

    Args:
        data: Anything.

    Returns:
        "labels" or "label"; None where there is not exactly one, or no columns.
    """
    listed = getattr(data, "column_names", None)
    if not isinstance(listed, list) or _is_transformed(data):
        return None
    shown = (getattr(data, "format", None) or {}).get("columns", listed)
    found = [name for name in LABELS if name in shown]
    return found[0] if len(found) == 1 and len(shown) > 1 else None


def from_dictionaries(
    data: Any,
    name: str,
    *,
    chosen: str | tuple[str, ...] | None,
    label: str,
    collate_fn: Collate | None = None,
    known: KnownNames | None = None,
) -> Examples:
    """View a map-style data set of dictionaries as examples.

    Args:
        data: The data set.
        name: What errors call the examples.
        chosen: The column that is the input; several, which make a mapping; or None for
            all but the label.
        label: The column of labels.
        collate_fn: Makes a batch of dictionaries with their label under "label".
        known: Names of the classes, where somebody gives them.

    Returns:
        A view that reads what the data set gives.

    Raises:
        DataError: If it has no such column.
        LabelError: If labels stand for no classes.

    Example:
        >>> items = [{"x": [0.5, 1.0], "kind": "b"}, {"x": [2.0, 0.0], "kind": "a"}]
        >>> read = from_dictionaries(items, "train", chosen="x", label="kind",
        ...     known=KnownNames(("a", "b"))).read
        >>> read(slice(0, 2))
        (tensor([[0.5000, 1.0000],
                [2.0000, 0.0000]]), tensor([1, 0]))
    """
    _check_columns(data, name, chosen, label)
    classes = _read_labels(data, name, label, known)
    names = _feature_names(data, label)
    items = _Dictionaries(data, name, chosen=chosen, label=label)
    items.classes, items.known = names, None if classes is None else classes.labels
    items.whole = collate_fn is not None
    found = from_dataset(items, name, collate_fn, known)
    if classes is None:
        return found
    return replace(
        found,
        class_names=found.class_names or classes.names,
        labels=classes.labels,
        labels_note=classes.note,
    )


class _Dictionaries(Dataset[Any]):
    """Items of another data set, with the columns that are asked for."""

    def __init__(
        self, data: Any, name: str, *, chosen: str | tuple[str, ...] | None, label: str
    ) -> None:
        self.classes: list[Any] | None = None
        self.known: Any = None  # labels (N,), where they were read at once
        self.whole = False  # whether a collator gets the items
        self._data, self._name = data, name
        self._chosen, self._label = chosen, label

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, index: int) -> Any:
        return self._take(self._data[index], index)

    def read_several(self, numbers: list[int]) -> list[Any]:
        """Read several items, at once where the data set can."""
        several = getattr(self._data, "__getitems__", None)
        if several is None:
            return [self[index] for index in numbers]
        pairs = zip(several(numbers), numbers, strict=True)
        return [self._take(item, index) for item, index in pairs]

    def _take(self, item: Any, index: int) -> Any:
        place = f"{self._name}[{index}]"
        if not isinstance(item, Mapping):
            raise DataError(
                f"input= and label= name columns, but {place} is a "
                f"{describe_item(item)}; leave both out, or give a data set whose "
                "items are dictionaries."
            )
        label = self._label_of(item, index, place)
        names = self._chosen
        if isinstance(names, str) and not self.whole:
            return read_entry(_part(item, names, place), names, place), label
        if names is None:
            names = tuple(key for key in item if key != self._label)
        listed = (names,) if isinstance(names, str) else names
        inputs = {key: _part(item, key, place) for key in listed}
        name = self._label if self._label in LABELS else "label"
        return {**inputs, name: label} if self.whole else (inputs, label)

    def _label_of(self, item: Mapping[str, Any], index: int, place: str) -> Any:
        if self.known is not None:
            return int(self.known[index])
        return _part(item, self._label, place)


def _part(item: Mapping[str, Any], key: str, place: str) -> Any:
    if key not in item:
        raise DataError(
            f"{place} has no {key!r}; it has {', '.join(map(repr, list(item)[:8]))}."
        )
    return item[key]


def _check_columns(
    data: Any, name: str, chosen: str | Sequence[str] | None, label: str
) -> None:
    """Refuse names that a data set with columns does not have (`DataError`)."""
    listed = getattr(data, "column_names", None)
    if not isinstance(listed, list) or _is_transformed(data):
        return
    names = [chosen] if isinstance(chosen, str) else list(chosen or ())
    missing = next((each for each in [*names, label] if each not in listed), None)
    if missing is not None:
        raise DataError(
            f"{name} has no column {missing!r}; it has "
            f"{', '.join(map(repr, listed[:8]))}."
        )


def _read_labels(
    data: Any, name: str, label: str, known: KnownNames | None
) -> Classes | None:
    """Read the whole column of labels; None where items alone have it."""
    if not isinstance(getattr(data, "column_names", None), list):
        return None
    if _is_transformed(data):
        return None
    plain = data.with_format(None) if hasattr(data, "with_format") else data
    return read_classes(list(plain[label]), name, known=known)


def _feature_names(data: Any, label: str) -> list[Any] | None:
    features = getattr(data, "features", None)
    column = features.get(label) if isinstance(features, Mapping) else None
    return listed_names(getattr(column, "names", None))


def _is_transformed(data: Any) -> bool:
    """Whether a function of the user's makes the items, as `with_transform` does."""
    return (getattr(data, "format", None) or {}).get("type") == "custom"

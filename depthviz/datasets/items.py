"""A map-style torch dataset as examples: its items as they are.

What it gives is what the network was trained on, its transforms included; whoever does
not want arrays prepared wraps them in a `TensorDataset`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple, Protocol, runtime_checkable

import torch
from torch import Tensor

from depthviz.datasets.examples import Examples, Rows
from depthviz.datasets.indexing import Indexed
from depthviz.datasets.labels import KnownNames, read_label
from depthviz.datasets.metadata import class_names, example_paths
from depthviz.datasets.nested import Nest
from depthviz.datasets.nested.batching import Collate, collate, stack
from depthviz.datasets.nested.entries import LABELS, read_input, split_item
from depthviz.datasets.sources.streams import Stream, is_stream
from depthviz.errors import DataError

__all__ = ["ReadsSeveral", "from_dataset"]


@runtime_checkable
class ReadsSeveral(Protocol):
    """A data set that reads several items faster than one after another."""

    def read_several(self, numbers: list[int]) -> list[Any]:
        """Read items by their positions."""


def from_dataset(
    data: Any,
    name: str,
    collate_fn: Collate | None = None,
    known: KnownNames | None = None,
) -> Examples:
    """View a map-style dataset of (input, label) as examples.

    One that gives its items in their order alone is read so, where it has a length.
    """
    if isinstance(data, Indexed):
        return from_dataset(data.dataset, name, collate_fn, known)
    if is_stream(data):
        data = Stream(data, name)
    _check_dataset(data, name)
    source = _Source(data, name, example_paths(data), collate_fn)
    named = class_names(data)
    words = named
    if known is not None and (known.complete or not named):
        words = known.names
    return Examples(
        name,
        len(data),
        partial(_read_dataset, source, words),
        named,
        paths=source.paths,
        ragged=collate_fn is not None,
    )


class _Source(NamedTuple):
    """A data set, and what is known of its items."""

    data: Any
    name: str
    paths: list[str] | None
    collate_fn: Collate | None


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
    if isinstance(data, Mapping) and any(hasattr(x, "features") for x in data.values()):
        raise DataError(
            f"{name} is a {kind} of {', '.join(map(repr, list(data)[:5]))}; give one "
            f"of these data sets, such as data[{next(iter(data))!r}]."
        )
    if isinstance(data, Mapping) and 0 not in data:
        raise DataError(
            f"{name} is a {kind} of {', '.join(map(repr, list(data)[:5]))}; give the "
            f"pair of its inputs and labels, {_example_of_pair(data, name)}."
        )
    if not hasattr(data, "__getitem__") or not hasattr(data, "__len__"):
        raise DataError(
            f"{name} must be a pair of arrays or a data set with a length and items "
            f"(input, label), got {kind}."
        )


def _example_of_pair(data: Mapping[Any, Any], name: str) -> str:
    """Write what to give in place of a mapping; labels are taken out of several."""
    label = next((key for key in LABELS if key in data), "labels")
    if label in data and len(data) > 2:
        return f"labels = {name}.pop({label!r}), then ({name}, labels)"
    return f"such as ({name}['inputs'], {name}[{label!r}])"


def _read_dataset(
    source: _Source, names: tuple[str, ...] | None, rows: Rows
) -> tuple[Nest, Tensor]:
    data, name = source.data, source.name
    numbers = range(len(data))[rows] if isinstance(rows, slice) else rows.tolist()
    items = _read_items(source, list(numbers))
    places = [f"{name}[{i}]" for i in numbers]
    if source.collate_fn is not None:
        return collate(source.collate_fn, items, places, names)
    pairs = [_item(each, at, names) for each, at in zip(items, places, strict=True)]
    labels = torch.tensor([label for _, label in pairs])
    return stack([inputs for inputs, _ in pairs], places), labels


def _read_items(source: _Source, numbers: list[int]) -> list[Any]:
    """Read items at once where a view of ours can; the error names one of them."""
    if isinstance(source.data, ReadsSeveral):
        with suppress(Exception):
            return source.data.read_several(numbers)
    return [_read_item(source.data, i, source.name, source.paths) for i in numbers]


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


def _item(item: Any, place: str, names: tuple[str, ...] | None) -> tuple[Nest, int]:
    given, label = split_item(item, place)
    return read_input(given, place), read_label(label, place, names)

"""The texts that a data set has beside what the network is given.

A data set of texts that are cut into tokens as they are batched still has them: as a
column, or in its items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from depthviz.datasets.skipping import take_kept
from depthviz.measurement.examples.splits import Splits
from depthviz.study.previews.giving import check_preview

__all__ = ["read_preview", "texts_of"]

NAMES = ("text", "sentence")


def read_preview(preview: Any, splits: Splits, given: Sequence[Any]) -> Any:
    """Find what is to be seen of the examples, before anything is measured.

    Args:
        preview: As the caller gives it; see `measure`.
        splits: The examples, as they are read. Only where a function of the caller's
            makes batches of items may an item hold a text.
        given: What they are read from, training examples first; None for none.

    Returns:
        What was given, or one text an example; None where there is nothing.

    Raises:
        ArgumentError: If it is nothing that can be seen.
        ShapeError: If it is not of N examples.
        StudyError: If a text is not UTF-8.
    """
    if isinstance(preview, str) and preview == "auto":
        parts = [data for data in given if data is not None]
        preview = texts_of(parts, collated=splits.train.ragged)
    if preview is not None:
        check_preview(preview, splits.given_count)
    kept = splits.kept
    return preview if preview is None or kept is None else take_kept(preview, kept)


def texts_of(parts: Sequence[Any], *, collated: bool) -> list[str] | None:
    """Find the text of each example of several data sets.

    Args:
        parts: The data sets, training examples first.
        collated: Whether an item may hold a text.

    Returns:
        One text an example, empty where a data set has none; None where all have none.

    Example:
        >>> items = [{"text": "so", "label": 0}, {"text": "well", "label": 1}]
        >>> texts_of([items], collated=True)
        ['so', 'well']
    """
    found = [_column(part) or (_of_items(part) if collated else None) for part in parts]
    if not any(found):
        return None
    pairs = zip(found, parts, strict=True)
    return [text for texts, part in pairs for text in texts or [""] * _count(part)]


def _count(data: Any) -> int:
    """Count the examples of a data set, or of a pair of inputs and labels."""
    return len(data[1]) if isinstance(data, tuple) else len(data)


def _column(data: Any) -> list[str] | None:
    """Read the column of a data set that has columns, as those of Hugging Face."""
    names = getattr(data, "column_names", None)
    name = next((name for name in NAMES if name in names), None) if names else None
    return None if name is None else _checked(list(data[name]))


def _of_items(data: Any) -> list[str] | None:
    first = data[0] if hasattr(data, "__getitem__") else None
    if not isinstance(first, Mapping):
        return None
    name = next((name for name in NAMES if isinstance(first.get(name), str)), None)
    if name is None:
        return None
    return _checked([data[row].get(name) for row in range(len(data))])


def _checked(values: list[Any]) -> list[str] | None:
    return values if all(isinstance(value, str) for value in values) else None

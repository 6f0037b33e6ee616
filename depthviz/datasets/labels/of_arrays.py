"""The labels of a pair of arrays, or of a column, all at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.labels.of_items import LARGEST, is_whole, one_hot_classes
from depthviz.datasets.labels.remedies import WHOLE, is_missing, other_shape, remedy
from depthviz.datasets.labels.words import (
    SHOWN,
    KnownNames,
    as_words,
    code_words,
    sort_words,
)
from depthviz.datasets.plain_arrays import plain_array
from depthviz.errors import LabelError

__all__ = ["Classes", "read_classes", "read_labels"]


class Classes(NamedTuple):
    """What labels stand for.

    Attributes:
        labels: Shape `(N,)`, int64.
        names: Names of the classes, where the labels know them.
        note: How they were read, in one line; None where there is nothing to say.
    """

    labels: Tensor
    names: tuple[str, ...] | None = None
    note: str | None = None


def read_labels(
    given: Any, name: str, *, what: str | None = None, known: KnownNames | None = None
) -> Tensor:
    """Read the labels alone, as `read_classes` does.

    Args:
        given: One an example: an array of any library, or a list.
        name: What errors call these examples.
        what: What errors call the labels; by default "Labels of" the examples.
        known: Names of the classes, where somebody gives them.

    Returns:
        Labels, int64, shape `(N,)`.

    Raises:
        DataError: If some are masked.
        LabelError: If they stand for no whole numbers, or not one for each example.
    """
    return read_classes(given, name, what=what, known=known).labels


def read_classes(
    given: Any, name: str, *, what: str | None = None, known: KnownNames | None = None
) -> Classes:
    """Read labels, and the names that they bring.

    Args:
        given: Whole numbers, floats that are whole, truth values or words, one an
            example, in an array of any library, a list or a column of pandas; or
            one-hot rows `(N, C)`.
        name: What errors call these examples.
        what: What errors call the labels; by default "Labels of" the examples.
        known: Names of the classes, where somebody gives them.

    Returns:
        Labels `(N,)`, with names where they are words.

    Raises:
        DataError: If some are masked.
        LabelError: If they stand for no whole numbers, or not one for each example.

    Example:
        >>> read_classes(["dog", "cat", "dog"], "train")[:2]
        (tensor([1, 0, 1]), ('cat', 'dog'))
        >>> read_classes(np.eye(3)[[2, 0]], "train").labels
        tensor([2, 0])
    """
    title = what or f"Labels of {name}"
    plain = plain_array(_apart(given), title)
    labels = plain.detach().cpu().numpy() if isinstance(plain, Tensor) else plain
    if given is None or not labels.ndim:
        raise LabelError(
            f"{title} must have shape (N,), one integer per example, got {given!r:.60}."
        )
    if not labels.size:
        return Classes(torch.empty(0, dtype=torch.int64))
    if labels.ndim != 1:
        return _one_hot(labels, given, title)
    words = as_words(labels)
    if words is not None and not all(map(_is_number, words)):
        return _named(words, _categories(given), name, title, known)
    return Classes(_numbers(labels, name, title))


def _apart(given: Any) -> Any:
    """Keep words and numbers of one list apart: numpy makes words of both."""
    mixed = isinstance(given, (list, tuple)) and any(isinstance(x, str) for x in given)
    return np.array(given, object) if mixed else given


def _one_hot(labels: NDArray[Any], given: Any, title: str) -> Classes:
    classes = one_hot_classes(labels)
    if classes is None:
        raise LabelError(
            f"{title} must have shape (N,), one integer per example, "
            f"got shape {labels.shape}{other_shape(labels.shape)}."
        )
    columns = getattr(given, "columns", None)
    names = None if columns is None else tuple(map(str, columns))
    named = names if names != tuple(map(str, range(labels.shape[1]))) else None
    note = f"{title} are one-hot rows: the class is the column of the 1."
    return Classes(torch.from_numpy(classes), named, note)


def _named(
    words: list[Any],
    categories: list[Any] | None,
    name: str,
    title: str,
    known: KnownNames | None,
) -> Classes:
    """Number words by the names that are known, else by their own order."""
    odd = next((i for i, word in enumerate(words) if not isinstance(word, str)), None)
    if odd is not None:
        raise LabelError(
            f"{title} must be words or whole numbers alone; {name}[{odd}] has "
            f"{words[odd]!r:.60}{remedy(words[odd], ', words elsewhere')}."
        )
    there = set(words)
    if known is not None and (known.complete or there <= set(known.names)):
        return Classes(torch.tensor(code_words(words, known.names, name)), known.names)
    of_pandas = categories is not None and there <= set(categories)
    names = tuple(categories or ()) if of_pandas else sort_words(there)
    shown = ", ".join(map(repr, names[:SHOWN])) + (", …" if names[SHOWN:] else "")
    how = "the order of their categories" if of_pandas else "sorted"
    note = (
        f"{title} are words: the classes are {shown}, {how}; class_names= gives "
        "another order, that of the network's outputs."
    )
    return Classes(torch.tensor(code_words(words, names, name)), names, note)


def _numbers(labels: NDArray[Any], name: str, title: str) -> Tensor:
    whole = _whole_numbers(labels)
    if whole is None:
        odd = _first_odd(labels)
        raise LabelError(
            f"{title} must be integers, got {labels.dtype}; {name}[{odd}] has "
            f"{labels[odd]!r}{remedy(labels[odd], WHOLE)}."
        )
    if whole.dtype.kind == "u":
        whole = whole.clip(max=min(LARGEST, np.iinfo(whole.dtype).max))
    return torch.from_numpy(whole.astype(np.int64))


def _whole_numbers(labels: NDArray[Any]) -> NDArray[Any] | None:
    """Read what is whole numbers throughout; None where one is not."""
    if labels.dtype.kind in "iub":
        return labels
    if labels.dtype.kind == "f":
        wide = labels.astype(np.float64)
        whole = (wide % 1 == 0) & (np.abs(wide) < 2.0**53)
        return labels if whole.all() else None
    if labels.dtype.kind != "O":
        return None
    fits = all(is_whole(one) and abs(int(one)) <= LARGEST for one in labels)
    return labels.astype(np.int64) if fits else None


def _first_odd(labels: NDArray[Any]) -> int:
    """Find the first label that is no whole number even when converted."""
    return next((i for i, one in enumerate(labels) if not is_whole(one)), 0)


def _is_number(value: Any) -> bool:
    return not isinstance(value, str) and not is_missing(value)


def _categories(given: Any) -> list[str] | None:
    """List the categories of pandas in their order, where they are words."""
    found = getattr(getattr(given, "dtype", None), "categories", None)
    listed = [] if found is None else list(found)
    return listed if listed and all(isinstance(one, str) for one in listed) else None

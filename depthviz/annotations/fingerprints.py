"""Fingerprints: whether what was annotated is what is there now.

An id says which example is meant, a fingerprint that it is still the same one. Knows
events and ids, and nothing of what was decided.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from depthviz.annotations import folding
from depthviz.annotations.events import Event
from depthviz.errors import ArgumentError, DataError

__all__ = [
    "are_numbers",
    "by_id",
    "check_data",
    "check_inputs",
    "check_told",
    "fingerprint",
    "is_number",
    "of_data",
]

_NUMBER = re.compile("0|-?[1-9][0-9]*")
_PLAIN = "biufcUSM"  # kinds of numpy that are their bytes


def fingerprint(example_input: Any) -> str:
    """Give the fingerprint of one example's input, for `record(..., input=)`.

    Args:
        example_input: An array, a tensor, text or bytes.

    Returns:
        SHA-256 of its type, shape and content, as 64 letters.

    Raises:
        ArgumentError: If it is something else.

    Example:
        >>> fingerprint([[0, 1], [1, 0]])[:8] == fingerprint(np.eye(2)[::-1])[:8]
        False
        >>> fingerprint(np.zeros(3)) == fingerprint(np.zeros(3).tolist())
        True
    """
    if hasattr(example_input, "detach"):  # a tensor, maybe of a GPU, with gradients
        example_input = example_input.detach().cpu()
        kind = str(example_input.dtype)
        example_input = example_input.float() if "bfloat16" in kind else example_input
    if isinstance(example_input, bytes):
        return sha256(b"bytes" + example_input).hexdigest()
    found = np.asarray(example_input)
    if found.dtype.kind not in _PLAIN:
        raise ArgumentError(
            "The input of an example must be an array, a tensor, text or bytes, got "
            f"{type(example_input).__name__}."
        )
    if found.dtype.kind == "U":
        found = np.char.encode(found, "utf-8", "surrogatepass")
    found = np.ascontiguousarray(found.astype(found.dtype.newbyteorder("<")))
    head = f"{found.dtype.str} {found.shape} ".encode()
    return sha256(head + found.tobytes()).hexdigest()


def are_numbers(ids: Iterable[Any]) -> bool:
    """Whether ids are numbers, which every data set has, so that they tell nothing.

    Args:
        ids: Those of the examples.

    Returns:
        Whether all are integers; not of text, whatever it holds.
    """
    dtype: Any = getattr(ids, "dtype", None)
    if getattr(dtype, "kind", "O") != "O":
        return pd.api.types.is_integer_dtype(dtype)
    each = [*ids]
    return bool(each) and all(isinstance(one, Integral) for one in each)


def is_number(example: str) -> bool:
    """Whether an id may be that of other examples in other data: a number, as text."""
    return _NUMBER.fullmatch(example) is not None


def of_data(events: Sequence[Event], data: str | Collection[str] | None) -> list[Event]:
    """Choose the events of one data set.

    Args:
        events: Any.
        data: Its fingerprint, or several of the same examples; None for all events,
            where no number means examples of several data sets.

    Returns:
        Those of that data, and those that do not say of which they are.

    Raises:
        DataError: If one number means examples of several data sets.
    """
    if data is None:
        if len({event.data for event in events} - {""}) > 1:
            _check_one_each(folding.effective(events))
        return [*events]
    chosen = {"", *_fingerprints(data)}
    return [event for event in events if event.data in chosen]


def check_told(events: Iterable[Event], ids: Iterable[Any], data: object) -> None:
    """Ask of which data labels or columns are, where ids are numbers.

    Args:
        events: Those that hold.
        ids: Those of the examples.
        data: Whatever was told.

    Raises:
        ArgumentError: If nothing was, and it matters.
    """
    if data is None and are_numbers(ids):
        found = {event.data for event in events if event.data}
        if found:
            raise ArgumentError(
                "The ids are numbers, which every data set has, and the annotations "
                f"are of the data {_listed(found)}. Say of which these are: data=, "
                "study.dataset.attrs['data_sha256'] of a study."
            )


def check_data(
    events: Iterable[Event], allowed: str | Collection[str], *, words: str
) -> None:
    """Refuse events of other data.

    Args:
        events: Those that hold.
        allowed: Fingerprint of the data that they may be of, or several.
        words: What the error says of these.

    Raises:
        DataError: If one bears another fingerprint.
    """
    other = sorted(
        {event.data for event in events if event.data} - _fingerprints(allowed)
    )
    if other:
        raise DataError(
            f"The annotations were made of other data, with the fingerprint "
            f"{other[0]:.16}…; {words}"
        )


def check_inputs(events: Iterable[Event], inputs: Mapping[str, str]) -> None:
    """Refuse events of examples whose input is another one now.

    Args:
        events: Those that hold.
        inputs: The fingerprint of each example's input, by its id as text.

    Raises:
        DataError: If one bears another fingerprint.
    """
    changed = dict.fromkeys(
        event.example
        for event in events
        if event.input and inputs.get(event.example, event.input) != event.input
    )
    if changed:
        raise DataError(
            f"The inputs of {len(changed):,} annotated examples are not those that "
            f"were looked at, such as {', '.join(map(repr, [*changed][:5]))}."
        )


def _check_one_each(holding: Iterable[Event]) -> None:
    """Refuse numbers of examples that do not look alike, in several data sets."""
    found: dict[str, set[str]] = {}
    looks: dict[str, set[str]] = {}
    for event in holding:
        if event.data and is_number(event.example):
            found.setdefault(event.example, set()).add(event.data)
            looks.setdefault(event.example, set()).add(event.input)
    several = {
        example: data
        for example, data in found.items()
        if len(data) > 1 and (len(looks[example]) > 1 or "" in looks[example])
    }
    if several:
        example, data = next(iter(several.items()))
        raise DataError(
            f"{len(several):,} numbers such as {example!r} mean examples of several "
            f"data sets: {_listed(data)}. Say of which: data=, such as "
            "study.dataset.attrs['data_sha256']; or several, if they are of the same "
            "examples."
        )


def _fingerprints(data: str | Collection[str]) -> set[str]:
    return {data} if isinstance(data, str) else {*data}


def _listed(data: Iterable[str]) -> str:
    return ", ".join(f"{each:.16}…" for each in sorted(data)[:5])


def by_id(ids: Sequence[Any], inputs: Sequence[str]) -> dict[str, str]:
    """Put fingerprints under the ids of their examples."""
    if len(ids) != len(inputs):
        raise ArgumentError(
            f"inputs must have one fingerprint for each of the {len(ids):,} examples, "
            f"got {len(inputs):,}."
        )
    return dict(zip(map(str, ids), inputs, strict=True))

"""Attributes as JSON has them, or a refusal that says where one is not.

People keep a configuration with their study: numbers of numpy, arrays, dates, paths,
nested as deep as they like. What reads the same afterwards is written; what would come
back as something else is refused by its place, before anything is on the disk.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np

from depthviz.errors import StudyError
from depthviz.study.text import is_text

__all__ = ["plain_attributes"]

DEEPEST = 64
SHOWN = 40  # letters of a deep place
PLAIN = (bool, int, float, type(None))
DATES = (datetime.date, datetime.time, np.datetime64)


def plain_attributes(attributes: Mapping[Any, Any], *, of: str = "") -> dict[str, Any]:
    """Make attributes of what JSON has.

    Args:
        attributes: Those of a dataset or a variable.
        of: Name of the variable, for the errors; empty for the dataset.

    Returns:
        The attributes: numpy's numbers as Python's; arrays, tuples and sets (in order)
        as lists; dates and paths as text.

    Raises:
        StudyError: If one is anything else, or a name is no text; says where.
    """
    place = f"{of}.attrs" if of else "attrs"
    found: dict[str, Any] = _plain(dict(attributes), place, 0)
    if "" in found:
        raise StudyError(f"{place}[''] has no name; give it one, or remove it.")
    return found


def _plain(value: Any, place: str, depth: int) -> Any:
    if depth > DEEPEST:
        raise StudyError(
            f"{place[:SHOWN]}… is nested deeper than {DEEPEST} times, or holds itself; "
            "keep a flatter form of it, or remove it."
        )
    if isinstance(value, DATES):
        return str(value) if isinstance(value, np.datetime64) else value.isoformat()
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "biufU":
        value = value.tolist()
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, str):
        return _text(value, place)
    if isinstance(value, Mapping):
        return {
            _key(key, place): _plain(each, f"{place}[{key!r}]", depth + 1)
            for key, each in value.items()
        }
    if isinstance(value, AbstractSet):
        value = _in_order(value, place)
    if isinstance(value, list | tuple):
        return [
            _plain(each, f"{place}[{number}]", depth + 1)
            for number, each in enumerate(value)
        ]
    raise StudyError(
        f"{place} is of type {type(value).__name__}, which a study cannot keep. Give "
        f"it as a number, text, a list or a dictionary, such as str(value), or remove "
        "it."
    )


def _text(value: str, place: str) -> str:
    if is_text(value):
        return str(value)
    raise StudyError(
        f"{place} holds text that is not UTF-8: {value!r}. Decode it with "
        "os.fsencode(value).decode('latin-1'), or with the encoding it is in."
    )


def _key(key: Any, place: str) -> str:
    if isinstance(key, str):
        return _text(key, f"the key {key!r} of {place}")
    raise StudyError(
        f"{place} has the key {key!r}, of type {type(key).__name__}, which would come "
        "back as text. Give keys that are text, or a list of pairs."
    )


def _in_order(value: AbstractSet[Any], place: str) -> list[Any]:
    try:
        return sorted(value)
    except TypeError:
        raise StudyError(
            f"{place} is a set of things that have no order, and would come back in "
            "any. Give a list."
        ) from None

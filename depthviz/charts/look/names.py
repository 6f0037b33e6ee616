"""Names as charts write them: cut to a length, no two alike, and not too many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError

__all__ = ["BREAK", "Chosen", "and_more", "choose_classes", "clean_text", "short_names"]

LONGEST = 36  # letters of a name
BREAK = "\N{RETURN SYMBOL}"  # between two lines of words in a plot
MOST = 20  # classes that are drawn unasked


class Chosen(NamedTuple):
    """Which classes are drawn, and how many are left over.

    Attributes:
        codes: Positions among all classes, in their order.
        more: Number of those that are not drawn.
    """

    codes: list[int]
    more: int


def choose_classes(
    names: Sequence[str], counts: NDArray[np.int64], wanted: Iterable[str] | None
) -> Chosen:
    """Choose the classes of a chart: those asked for, else the commonest.

    Args:
        names: All classes.
        counts: Examples of each, shape `(C,)`.
        wanted: Names, or None for all that some example has, of more than 20 of those
            the commonest.

    Returns:
        The classes; in the study's order, those asked for in the order given.

    Raises:
        ArgumentError: If a name is unknown; says which there are.
    """
    if wanted is not None:
        return _asked(names, wanted)
    present = np.flatnonzero(counts)
    most = len(present) if len(present) <= MOST else MOST
    commonest = present[np.argsort(-counts[present], kind="stable")[:most]]
    return Chosen(sorted(commonest.tolist()), len(present) - most)


def and_more(count: int, what: str) -> str:
    """Say how many are not drawn.

    Args:
        count: How many.
        what: What they are.

    Returns:
        A few words; "" for none.

    Example:
        >>> and_more(40, "classes"), and_more(0, "classes")
        ('… and 40 more classes', '')
    """
    return f"… and {count:,} more {what}" if count else ""


def short_names(names: Iterable[Any], *, longest: int = LONGEST) -> list[str]:
    """Cut names that are too long, and keep all different.

    Args:
        names: Names, different ones.
        longest: Number of letters, at least 4.

    Returns:
        A name each, one that was cut with "…" at its end.

    Example:
        >>> short_names(["a long name, one", "a long name, two", "cat"], longest=8)
        ['a long…', 'a lon… 2', 'cat']
    """
    found: list[str] = []
    taken: set[str] = set()
    for name in map(clean_text, names):
        short, number = _cut(name, longest), 2
        while short in taken:
            ending = f" {number}"
            short = _cut(name + 2 * longest * " ", longest - len(ending)) + ending
            number += 1
        taken.add(short)
        found.append(short)
    return found


def clean_text(text: Any) -> str:
    """Make one line of a text that can be written anywhere.

    Args:
        text: Any text; halves of letters and controls become "�".

    Returns:
        The line.
    """
    line = " ".join(str(text).split())
    line = line.encode("utf-8", "replace").decode()
    return "".join(one if one.isprintable() or one == " " else "�" for one in line)


def _cut(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    return name[: longest - 1].rstrip() + "…"


def _asked(names: Sequence[str], wanted: Iterable[str]) -> Chosen:
    if isinstance(wanted, str):
        raise ArgumentError(f"classes must be several names, got {wanted!r}.")
    places = {name: code for code, name in enumerate(names)}
    codes = []
    for name in wanted:
        if name not in places:
            listed = ", ".join(map(repr, names[:MOST])) + ("…" * (len(names) > MOST))
            raise ArgumentError(f"Unknown class {name!r}. This study has: {listed}.")
        codes.append(places[name])
    if not codes:
        raise ArgumentError("classes must name at least one class, got none.")
    codes = list(dict.fromkeys(codes))
    return Chosen(codes, len(names) - len(codes))

"""Labels that are words, as the numbers of the classes that they name.

Which output of a network stands for which word is not in the words. Names of the
classes say it, where somebody gives them; else the words are sorted, as data sets of
folders and label encoders do, and whoever reads them says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from numpy.typing import NDArray

from depthviz.errors import LabelError

__all__ = ["KnownNames", "as_words", "code_words", "sort_words"]

SHOWN = 5


class KnownNames(NamedTuple):
    """Names of classes, in the order of the network's outputs.

    Attributes:
        names: One a class.
        complete: Whether a word that is not among them is an error; else the names are
            only taken where they hold all words.
    """

    names: tuple[str, ...]
    complete: bool = True


def as_words(labels: NDArray[Any]) -> list[Any] | None:
    """List labels that are text, or missing among text; None if they are no text."""
    if labels.dtype.kind not in "OUST":
        return None
    words = [_decoded(one) for one in labels.tolist()]
    return words if any(isinstance(one, str) for one in words) else None


def sort_words(words: Iterable[str]) -> tuple[str, ...]:
    """Sort the words there are: by number where all are whole numbers.

    Args:
        words: Labels.

    Returns:
        Each once.

    Example:
        >>> sort_words(["10", "9", "10"]), sort_words(["dog", "cat"])
        (('9', '10'), ('cat', 'dog'))
    """
    found = set(words)
    numbers = all(word.isascii() and word.isdigit() for word in found)
    return tuple(sorted(found, key=lambda word: (int(word) if numbers else 0, word)))


def code_words(words: Sequence[str], names: Sequence[str], name: str) -> list[int]:
    """Find the class that each word names.

    Args:
        words: Labels, N of them.
        names: Names of the classes.
        name: What errors call the examples.

    Returns:
        Classes.

    Raises:
        LabelError: If a word is none of the names.

    Example:
        >>> code_words(["dog", "cat"], ["cat", "dog"], "train")
        [1, 0]
    """
    numbers = {each: number for number, each in enumerate(names)}
    row = next((i for i, word in enumerate(words) if word not in numbers), None)
    if row is not None:
        more = ", …" if len(names) > SHOWN else ""
        listed = ", ".join(map(repr, names[:SHOWN])) + more
        raise LabelError(
            f"{name}[{row}] has the label {words[row]!r:.60}, which is none of the "
            f"{len(names)} classes {listed}. Name the classes by the words that the "
            "labels hold, in the order of the network's outputs, with class_names=."
        )
    return [numbers[word] for word in words]


def _decoded(value: Any) -> Any:
    return value.decode("utf-8", "backslashreplace") if type(value) is bytes else value

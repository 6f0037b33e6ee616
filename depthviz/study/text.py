"""Text that can be written down: as UTF-8, on any disk and in any page.

Names of files that are no UTF-8 come from the system with surrogates in them, which no
file takes. They are refused where they come in, with the first of them and a remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from depthviz.errors import StudyError

__all__ = ["as_index", "check_text", "is_text"]


def as_index(values: Any, *, name: str | None = None) -> pd.Index[Any]:
    """Make an index, also of text that is no UTF-8.

    Where Arrow is installed pandas keeps text in it, which takes UTF-8 alone.

    Args:
        values: One-dimensional values.
        name: Of the index.

    Returns:
        The index.
    """
    index: pd.Index[Any]
    try:
        index = pd.Index(values, name=name, tupleize_cols=False)
    except UnicodeEncodeError:
        index = pd.Index(values, name=name, tupleize_cols=False, dtype=object)
    return index


def check_text(what: str, values: Sequence[Any]) -> None:
    """Refuse text that is no UTF-8.

    Args:
        what: What the error calls it.
        values: Text; what is none is passed over.

    Raises:
        StudyError: Names the first that is none.

    Example:
        >>> check_text("Column 'file'", ["café.png"])
    """
    texts = [value for value in values if isinstance(value, str)]
    if is_text("".join(texts)):
        return
    row, odd = next(
        (row, value)
        for row, value in enumerate(values)
        if isinstance(value, str) and not is_text(value)
    )
    place = f"value {row}, " if len(values) > 1 else ""
    raise StudyError(
        f"{what} holds text that is not UTF-8: {place}{odd!r}. Names of files in "
        "another encoding are read so by the system; decode them with "
        "os.fsencode(name).decode('latin-1'), or with the encoding they are in."
    )


def is_text(value: str) -> bool:
    """Whether text can be written as UTF-8.

    Args:
        value: The text.

    Returns:
        Whether it holds no surrogate.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True

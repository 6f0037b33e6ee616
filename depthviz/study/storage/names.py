"""Names of variables as names of folders, which are more narrow on every system.

A variable may bear any text: "meta/source", "..", "Größe", both "ID" and "id". Each is
a folder of the store, so names that some system takes for a path, for another file or
for the same as another are stored as `column-0`, `column-1`, …, and the root says which
is which.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable

from depthviz.errors import StudyError
from depthviz.study.text import check_text

__all__ = ["STORED_NAMES", "stored_names"]

STORED_NAMES = "stored_names"  # attribute of the root: the true name of each
PLAIN = re.compile(r"(?!__)[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # on Windows


def stored_names(names: Iterable[Hashable]) -> dict[str, str]:
    """Choose the name under which each variable is stored, where it is another.

    Args:
        names: Of all variables.

    Returns:
        The stored name by the true one, of those that need one.

    Raises:
        StudyError: If a name is no text, or no UTF-8.

    Example:
        >>> stored_names(["depth", "meta/source", "Depth"])
        {'meta/source': 'column-0', 'Depth': 'column-1'}
    """
    taken: set[str] = set()
    odd: list[str] = []
    for name in names:
        if not isinstance(name, str):
            raise StudyError(
                f"Names of variables must be text to be saved, got {name!r}. Rename it "
                f"with dataset.rename({{{name!r}: {str(name)!r}}})."
            )
        check_text(f"The name {name!r} of a variable", [name])
        if _is_plain(name) and name.lower() not in taken:
            taken.add(name.lower())
        else:
            odd.append(name)
    numbers = (f"column-{number}" for number in range(len(taken) + len(odd)))
    free = (each for each in numbers if each not in taken)
    return dict(zip(odd, free, strict=False))


def _is_plain(name: str) -> bool:
    return bool(PLAIN.fullmatch(name)) and not RESERVED.fullmatch(name)

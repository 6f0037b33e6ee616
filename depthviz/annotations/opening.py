"""Opening a store of annotations."""

from __future__ import annotations

import getpass
import os

from depthviz.annotations.events import make_event
from depthviz.annotations.storage.database import open_database
from depthviz.annotations.store import Annotations

__all__ = ["open"]


def open(
    place: str | os.PathLike[str], *, annotator: str | None = None, kind: str = "human"
) -> Annotations:
    """Open a store of annotations, made if there is none.

    Args:
        place: The path of a file, such as `study.annotations.sqlite`; or the URL of a
            database of PostgreSQL, `postgresql+psycopg://user@host/name`.
        annotator: Whose decisions are recorded; by default the name of this system's
            user.
        kind: "human", "model" or "rule".

    Returns:
        The store.

    Raises:
        ArgumentError: If the place is neither, or the kind is unknown.
        DependencyError: If the driver of PostgreSQL is missing.
        DiskError: If it cannot be opened.
        FormatError: If it is damaged, of a newer version, or holds something else; it
            is left as it is.
    """
    name = annotator if annotator is not None else _user()
    make_event(example="-", field="note", value=None, annotator=name, kind=kind)
    return Annotations(open_database(place), annotator=name, kind=kind)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return "annotator"

"""Opening a store of annotations."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from depthviz.annotations.events import check_new, make_event
from depthviz.annotations.schema import read_schema, roles_of
from depthviz.annotations.storage.database import open_database
from depthviz.annotations.store import Annotations
from depthviz.errors import ArgumentError
from depthviz.study import Study

__all__ = ["open", "place_beside"]

_RUN = "run.json"  # marks the folder of an ensemble's run, which holds its study


def open(
    place: str | os.PathLike[str],
    *,
    annotator: str | None = None,
    kind: str = "human",
    schema: object = None,
) -> Annotations:
    """Open a store of annotations, made if there is none.

    Args:
        place: The path of a file, such as `study.annotations.sqlite`; or the URL of a
            database of PostgreSQL, `postgresql+psycopg://user@host/name`.
        annotator: Whose decisions are recorded; by default the name of this system's
            user.
        kind: "human", "model" or "rule".
        schema: What verdicts of one's own mean, as of `depthviz.explore`; the store
            remembers it.

    Returns:
        The store.

    Raises:
        ArgumentError: If the place is neither, the kind is unknown, or the schema is
            none.
        DependencyError: If the driver of PostgreSQL is missing.
        DiskError: If it cannot be opened.
        FormatError: If it is damaged, of a newer version, or holds something else; it
            is left as it is.
    """
    name = annotator if annotator is not None else _user()
    check_new(make_event(example="-", field="note", annotator=name, kind=kind))
    roles = None if schema is None else roles_of(read_schema(schema))
    store = Annotations(open_database(place), annotator=name, kind=kind)
    if roles is not None:
        store.learn_roles(roles)
    return store


def place_beside(study: Study) -> Path:
    """Find where the annotations of a study are kept unless a place is given.

    Args:
        study: A study that was opened from its folder.

    Returns:
        `NAME.annotations.sqlite` next to that folder, or to the folder of the
        ensemble's run that it is in; never inside, where the next save of the study
        would delete it.

    Raises:
        ArgumentError: If the study is in memory.
    """
    source = study.dataset.encoding.get("source")
    if not isinstance(source, str):
        raise ArgumentError(
            "This study is in memory, so there is no folder beside which its "
            "annotations could be kept. Give a path, such as "
            "annotations='study.annotations.sqlite', or open the study from a folder: "
            "depthviz.open_study(study.save('study.zarr'))."
        )
    folder = Path(os.path.abspath(source))
    if (folder.parent / _RUN).is_file():
        folder = folder.parent
    return folder.with_name(f"{folder.name}.annotations.sqlite")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return "annotator"

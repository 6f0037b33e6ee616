"""A store as a file of SQLite: what is there is looked at first, and then opened.

It is opened anew for each use, so that nothing is shared with a fork, and nothing waits
in a log beside the file while nobody uses it: a copy of the file alone is whole then.
While another program reads what was there before, what is committed waits in the log,
and a copy of the file alone lacks it; a backup does not.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from depthviz.annotations.storage.filesystems import is_on_network
from depthviz.annotations.storage.tables import META, check_version
from depthviz.errors import ArgumentError, DiskError, FormatError

__all__ = ["WRITES", "open_file"]

WRITES = "depthviz_writes"  # an option of a connection
_HEADER = b"SQLite format 3\0"


def open_file(path: Path, *, patience: float) -> tuple[Engine, bool]:
    """Open a file, made if there is none.

    Args:
        path: The file.
        patience: Seconds to wait for others.

    Returns:
        What connects to it, and whether it may be written.

    Raises:
        ArgumentError: If it is a folder.
        DiskError: If it cannot be made or read.
        FormatError: If it is damaged, newer, or holds something else; it is left as it
            is.
    """
    _check_file(path)
    there = path.exists()
    writable = os.access(path if there else path.parent, os.W_OK)
    writable = writable and os.access(path.parent, os.W_OK)
    if not there:
        _make(path, writable=writable)
    engine = create_engine(
        "sqlite://",
        creator=lambda: _connect(path, writable=writable, patience=patience),
        poolclass=NullPool,
    )
    journal = "DELETE" if is_on_network(path.parent) else "WAL"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        if writable:
            connection.execute(f"PRAGMA journal_mode={journal}")
            connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine, writable


def _make(path: Path, *, writable: bool) -> None:
    """Make an empty file: from now on only what is there is opened."""
    words = (
        f"{path} cannot be made: its folder does not exist or is read-only. Give a "
        "path in a folder where you may write."
    )
    if not writable:
        raise DiskError(words)
    try:
        path.touch(mode=0o644)
    except OSError as error:
        raise DiskError(words) from error


def _connect(path: Path, *, writable: bool, patience: float) -> sqlite3.Connection:
    """Connect to a file that is there; one that was removed is not made anew."""
    return sqlite3.connect(
        f"{path.as_uri()}?{'mode=rw' if writable else _reading(path)}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )


def _reading(path: Path) -> str:
    """How to open a file that is only read.

    Where no log waits none is made: one that a reader made could keep its owner from
    writing.
    """
    log = Path(f"{path}-wal")
    return "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"


def _check_file(path: Path) -> None:
    """Refuse what is no database before SQLite could take it for an empty one."""
    try:
        if path.is_dir():
            raise ArgumentError(
                f"{path} is a folder; annotations are kept in a file, such as "
                f"{path}.annotations.sqlite."
            )
        if not path.exists():
            return
        if not path.is_file():
            raise FormatError(f"{path} is no regular file.")
        with path.open("rb") as file:
            head = file.read(len(_HEADER))
    except OSError as error:
        raise DiskError(f"{path} cannot be read: {error.strerror}.") from error
    if head and head != _HEADER:
        raise FormatError(f"{path} is no database of SQLite. It was left as it is.")
    if head:
        _check_content(path)


def _check_content(path: Path) -> None:
    """Refuse what is damaged, newer or of others without writing a byte of it."""
    tables = "SELECT count(*), sum(name = ?) FROM sqlite_master WHERE type = 'table'"
    version = "SELECT value FROM depthviz_meta WHERE name = 'version'"
    try:
        address = f"{path.as_uri()}?{_reading(path)}"
        with closing(sqlite3.connect(address, uri=True)) as found:
            every, ours = found.execute(tables, (META.name,)).fetchone()
            noted = found.execute(version).fetchone() if ours else None
    except sqlite3.OperationalError:
        return  # a log beside it that only a writer can read; said when it is used
    except sqlite3.DatabaseError as error:
        raise FormatError(
            f"{path} is damaged: {error}. It was left as it is; restore it from a "
            "backup, or merge what `sqlite3 FILE .recover` gives into a new store."
        ) from error
    if every and not ours:
        raise FormatError(
            f"{path} is a database of something else. It was left as it is; give "
            "annotations a file of their own."
        )
    if noted is not None and str(noted[0]).isdigit():
        check_version(int(noted[0]))

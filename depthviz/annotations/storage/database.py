"""The database of a store: a file of SQLite beside a study, or one of PostgreSQL.

Writers come one after the other: whoever appends holds the database from its first look
to its commit, so that numbers are given in the order of commits, and no reader that has
seen a number can miss a smaller one later. What fails is said in words.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError as UrlError
from sqlalchemy.exc import DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from depthviz.annotations.storage.failures import in_words, may_pass
from depthviz.annotations.storage.filesystems import is_on_network
from depthviz.annotations.storage.tables import META, MIGRATIONS, migrate, version_of
from depthviz.errors import ArgumentError, DependencyError, DiskError, FormatError
from depthviz.machine.paths import local_path

__all__ = ["Database", "open_database"]

PATIENCE = 30.0  # seconds that a writer waits for others, or for a server that is away
_FIRST_WAIT, _LONGEST_WAIT = 0.05, 1.0
_LOCK = 0x6465707468  # of a server's writers, by agreement
_WRITES = "depthviz_writes"
_HEADER = b"SQLite format 3\0"
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_T = TypeVar("_T")


class Database:
    """A database of events, opened.

    Args:
        engine: What connects to it.
        place: How a person knows it.
        file: The file of SQLite; None for a server.
        writable: Whether it may be written.

    Attributes:
        place: How a person knows it.
        file: The file of SQLite; None for a server.
        writable: Whether it may be written.
    """

    def __init__(
        self, engine: Engine, *, place: str, file: Path | None, writable: bool = True
    ) -> None:
        self._engine = engine
        self.writable = writable
        self.place = place
        self.file = file

    @property
    def is_file(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.file is not None

    def read(self, work: Callable[[Connection], _T]) -> _T:
        """Run queries, all of one state of the database.

        Args:
            work: Called with a connection; again where the server was away.

        Returns:
            What it returns.
        """
        return self._run(work, writes=False)

    def write(self, work: Callable[[Connection], _T]) -> _T:
        """Run a change as one transaction, which nobody else's overlaps.

        Args:
            work: Called with a connection; again where the connection was cut, also
                during the commit: it must find out by itself what is there already.

        Returns:
            What it returned when the commit was acknowledged.

        Raises:
            DiskError: If it cannot be written.
        """
        if not self.writable:
            raise DiskError(
                f"{self.place} cannot be written: the file or its folder is read-only. "
                "Nothing was recorded. Open a store in a folder where you may write, "
                "and merge this one into it."
            )
        return self._run(work, writes=True)

    def close(self) -> None:
        """Let go of all connections; it opens again where it is used."""
        self._engine.dispose()

    def _run(self, work: Callable[[Connection], _T], *, writes: bool) -> _T:
        end = time.monotonic() + PATIENCE
        wait = _FIRST_WAIT
        while True:
            try:
                with self._connected(writes=writes) as connection:
                    return work(connection)
            except (DBAPIError, sqlite3.Error) as error:  # the latter as it connects
                if not may_pass(error) or time.monotonic() + wait > end:
                    raise in_words(
                        error, self.place, is_file=self.is_file, patience=PATIENCE
                    ) from error
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    @contextmanager
    def _connected(self, *, writes: bool) -> Iterator[Connection]:
        with self._engine.connect() as bare:
            connection = bare.execution_options(**{_WRITES: writes})
            with connection.begin():
                if writes and not self.is_file:
                    key = {"key": _LOCK}
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
                yield connection
            if writes and self.is_file:
                _checkpoint(bare)


def _checkpoint(connection: Connection) -> None:
    """Move what was committed from the log into the file.

    Where another program has the file open, SQLite leaves it in the log, and a copy of
    the file alone would lack it.
    """
    driver = connection.connection.driver_connection
    if driver is not None:
        with suppress(sqlite3.Error):  # it is committed, and will be moved later
            driver.execute("PRAGMA wal_checkpoint(PASSIVE)")


def open_database(place: str | os.PathLike[str]) -> Database:
    """Open a database, made or brought to the newest version where that is needed.

    Args:
        place: The path of a file of SQLite, made if there is none, or the URL of a
            database of PostgreSQL.

    Returns:
        The database.

    Raises:
        ArgumentError: If it is neither.
        DependencyError: If the driver of PostgreSQL is missing.
        DiskError: If it cannot be opened.
        FormatError: If it is damaged, newer, or holds something else; it is left as it
            is.
    """
    address = os.fspath(place) if isinstance(place, str | os.PathLike) else place
    is_url = isinstance(address, str) and "://" in address
    database = _server(str(address)) if is_url else _file(local_path(address))
    try:
        if database.read(version_of) != len(MIGRATIONS):
            (database.write if database.writable else database.read)(migrate)
    except BaseException:
        database.close()
        raise
    return database


def _server(url: str) -> Database:
    try:
        parsed = make_url(url)
    except UrlError as error:
        raise ArgumentError(f"{url!r:.200} is no URL of a database.") from error
    driver = _DRIVERS.get(parsed.drivername, parsed.drivername)
    if driver == "sqlite":
        return _file(local_path(parsed.database or ""))
    if not driver.startswith("postgresql"):
        raise ArgumentError(
            f"Annotations are kept in SQLite (a path) or PostgreSQL "
            f"('postgresql+psycopg://user@host/name'), got {driver!r:.80}."
        )
    try:
        engine = create_engine(parsed.set(drivername=driver), poolclass=NullPool)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise DependencyError(
            "PostgreSQL needs its driver: pip install 'torch-depthviz[postgres]'."
        ) from error
    return Database(engine, place=parsed.render_as_string(), file=None)


def _file(path: Path) -> Database:
    """Open a file, anew for each use.

    So nothing is shared with a fork, and nothing waits in a log beside the file while
    nobody writes: a copy of the file alone is whole.
    """
    path = Path(os.path.abspath(path))
    _check_file(path)
    there = path.exists()
    writable = os.access(path if there else path.parent, os.W_OK)
    writable = writable and os.access(path.parent, os.W_OK)
    if not there and not writable:
        raise DiskError(
            f"{path} cannot be made: its folder does not exist or is read-only. Give a "
            "path in a folder where you may write."
        )
    mode = "rwc" if writable else "ro"
    log = Path(f"{path}-wal")
    alone = not writable and not (log.exists() and log.stat().st_size)
    query = f"mode={mode}" + ("&immutable=1" if alone else "")
    uri = f"{path.as_uri()}?{query}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri,
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    journal = "DELETE" if is_on_network(path.parent) else "WAL"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        if writable:
            connection.execute(f"PRAGMA journal_mode={journal}")
            connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return Database(engine, place=str(path), file=path, writable=writable)


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
    """Refuse what is damaged or of others without writing a byte of it."""
    tables = "SELECT count(*), sum(name = ?) FROM sqlite_master WHERE type = 'table'"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as found:
            every, ours = found.execute(tables, (META.name,)).fetchone()
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

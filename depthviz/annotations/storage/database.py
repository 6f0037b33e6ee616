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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError as UrlError
from sqlalchemy.exc import DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from depthviz.annotations.storage.failures import in_words, may_pass
from depthviz.annotations.storage.files import WRITES, open_file
from depthviz.annotations.storage.tables import MIGRATIONS, migrate, version_of
from depthviz.errors import ArgumentError, DependencyError, DiskError
from depthviz.machine.paths import local_path

__all__ = ["Database", "open_database"]

PATIENCE = 30.0  # seconds that a writer waits for others, or for a server that is away
_FIRST_WAIT, _LONGEST_WAIT = 0.05, 1.0
_ANSWER = 10  # seconds that a server has for its first word
_LOCK = 0x6465707468  # of a server's writers, by agreement
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
            connection = bare.execution_options(**{WRITES: writes})
            with connection.begin():
                if writes and not self.is_file:
                    connection.execute(text(f"SET LOCAL lock_timeout = {_lock_wait()}"))
                    key = {"key": _LOCK}
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
                yield connection
            if writes and self.is_file:
                _checkpoint(bare)


def _lock_wait() -> int:
    """Milliseconds that a writer of a server waits for another."""
    return round(1000 * PATIENCE)


def _checkpoint(connection: Connection) -> None:
    """Move what was committed from the log into the file.

    Where another program has the file open, SQLite would leave it in the log, and a
    copy of the file alone would lack it. Where one reads what was there before, it has
    to stay there.
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
    database = _server(str(address)) if is_url else _of_file(local_path(address))
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
        return _of_file(local_path(parsed.database or ""))
    if not driver.startswith("postgresql"):
        raise ArgumentError(
            f"Annotations are kept in SQLite (a path) or PostgreSQL "
            f"('postgresql+psycopg://user@host/name'), got {driver!r:.80}."
        )
    waits = {} if "connect_timeout" in parsed.query else {"connect_timeout": _ANSWER}
    try:
        engine = create_engine(
            parsed.set(drivername=driver), poolclass=NullPool, connect_args=waits
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise DependencyError(
            "PostgreSQL needs its driver: pip install 'torch-depthviz[postgres]'."
        ) from error
    return Database(engine, place=parsed.render_as_string(), file=None)


def _of_file(path: Path) -> Database:
    path = Path(os.path.abspath(path))
    engine, writable = open_file(path, patience=PATIENCE)
    return Database(engine, place=str(path), file=path, writable=writable)

"""A store of an older version becomes the newest one whole, or stays as it was."""

import hashlib
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from depthviz import annotations
from depthviz.annotations.storage import database, tables
from depthviz.errors import FormatError
from tests.paths import ROOT

# What a second and a third version might be: two statements and the mark, then one.
LATER = """
import os, signal, sys
from sqlalchemy import Engine, event, text
from depthviz.annotations.storage import database, tables

def mark(connection, version):
    connection.execute(text(
        f"UPDATE depthviz_meta SET value = '{version}' WHERE name = 'version'"))

def second(connection):
    connection.execute(text("ALTER TABLE depthviz_events ADD COLUMN extra TEXT"))
    connection.execute(text("UPDATE depthviz_events SET extra = field"))
    mark(connection, 2)

def third(connection):
    connection.execute(text("CREATE INDEX extra_index ON depthviz_events (extra)"))
    mark(connection, 3)

tables.MIGRATIONS = database.MIGRATIONS = (*tables.MIGRATIONS, second, third)
"""
KILLED = (
    LATER
    + """
import depthviz.annotations as a
left = [int(sys.argv[2])]
@event.listens_for(Engine, "after_cursor_execute")
def count(connection, cursor, statement, *_):
    changes = statement.split()[0] in ("ALTER", "UPDATE", "CREATE")
    left[0] -= changes
    if changes and left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
a.open(sys.argv[1])
"""
)
STATEMENTS = 5


def rows(place: str) -> tuple[int, int, str]:
    """The version, and how many events there are with a hash of all of them."""

    def work(connection: Connection) -> tuple[int, int, str]:
        query = "SELECT id, time, annotator, example, field, value FROM depthviz_events"
        found = [tuple(row) for row in connection.execute(text(f"{query} ORDER BY id"))]
        digest = hashlib.sha256(repr(found).encode()).hexdigest()
        return tables.version_of(connection), len(found), digest

    opened = database.open_database(place)
    return opened.read(work)


def migrated(place: str) -> tuple[int, int, str]:
    """Open a store by the newest version, in a process of its own."""
    code = f"{LATER}\nimport depthviz.annotations as a\na.open(sys.argv[1])\n"
    subprocess.run([sys.executable, "-c", code, place], check=True, cwd=ROOT)
    scope: dict[str, object] = {}
    kept = tables.MIGRATIONS
    try:
        exec(LATER, scope)
        return rows(place)
    finally:
        tables.MIGRATIONS = database.MIGRATIONS = kept  # type: ignore[misc]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_migration_that_is_killed_is_done_whole_or_not_at_all(
    new_place: Callable[[], str],
) -> None:
    versions = []
    for statement in range(1, STATEMENTS + 1):
        place = new_place()
        with annotations.open(place, annotator="ada") as store:
            store.record_many(
                {"example": each, "field": "verdict", "value": "correct"}
                for each in range(10)
            )
        before = rows(place)
        words = [sys.executable, "-c", KILLED, place, str(statement)]
        ended = subprocess.run(words, check=False, cwd=ROOT)
        assert ended.returncode == -signal.SIGKILL
        killed = rows(place)  # by this version, which would refuse a newer one
        assert killed == before
        versions.append(killed[0])
    newest = migrated(place)
    assert newest == (3, *before[1:])
    assert migrated(place) == newest
    print(f"\nkilled after each of {STATEMENTS} statements: versions {versions}")


def test_a_newer_version_is_refused_and_left_as_it_is(place: str) -> None:
    with annotations.open(place, annotator="ada") as store:
        store.record("1", "note", "x")
    newest = migrated(place)
    with pytest.raises(FormatError, match=r"version 3; .*Upgrade"):
        annotations.open(place)
    assert migrated(place) == newest

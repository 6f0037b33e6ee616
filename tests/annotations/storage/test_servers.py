"""What a server refuses is told at once, and who holds on to it is named in time."""

import time

import psycopg
import pytest

from depthviz import annotations
from depthviz.annotations.events import make_event
from depthviz.annotations.storage import appending, database
from depthviz.errors import ArgumentError, DiskError
from tests.annotations.postgres import Server


@pytest.mark.parametrize("unknown", ["database", "role"])
def test_what_is_not_there_is_told_at_once(server: Server, unknown: str) -> None:
    url = server.new_database()
    wrong = {
        "database": server.url("nothere"),
        "role": url.replace("tester", "nobody"),
    }[unknown]
    assert wrong != url
    began = time.monotonic()
    with pytest.raises(DiskError, match=r"refused this: .*does not exist"):
        annotations.open(wrong)
    assert time.monotonic() - began < 10


def test_a_writer_that_holds_on_is_named_in_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.new_database()
    store = annotations.open(url, annotator="ada")
    monkeypatch.setattr(database, "PATIENCE", 0.5)
    with psycopg.connect(url.replace("+psycopg", "")) as held:
        held.execute("SELECT pg_advisory_xact_lock(%s)", (database._LOCK,))
        with pytest.raises(DiskError, match="written by others for 0 s without"):
            store.record("x", "note", "x")
        assert len(store) == 0  # readers wait for nobody
        held.rollback()
    assert store.record("x", "note", "x").value == "x"


def test_what_a_server_cannot_hold_is_no_matter_of_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = annotations.open(server.new_database())
    monkeypatch.setattr(appending, "check_new", lambda event: event)
    name = "".join(chr(0x4E00 + 7 * each % 20_000) for each in range(1000))
    event = make_event(example="x", field="note", value="x", annotator=name)
    with pytest.raises(ArgumentError, match=r"cannot hold this: .*index row size"):
        store.record_many([event])
    assert len(store) == 0

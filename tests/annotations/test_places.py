"""Places where annotations cannot be kept as usual: said in words, nothing touched."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from depthviz import annotations
from depthviz.annotations.events import make_event
from depthviz.annotations.storage import database, filesystems
from depthviz.annotations.storage.appending import append_events
from depthviz.errors import ArgumentError, DataError, DiskError, FormatError
from tests.annotations.postgres import Server
from tests.paths import ROOT

A = {"example": "a", "field": "note", "value": "x"}


def filled(path: Path, count: int = 20) -> Path:
    with annotations.open(path, annotator="ada") as store:
        store.record_many(
            {"example": each, "field": "verdict", "value": "correct"}
            for each in range(count)
        )
    return path


def test_the_file_alone_is_whole_while_the_store_is_open(tmp_path: Path) -> None:
    store = annotations.open(filled(tmp_path / "a.sqlite"), annotator="ada")
    store.record("x", "note", "last")
    shutil.copy(tmp_path / "a.sqlite", tmp_path / "copy.sqlite")
    assert len(annotations.open(tmp_path / "copy.sqlite")) == 21
    assert {path.name for path in tmp_path.iterdir()} == {"a.sqlite", "copy.sqlite"}


@pytest.mark.parametrize("kind", ["text", "torn", "other", "folder"])
def test_what_is_no_store_is_left_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.sqlite"
    if kind == "text":
        path.write_text("no database at all, but long enough to be one")
    elif kind == "torn":
        whole = filled(path).read_bytes()
        path.write_bytes(whole[:100] + b"\xff" * 4000 + whole[4100:])
    elif kind == "other":
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE mine (x)")
        connection.commit()
        connection.close()
    else:
        path.mkdir()
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises((FormatError, ArgumentError), match=r"a\.sqlite"):
        annotations.open(path)
    assert before is None or path.read_bytes() == before


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.sqlite")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE depthviz_meta SET value='99' WHERE name='version'")
    connection.commit()
    connection.close()
    with pytest.raises(FormatError, match=r"version 99; .*Upgrade depthviz"):
        annotations.open(path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs permissions of POSIX")
def test_a_folder_that_cannot_be_written_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path / "a.sqlite")
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # root may write anyway
    store = annotations.open(path)
    assert len(store) == 20
    with pytest.raises(DiskError, match=r"read-only.*merge this one into it"):
        store.record("1", "note", "x")
    with pytest.raises(DiskError, match="cannot be made"):
        annotations.open(tmp_path / "new.sqlite")


def test_a_full_disk_records_nothing(tmp_path: Path) -> None:
    store = annotations.open(filled(tmp_path / "a.sqlite"), annotator="ada")
    pages = sqlite3.connect(tmp_path / "a.sqlite").execute("PRAGMA page_count")
    [(count,)] = pages.fetchall()
    pages.connection.close()
    engine = store._database._engine

    @event.listens_for(engine, "connect")
    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={count + 1}")

    with pytest.raises(DiskError, match=r"the disk is full\. Nothing of this step"):
        store.record("1", "note", "x" * 2**20)
    assert len(store) == 20


def test_a_writer_that_holds_on_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    store = annotations.open(filled(tmp_path / "a.sqlite"), annotator="ada")
    other = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DiskError, match="written by others"):
        store.record("1", "note", "x")
    other.execute("ROLLBACK")
    other.close()
    store.record("1", "note", "x")


@pytest.mark.parametrize("place", ["mysql://a@b/c", "x://", ""])
def test_other_places_are_refused(place: str) -> None:
    with pytest.raises(ArgumentError):
        annotations.open(place)


def test_a_backup_never_takes_the_place_of_anything(tmp_path: Path) -> None:
    store = annotations.open(filled(tmp_path / "a.sqlite"))
    (tmp_path / "b.sqlite").write_text("mine")
    with pytest.raises(ArgumentError, match="exists"):
        store.backup(tmp_path / "b.sqlite")
    assert (tmp_path / "b.sqlite").read_text() == "mine"
    with annotations.open(store.backup(tmp_path / "c.sqlite")) as copy:
        assert copy.history()["id"].tolist() == store.history()["id"].tolist()
    with pytest.raises(ArgumentError, match="must end in one of"):
        store.export(tmp_path / "c.txt")
    with pytest.raises(DataError):
        store.merge(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_store_that_is_killed_while_it_is_made_is_made_or_not(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from sqlalchemy import Engine, event\n"
        "import depthviz.annotations as a\n"
        "left = [int(sys.argv[2])]\n"
        "@event.listens_for(Engine, 'after_cursor_execute')\n"
        "def count(*_):\n"
        "    left[0] -= 1\n"
        "    if left[0] == 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        "a.open(sys.argv[1]); print('made')\n"
    )
    for statement in range(1, 30):
        path = tmp_path / f"{statement}.sqlite"
        words = [sys.executable, "-c", code, str(path), str(statement)]
        ended = subprocess.run(
            words, check=False, capture_output=True, text=True, cwd=ROOT
        )
        store = annotations.open(path, annotator="ada")
        assert len(store) == 0
        store.record("1", "note", "x")
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert statement > 5


def test_a_server_that_is_killed_and_started_again_has_all_that_was_told(
    server: Server,
) -> None:
    place = server.new_database()
    store = annotations.open(place, annotator="ada")
    told = [store.record(each, "verdict", "correct").id for each in range(5)]
    server.kill()
    server.start()
    told.append(store.record("6", "verdict", "correct").id)
    assert store.history()["id"].tolist() == told


def test_no_reader_misses_what_is_committed_late(server: Server) -> None:
    place = server.new_database()
    store = annotations.open(place, annotator="ada")
    _, number = store.events()
    begun, go_on = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        append_events(connection, [(make_event(**A, annotator="slow"), False)])
        begun.set()
        go_on.wait(30)

    slow = annotations.open(place, annotator="slow")
    first = threading.Thread(target=lambda: slow._database.write(hold))
    second = threading.Thread(target=lambda: store.record("b", "note", "x"))
    first.start()
    assert begun.wait(30)
    second.start()
    seen, number = store.events(after=number)
    go_on.set()
    first.join()
    second.join()
    more, _ = store.events(after=number)
    assert [event.example for event in (*seen, *more)] == ["a", "b"]


def test_network_disks_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    monkeypatch.setattr(filesystems, "_MOUNTS", mounts)
    mounts.write_text(
        "1 0 0:1 / / rw - ext4 /dev/a rw\n"
        f"2 1 0:2 / {tmp_path / 'far'} rw shared:1 - nfs4 server:/x rw\n"
    )
    (tmp_path / "far").mkdir()
    assert filesystems.is_on_network(tmp_path / "far")
    assert not filesystems.is_on_network(tmp_path)
    path = filled(tmp_path / "far" / "a.sqlite")
    assert path.read_bytes()[18] == 1  # a rollback journal, no log
    mounts.unlink()
    assert not filesystems.is_on_network(tmp_path)

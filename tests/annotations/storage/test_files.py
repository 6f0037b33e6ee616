"""Files that are removed, newer, or read by who may not write: nothing is made up."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from depthviz import annotations
from depthviz.annotations.storage import files
from depthviz.errors import DiskError, FormatError

NEWER = "UPDATE depthviz_meta SET value = '99' WHERE name = 'version'"


def filled(path: Path) -> annotations.Annotations:
    store = annotations.open(path, annotator="ada")
    store.record("x", "verdict", "correct")
    return store


def test_a_file_that_was_removed_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    store = filled(path)
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(DiskError, match=r"no longer there\. Nothing was recorded"):
        store.record("y", "verdict", "correct")
    with pytest.raises(DiskError, match="no longer there"):
        store.frame()
    assert [*tmp_path.iterdir()] == []
    path.write_bytes(kept)
    store.record("y", "verdict", "correct")
    assert len(store) == 2


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_newer_file_is_refused_and_not_touched(tmp_path: Path, journal: str) -> None:
    path = tmp_path / "a.sqlite"
    filled(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute(NEWER)
    before = path.read_bytes()
    with pytest.raises(FormatError, match=r"version 99; .*Nothing was changed"):
        annotations.open(path)
    assert path.read_bytes() == before


def test_who_may_not_write_sees_what_others_write_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.sqlite"
    store = filled(path)
    with monkeypatch.context() as patched:
        patched.setattr(files.os, "access", lambda *_, **__: False)
        reader = annotations.open(path)
    assert len(reader) == 1
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM depthviz_events").fetchall()
        for each in "abcde":
            store.record(each, "note", "x")
        assert Path(f"{path}-wal").stat().st_size
        assert len(reader) == 6
        backup = store.backup(tmp_path / "b.sqlite")
        shutil.copy(path, tmp_path / "lone.sqlite")
    assert len(annotations.open(backup)) == 6
    assert len(reader) == 6


@pytest.mark.parametrize("name", ["team.annotations", "team.json", "team"])
def test_a_store_is_known_by_its_first_bytes(tmp_path: Path, name: str) -> None:
    filled(tmp_path / name).close()
    store = annotations.open(tmp_path / "b.sqlite")
    assert store.merge(tmp_path / name) == 1


def test_who_looks_at_a_file_leaves_none_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.sqlite"
    filled(path).close()
    with monkeypatch.context() as patched:
        patched.setattr(files.os, "access", lambda *_, **__: False)
        reader = annotations.open(path)
    assert len(reader.frame()) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["a.sqlite"]

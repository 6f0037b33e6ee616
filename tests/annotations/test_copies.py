"""Copies of a store that is in use, and stores that lost a part: never fewer events."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from depthviz import annotations
from depthviz.errors import DiskError, FormatError
from tests.paths import ROOT
from tests.studies import tiny_study


@contextmanager
def looked_at(path: Path) -> Iterator[sqlite3.Connection]:
    """Hold a store open, as a program that shows databases does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT count(*) FROM depthviz_events").fetchall()
        yield connection


def test_copies_of_a_store_that_is_open_have_all_events(tmp_path: Path) -> None:
    place = tmp_path / "work"
    place.mkdir()
    path = place / "study.annotations.sqlite"
    store = annotations.open(path, annotator="ada")
    with looked_at(path):
        for number in range(100):
            store.record(number, "verdict", "correct")
        beside = sorted(each.name for each in place.iterdir())
        assert f"{path.name}-wal" in beside
        shutil.copytree(place, tmp_path / "folder")
        shutil.copy(path, tmp_path / "lone.sqlite")
        lone, folder = (
            len(annotations.open(each))
            for each in (tmp_path / "lone.sqlite", tmp_path / "folder" / path.name)
        )
    assert (folder, lone) == (100, 100)
    print(f"\nwith {beside}: folder copy {folder}, lone file {lone}")


def test_a_study_that_is_saved_elsewhere_leaves_annotations_where_they_are(
    tmp_path: Path,
) -> None:
    study = tiny_study()
    study.save(tmp_path / "study.zarr")
    path = tmp_path / "study.annotations.sqlite"
    store = annotations.open(path, annotator="ada")
    store.record("1", "verdict", "correct")
    study.save(tmp_path / "study.zarr", overwrite=True)
    study.save(tmp_path / "other" / "study.zarr")
    assert len(store) == 1
    assert [each.name for each in (tmp_path / "other").iterdir()] == ["study.zarr"]
    assert "annotations" in (type(study).save.__doc__ or "").lower()
    copied = store.backup(tmp_path / "other" / path.name)
    assert len(annotations.open(copied)) == 1


def test_damage_within_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with annotations.open(path, annotator="ada") as store:
        store.record_many(
            {"example": each, "field": "note", "value": "x" * 500} for each in range(99)
        )
    whole = path.read_bytes()
    assert len(whole) > 60_000
    path.write_bytes(whole[:40_000] + b"\xff" * 8192 + whole[48_192:])
    damaged = path.read_bytes()
    with pytest.raises(FormatError, match=r"is damaged.*left as it is.*recover"):
        annotations.open(path).history()
    assert path.read_bytes() == damaged


def test_a_file_that_was_cut_short_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with annotations.open(path, annotator="ada") as store:
        store.record_many(
            {"example": each, "field": "note", "value": "x" * 500} for each in range(99)
        )
    cut = path.read_bytes()[:30_000]
    path.write_bytes(cut)
    with pytest.raises(FormatError, match="is damaged"):
        annotations.open(path).history()
    assert path.read_bytes() == cut


LIMITED = (
    "import resource, signal, sys, depthviz.annotations as a\n"
    "from depthviz.errors import DiskError\n"
    "store = a.open(sys.argv[1], annotator='ada')\n"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, -1))\n"
    "told = 0\n"
    "try:\n"
    "    for n in range(100):\n"
    "        store.record(n, 'note', 'x' * 10_000); told += 1\n"
    "except DiskError as error:\n"
    "    print(told, error)\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of POSIX")
def test_a_disk_that_takes_no_more_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    words = [sys.executable, "-c", LIMITED, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    told = int(done.stdout.split()[0])
    assert "Nothing" in done.stdout
    store = annotations.open(path, annotator="ada")
    assert told > 5
    assert len(store) == told
    store.record("more", "note", "room again")
    print(
        f"\n{told} told before the disk was full, {told} there: {done.stdout.strip()}"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs permissions of POSIX")
@pytest.mark.skipif(not os.geteuid(), reason="root may write anywhere")
def test_a_folder_without_permission_is_read_and_never_written(tmp_path: Path) -> None:
    place = tmp_path / "shut"
    place.mkdir()
    with annotations.open(place / "a.sqlite", annotator="ada") as store:
        store.record("1", "note", "x")
    for mode in (0o555, 0o755):
        place.chmod(0o555)
        (place / "a.sqlite").chmod(0o444 if mode == 0o755 else 0o644)
        with annotations.open(place / "a.sqlite") as store:
            assert len(store) == 1
            with pytest.raises(DiskError, match="read-only"):
                store.record("2", "note", "x")
        assert [each.name for each in place.iterdir()] == ["a.sqlite"]
        place.chmod(0o755)

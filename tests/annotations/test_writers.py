"""Writers that are killed, cut off, or there at the same moment: nothing is lost."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from depthviz import annotations
from tests.paths import ROOT


def test_what_was_committed_though_its_answer_was_lost_is_there_once(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = annotations.open(place, annotator="ada")
    future = datetime.now(UTC) + timedelta(hours=1)
    store.record("0", "verdict", "correct", time=future)  # later ids are made anew
    connected = store._database._connected
    left = [0]

    @contextmanager
    def cut(*, writes: bool) -> Iterator[Connection]:
        with connected(writes=writes) as connection:
            yield connection
        if writes and left[0]:
            left[0] -= 1
            cause = RuntimeError("cut")
            raise OperationalError("COMMIT", {}, cause, connection_invalidated=True)

    monkeypatch.setattr(store._database, "_connected", cut)
    left[0] = 1
    store.record("1", "verdict", "correct")
    left[0] = 1
    assert len(store.undo()) == 1
    assert store.frame().index.tolist() == [("0", "ada")]
    left[0] = 2
    other = annotations.open(tmp_path / "other.sqlite", annotator="bob")
    other.record("2", "verdict", "correct")
    assert store.merge(other) == 1
    assert left == [0]
    assert len(store) == 4


def test_many_may_make_a_store_at_the_same_moment(place: str) -> None:
    code = (
        "import sys, depthviz.annotations as a\n"
        "store = a.open(sys.argv[1], annotator=sys.argv[2])\n"
        "[store.record(n, 'verdict', 'correct') for n in range(5)]\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, place, str(each)], cwd=ROOT)
        for each in range(4)
    ]
    assert [process.wait() for process in started] == [0] * 4
    assert len(annotations.open(place)) == 20


def test_a_process_that_is_killed_loses_nothing_that_was_acknowledged(
    new_place: Callable[[], str],
) -> None:
    place = new_place()
    code = (
        "import sys, depthviz.annotations as a\n"
        "store = a.open(sys.argv[1], annotator='ada')\n"
        "for n in range(10_000):\n"
        "    print(store.record(n, 'verdict', 'correct').id, flush=True)\n"
    )
    told: list[str] = []
    for _ in range(3):
        words = [sys.executable, "-c", code, place]
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as process:
            assert process.stdout is not None
            told += [process.stdout.readline().strip() for _ in range(7)]
            process.kill()
            told += [line.strip() for line in process.stdout if len(line) == 37]
        kept = set(annotations.open(place).history()["id"])
        assert set(told) <= kept

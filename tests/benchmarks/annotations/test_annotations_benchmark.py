"""A part of what the command tries at length; nothing that was told is lost."""

import re
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from tests.annotations.postgres import running_server
from tests.benchmarks.annotations import __main__ as benchmark
from tests.benchmarks.annotations.rows import Row

SHARES = {"at once": 0.02, "crowd": 0.1, "late": 0.1, "killed": 0.02, "server": 0.015}
STORES = {"crowd": 1, "server": 1}  # how many of both are tried
LONGEST = {"crowd": 15.0}  # seconds of the longest call; a person waits 10 at most
PERSON = 10.0


@pytest.mark.parametrize("part", benchmark.PARTS)
def test_nothing_that_was_acknowledged_is_lost(part: str, tmp_path: Path) -> None:
    drawn = np.random.default_rng(0)
    with running_server() as server:
        found = benchmark.measure(part, tmp_path, server, SHARES[part], drawn)
        rows = [*islice(found, STORES.get(part, 2))]
    assert len(rows) == STORES.get(part, 2)
    for row in rows:
        print(row)
        assert row.there == row.acknowledged > 0
        assert (row.longest or 0.0) < LONGEST.get(part, 30.0)
        if waited := re.search(r"waits ([\d.]+) s", row.what):
            assert float(waited[1]) < PERSON


def test_the_command_prints_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Row("one writer", "SQLite", 5, 5, 0.25)
    monkeypatch.setattr(benchmark, "measure", lambda *_: [row])
    benchmark.main(["--parts", "late,killed"])
    printed = capsys.readouterr().out
    assert "| what | store | acknowledged | there |" in printed
    assert printed.count("| one writer | SQLite | 5 | 5 | 0.250 |  |") == 2

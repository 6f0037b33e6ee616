"""A small part of what the command tries at length; nothing that was told is lost."""

import pytest

from tests.benchmarks.annotations import __main__ as benchmark


def test_nothing_that_was_acknowledged_is_lost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    benchmark.main(["--share", "0.02"])
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines()]
    counted = [(row[3].strip(), row[4].strip()) for row in rows if len(row) == 8]
    assert len(counted) == 6
    for told, there in counted[2:]:
        assert told == there != "0"

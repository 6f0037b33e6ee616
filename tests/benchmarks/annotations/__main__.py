"""What a store of annotations bears, on SQLite and PostgreSQL.

Run with `python -m tests.benchmarks.annotations [--share 0.1]`; it prints one table:
many writers at once, a person among eight programs, commits that come late, writers
that are killed, and a server that is.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tests.annotations.postgres import Server, running_server
from tests.benchmarks.annotations.late_commits import late_commits
from tests.benchmarks.annotations.rows import HEADER, Row
from tests.benchmarks.annotations.writers import killed, many_at_once, server_killed
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.tables import table

__all__ = ["main"]

WRITERS, EVENTS, KILLS = 4, 5_000, 200
CROWD, CROWD_EVENTS = 8, 2_000
ROUNDS = 200
HOLD = {"SQLite": 1.0, "PostgreSQL": 0.2}  # seconds that a commit is late, at most
PARTS = ("at once", "crowd", "late", "killed", "server")


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="part of all tries")
    parser.add_argument("--seed", type=int, default=0, help="decides moments of kills")
    parser.add_argument("--parts", default=",".join(PARTS), help="with commas")
    given = parser.parse_args(words)
    drawn = np.random.default_rng(given.seed)
    print(describe_processor(), flush=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        for part in given.parts.split(","):
            for row in measure(part, Path(folder), server, given.share, drawn):
                rows.append(row)
                print(*row, flush=True)
    print()
    print(table("**What a store bears.**", HEADER, rows))


def measure(
    part: str, folder: Path, server: Server, share: float, drawn: np.random.Generator
) -> Iterator[Row]:
    """Try one part on both stores, as many times as the share says."""

    def times(count: int) -> int:
        return max(1, round(count * share))

    if part == "server":
        yield server_killed(server, times(KILLS), drawn)
        return
    places = {
        "SQLite": str(folder / f"{part}.annotations.sqlite"),
        "PostgreSQL": server.new_database(),
    }
    for name, place in places.items():
        if part == "at once":
            yield many_at_once(name, place, writers=WRITERS, count=times(EVENTS))
        elif part == "crowd":
            count = times(CROWD_EVENTS)
            yield many_at_once(name, place, writers=CROWD, count=count, person=True)
        elif part == "late":
            yield late_commits(name, place, times(ROUNDS), drawn, hold=HOLD[name])
        else:
            yield killed(name, place, times(KILLS), drawn)


if __name__ == "__main__":
    main()

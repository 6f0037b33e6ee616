"""What a store of annotations bears: four writers at once, and writers that are killed.

Run with `python -m tests.benchmarks.annotations [--share 0.1]`; it prints one table for
SQLite and PostgreSQL: events that were acknowledged, those that are there, the longest
call, and how many came in a second.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from depthviz import annotations
from tests.annotations.postgres import running_server
from tests.benchmarks.processor import describe_processor
from tests.paths import ROOT

__all__ = ["main"]

WRITERS, EVENTS, KILLS = 4, 5_000, 200
WRITE = (
    "import sys, time, depthviz.annotations as a\n"
    "store = a.open(sys.argv[1], annotator=sys.argv[2])\n"
    "longest = 0.0\n"
    "for n in range(int(sys.argv[3])):\n"
    "    begun = time.monotonic()\n"
    "    event = store.record(n, 'verdict', 'correct')\n"
    "    longest = max(longest, time.monotonic() - begun)\n"
    "    print(event.id, longest, flush=True)\n"
)


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="part of all tries")
    parser.add_argument("--seed", type=int, default=0, help="decides moments of kills")
    given = parser.parse_args(words)
    print(describe_processor())
    print("| what | store | acknowledged | there | longest call | events in a second |")
    print("|---|---|---|---|---|---|")
    drawn = np.random.default_rng(given.seed)
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        places = {
            "SQLite": str(Path(folder) / "a.annotations.sqlite"),
            "PostgreSQL": server.url(),
        }
        for name, place in places.items():
            _many(name, place, max(1, round(EVENTS * given.share)))
            _killed(name, place, max(1, round(KILLS * given.share)), drawn)


def _many(name: str, place: str, count: int) -> None:
    begun = time.monotonic()
    writers = [_start(place, f"writer {each}", count) for each in range(WRITERS)]
    told = [writer.communicate()[0].split("\n")[:-1] for writer in writers]
    seconds = time.monotonic() - begun
    longest = max(float(lines[-1].split()[1]) for lines in told)
    with annotations.open(place) as store:
        events = store.events()[0]
    for each in range(WRITERS):
        own = [event for event in events if event.annotator == f"writer {each}"]
        assert [event.time for event in own] == sorted({event.time for event in own})
        assert [event.id for event in own] == sorted({event.id for event in own})
    acknowledged = {line.split()[0] for lines in told for line in lines}
    there = len(acknowledged & {event.id for event in events})
    rate = f"{len(acknowledged) / seconds:,.0f}"
    counts = f"{len(acknowledged):,} | {there:,}"
    print(
        f"| {WRITERS} writers at once | {name} | {counts} | {longest:.2f} s | {rate} |"
    )


def _killed(name: str, place: str, count: int, drawn: np.random.Generator) -> None:
    acknowledged: set[str] = set()
    for number in range(count):
        with _start(place, f"killed {number}", 10**6) as writer:
            assert writer.stdout is not None
            acknowledged.add(writer.stdout.readline().split()[0])
            time.sleep(drawn.uniform(0, 0.2))
            writer.kill()
            lines = writer.stdout.read().split("\n")[:-1]
            acknowledged |= {line.split()[0] for line in lines}
    with annotations.open(place) as store:
        there = acknowledged & {event.id for event in store.events()[0]}
    counts = f"{len(acknowledged):,} | {len(there):,}"
    print(f"| {count} writers killed | {name} | {counts} | | |")


def _start(place: str, annotator: str, count: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITE, place, annotator, str(count)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)


if __name__ == "__main__":
    main()

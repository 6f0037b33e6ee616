"""Processes that record: many at once, and such as are killed, or whose server is.

Each prints the id of every event that `record` returned, and how long its longest call
took so far: what it printed was acknowledged.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence

import numpy as np

from depthviz import annotations
from depthviz.annotations import Event
from tests.annotations.postgres import Server
from tests.benchmarks.annotations.rows import Row
from tests.paths import ROOT

__all__ = ["killed", "many_at_once", "server_killed"]

WRITE = (
    "import sys, time, depthviz.annotations as a\n"
    "store = a.open(sys.argv[1], annotator=sys.argv[2])\n"
    "longest, pause = 0.0, float(sys.argv[4])\n"
    "for n in range(int(sys.argv[3])):\n"
    "    begun = time.monotonic()\n"
    "    event = store.record(n, 'verdict', 'correct')\n"
    "    longest = max(longest, time.monotonic() - begun)\n"
    "    print(event.id, longest, flush=True)\n"
    "    time.sleep(pause)\n"
)
FOREVER = 10**6
EVERY = 0.2  # seconds between the events of a person among programs


def many_at_once(
    name: str, place: str, *, writers: int, count: int, person: bool = False
) -> Row:
    """Let writers record at once; a person among them records every 0.2 s meanwhile."""
    begun = time.monotonic()
    started = [_start(place, f"writer {each}", count) for each in range(writers)]
    slow = _start(place, "person", FOREVER, pause=EVERY) if person else None
    told = [writer.communicate()[0].split("\n")[:-1] for writer in started]
    seconds = time.monotonic() - begun
    assert [writer.returncode for writer in started] == [0] * writers
    longest = max(float(lines[-1].split()[1]) for lines in told)
    what = f"{writers} writers at once, {count:,} each"
    if slow is not None:
        slow.terminate()
        told.append(slow.communicate()[0].split("\n")[:-1])
        what += f"; a person among them waits {float(told[-1][-1].split()[1]):.2f} s"
    acknowledged = {line.split()[0] for lines in told for line in lines}
    events = _events(place)
    for each in {event.annotator for event in events}:
        _check_order([event for event in events if event.annotator == each])
    there = len(acknowledged & {event.id for event in events})
    rate = writers * count / seconds
    return Row(what, name, len(acknowledged), there, longest, rate)


def killed(name: str, place: str, count: int, drawn: np.random.Generator) -> Row:
    """Kill writers at random moments, one after the other."""
    acknowledged: set[str] = set()
    for number in range(count):
        with _start(place, f"killed {number}", FOREVER) as writer:
            assert writer.stdout is not None
            acknowledged.add(writer.stdout.readline().split()[0])
            time.sleep(drawn.uniform(0, 0.2))
            writer.kill()
            lines = writer.stdout.read().split("\n")[:-1]
            acknowledged |= {line.split()[0] for line in lines}
    there = acknowledged & {event.id for event in _events(place)}
    return Row(f"{count} writers killed", name, len(acknowledged), len(there))


def server_killed(server: Server, count: int, drawn: np.random.Generator) -> Row:
    """Kill the server at random moments while one writer goes on recording."""
    place = server.new_database()
    _events(place)  # made
    lines: list[str] = []
    with _start(place, "ada", FOREVER) as writer:
        assert writer.stdout is not None
        reader = threading.Thread(target=lambda: lines.extend(writer.stdout or ()))
        reader.start()
        for _ in range(count):
            before = len(lines)
            while len(lines) == before and writer.poll() is None:
                time.sleep(0.01)
            time.sleep(drawn.uniform(0, 0.2))
            server.kill()
            server.start()
        before = len(lines)
        while len(lines) == before and writer.poll() is None:
            time.sleep(0.01)
        assert writer.poll() is None, "the writer gave up"
        writer.kill()
        reader.join()
    acknowledged = {line.split()[0] for line in lines if line.endswith("\n")}
    events = _events(place)
    assert len({event.id for event in events}) == len(events)
    there = acknowledged & {event.id for event in events}
    longest = float(lines[-1].split()[1])
    what = f"server killed {count} times and started again"
    return Row(what, "PostgreSQL", len(acknowledged), len(there), longest)


def _events(place: str) -> list[Event]:
    with annotations.open(place) as store:
        return store.events()[0]


def _check_order(own: Sequence[Event]) -> None:
    """Times and ids of one annotator rise, in the order of commits."""
    assert [event.time for event in own] == sorted({event.time for event in own})
    assert [event.id for event in own] == sorted({event.id for event in own})


def _start(
    place: str, annotator: str, count: int, *, pause: float = 0
) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITE, place, annotator, str(count), str(pause)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)

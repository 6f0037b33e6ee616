"""Events that are committed late: whether a reader who goes on from a number sees them.

One writer holds its transaction open while another records and a reader refreshes. A
reader that asks for "id > last seen" of a plain counter loses the first one's event.
"""

import threading
import time

import numpy as np
from sqlalchemy import Connection

from depthviz import annotations
from depthviz.annotations import Annotations
from depthviz.annotations.events import make_event
from depthviz.annotations.storage.appending import append_events
from tests.benchmarks.annotations.rows import Row

__all__ = ["late_commits"]


def late_commits(
    name: str, place: str, rounds: int, drawn: np.random.Generator, *, hold: float
) -> Row:
    """Let two writers commit in random order while a reader goes on from its number."""
    stores = [annotations.open(place, annotator=f"late {each}") for each in range(2)]
    seen: list[str] = []
    longest = 0.0
    with annotations.open(place) as reader:
        _, number = reader.events()
        for each in range(rounds):
            first = int(drawn.integers(2))
            slow, quick = stores[first], stores[1 - first]
            held, pause = float(drawn.uniform(0, hold)), float(drawn.uniform(0, hold))
            begun = threading.Event()
            hand = threading.Thread(target=_hold, args=(slow, each, begun, held))
            hand.start()
            assert begun.wait(30)
            other = threading.Thread(target=quick.record, args=(each, "note", "B"))
            started = time.monotonic()
            other.start()
            time.sleep(pause)
            events, number = reader.events(after=number)
            seen += [event.id for event in events]
            for thread in (hand, other):
                thread.join()
            longest = max(longest, time.monotonic() - started)
            events, number = reader.events(after=number)
            seen += [event.id for event in events]
        kept = {
            event.id
            for event in reader.events()[0]
            if event.annotator.startswith("late")
        }
    assert len(kept) == 2 * rounds
    assert len(seen) == len({*seen}), "an event was seen twice"
    what = f"{rounds} rounds of late commits, up to {hold:g} s late"
    return Row(what, name, len(kept), len(kept & {*seen}), longest)


def _hold(
    store: Annotations, example: int, begun: threading.Event, seconds: float
) -> None:
    def work(connection: Connection) -> None:
        given = {"example": example, "field": "note", "value": "A"}
        event = make_event(**given, annotator=store.annotator)
        append_events(connection, [(event, False)])
        begun.set()
        time.sleep(seconds)

    store._database.write(work)

"""Writers that are killed at random moments, and what is found afterwards.

A process of its own writes one thing over another, again and again, and is killed.
What is there then must be the earlier thing or the later one, whole; and the next call
to the same place must leave nothing else there. Of saved views, each that was confirmed
must be there.
"""

import hashlib
import json
import multiprocessing
import os
import random
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import depthviz as dv
from tests.benchmarks.faults.found import Found
from tests.studies import vector_study

__all__ = ["kills"]

LONGEST = 0.4  # seconds of writing before a kill
PRELOADED = ["dask.array", "depthviz.reports", "depthviz.widgets", __name__]

Writer = Callable[[dv.Study, Path], object]
WRITERS: dict[str, Writer] = {
    "save": lambda study, place: study.save(place, overwrite=True),
    "report": dv.report,
    "to_site": lambda study, place: dv.explore(study).to_site(place),
    "to_png": lambda study, place: dv.explore(study).to_png(place),
    "to_html": lambda study, place: dv.explore(study).to_html(place),
}
VIEWS = "save_view"


def kills(count: int, seed: int) -> Found:
    """Kill writers at random moments, each kind in turn.

    Args:
        count: How many.
        seed: Decides the moments.

    Returns:
        What was tried, and what did not hold.
    """
    draw = random.Random(seed)
    notes = []
    with tempfile.TemporaryDirectory() as folder, _processes() as processes:
        place = Path(folder)
        whole = _prepare(place)
        for number in range(count):
            kind = [*WRITERS, VIEWS][number % (len(WRITERS) + 1)]
            confirmed = _kill(processes, kind, place, draw.random() * LONGEST)
            check = _check_views if kind == VIEWS else _check_whole
            problem = check(kind, place, whole, confirmed)
            if problem:
                notes.append(f"kill {number} during {kind}: {problem}")
    return Found(count, notes)


@contextmanager
def _processes() -> Iterator[ForkServerContext]:
    """What forks a process that has imported everything and started nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    yield context


def _prepare(place: Path) -> dict[str, set[str]]:
    """Write both versions of all things, and digest them, by kind."""
    both = _studies()
    for name, study in both.items():
        study.save(place / "studies" / name)
    digests: dict[str, set[str]] = {kind: set() for kind in WRITERS}
    for study in _opened(place):
        for kind, write in WRITERS.items():
            write(study, place / kind / "thing")
            digests[kind].add(_digest(place / kind / "thing"))
    both["old"].save(place / VIEWS / "thing")
    return digests


def _studies() -> dict[str, dv.Study]:
    return {"old": vector_study(12), "new": vector_study(20)}


def _opened(place: Path) -> list[dv.Study]:
    opened = [dv.open_study(place / "studies" / name) for name in ("old", "new")]
    for study in opened:
        study.dataset.load()
    return opened


def _kill(
    processes: ForkServerContext, kind: str, place: Path, seconds: float
) -> list[str]:
    """Let a process write, kill it, and return what it confirmed."""
    here, there = processes.Pipe(duplex=False)
    work = _save_views if kind == VIEWS else _write
    writer = processes.Process(target=work, args=(kind, place, there))
    writer.start()
    there.close()
    here.recv()  # it has begun
    writer.join(seconds)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    confirmed = []
    try:
        while True:
            confirmed.append(here.recv())
    except EOFError:
        return confirmed


def _write(kind: str, place: Path, confirm: Connection) -> None:
    both = _opened(place)
    WRITERS[kind](both[1], place / kind / "thing")
    confirm.send("begun")
    while True:
        for study in both:
            WRITERS[kind](study, place / kind / "thing")
            confirm.send("written")


def _save_views(kind: str, place: Path, confirm: Connection) -> None:
    explorer = dv.explore(dv.open_study(place / kind / "thing"))
    confirm.send("begun")
    number = 0
    while True:
        name = f"{os.getpid()} {number}"
        explorer.save_view(name)
        confirm.send(name)
        number += 1


def _check_whole(
    kind: str, place: Path, whole: dict[str, set[str]], confirmed: list[str]
) -> str:
    """Say what is wrong with what a killed writer left; "" if nothing is."""
    thing = place / kind / "thing"
    if kind == "save":
        dv.open_study(thing).dataset.load()  # a reader finds all of it
    if _digest(thing) not in whole[kind]:
        return f"neither old nor new, after {len(confirmed)} that were"
    WRITERS[kind](_opened(place)[0], thing)
    return _strays(thing.parent, {"thing"})


def _check_views(
    kind: str, place: Path, whole: dict[str, set[str]], confirmed: list[str]
) -> str:
    """Say what is wrong with the views that a killed process left."""
    thing = place / kind / "thing"
    explorer = dv.explore(dv.open_study(thing))
    lost = set(confirmed) - set(explorer.saved_views)
    if lost:
        return f"{len(lost)} of {len(confirmed)} views are lost"
    explorer.save_view("last")
    explorer.study.dataset.load()
    kept = json.loads((thing / "views.json").read_text("utf-8"))
    for name in kept:
        explorer.delete_view(name)
    known = {each.name for each in (place / "studies" / "old").iterdir()}
    return _strays(thing, known | {"views.json"})


def _strays(folder: Path, known: set[str]) -> str:
    others = sorted(each.name for each in folder.iterdir() if each.name not in known)
    return f"left {', '.join(others)}" if others else ""


def _digest(place: Path) -> str:
    """Digest all files at a path and their names."""
    found = hashlib.sha256()
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    for file in files:
        if file.is_file():
            found.update(file.relative_to(place).as_posix().encode())
            found.update(file.read_bytes())
    return found.hexdigest()

"""A person's Stop at random moments: nothing stays changed, and a call again is equal.

Half of the moments are lines of the package, each execution of each as likely, half are
points in time. The exception is kept until all was looked at, as a notebook keeps it.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import depthviz as dv
from depthviz.difficulty import input_margin
from depthviz.machine.interrupts import uninterrupted
from depthviz.projections import umap_layers
from tests.benchmarks.faults.found import Found
from tests.benchmarks.faults.moments import count_lines, stop_sometime
from tests.machine.stops import state_of

__all__ = ["stops"]

N, SIDE = 90, 6


@dataclass
class Case:
    """One call: what it returns in short, how long it takes, how many lines it runs."""

    name: str
    call: Callable[[], str]
    whole: str = ""
    seconds: float = 0.0
    lines: int = 0

    def measure(self) -> None:
        """Run it undisturbed, the first time for what is compiled and loaded."""
        self.call()
        begun = perf_counter()
        self.whole = self.call()
        self.seconds = perf_counter() - begun
        self.lines = count_lines(self.call)


def stops(count: int, seed: int) -> Found:
    """Stop calls at random moments.

    Args:
        count: Number of Stops that are to come while a call runs.
        seed: Decides calls and moments.

    Returns:
        How many came, and what was left of those that left something changed.
    """
    draw, tried, notes = random.Random(seed), 0, []
    with _own_temporary_folder() as folder, _default_handler():
        network = _network()
        cases = _cases(network, folder)
        for case in cases:
            case.measure()
        for _ in range(4 * count):  # some come too late
            if tried == count:
                break
            (case,) = draw.choices(cases, [1 / (0.1 + each.seconds) for each in cases])
            before = _state(network, folder)
            error = stop_sometime(
                case.call, draw, lines=case.lines, seconds=case.seconds
            )
            if error is None:
                continue
            tried += 1
            changed = _changed(before, _state(network, folder))
            del error
            changed += _again(case)
            if changed:
                notes.append(f"{case.name}: {'; '.join(changed)}")
    return Found(tried, notes)


def _again(case: Case) -> list[str]:
    """Call what was stopped once more, and say what is not as it was before."""
    try:
        same = case.call() == case.whole
    except KeyboardInterrupt:
        return ["the Stop is raised once more by the next call"]
    return [] if same else ["a call again gives another result"]


def _cases(network: nn.Module, folder: Path) -> list[Case]:
    """List what is stopped; results are digests."""
    generator = np.random.default_rng(0)
    data = generator.random((N, SIDE), np.float32), np.arange(N) % 3
    options = {"k": 5, "progress": False, "images": None, "batch_size": 16}
    spilled = {"memory_limit": 1 << 12, "scratch": folder}
    study = dv.measure(network, data, projection="pca", **options)
    near = [study.dataset[f"neighbor_{each}"].values for each in ("index", "distance")]
    rows = torch.from_numpy(data[0])
    ensemble = dv.Ensemble(
        _network,
        data,
        members=3,
        holdout=0.34,
        recipe=dv.Recipe(epochs=1, checkpoints=2),
        k=3,
        projection=None,
        images=None,
        input_margin=False,
    )
    page = folder / "page.html"
    explorer = dv.explore(study)

    def measure(**more: Any) -> str:
        return _digest(dv.measure(network, data, **options, **more))

    return [
        Case("measure", partial(measure, projection="pca")),
        Case("measure, spilled", partial(measure, projection=None, **spilled)),
        Case("maps", lambda: _sha(umap_layers(*near, neighbors=4).tobytes())),
        Case("margin", lambda: _sha(input_margin(network, rows).numpy().tobytes())),
        Case("page", lambda: _sha(_read(explorer.to_html(page)))),
        Case("recorder", partial(_record, network, rows)),
        Case("run", lambda: _digest(ensemble.run(_run_folder(folder), progress=False))),
    ]


def _run_folder(folder: Path) -> Path:
    """Give the folder of the run that was stopped, else one where nothing is."""
    place = folder / "run"
    if (place / "study.zarr").exists() and _is_whole(place):
        shutil.rmtree(place)
    return place


def _is_whole(place: Path) -> bool:
    return not (place / "progress").exists()


def _record(network: nn.Module, rows: Tensor) -> str:
    """Record three epochs in a temporary folder, and read them."""
    labels = torch.arange(len(rows)) % 3
    with dv.Recorder() as recorder:
        for epoch in range(3):
            for places in torch.arange(len(rows)).split(30):
                logits = network(rows[places]).detach()
                recorder.record(places, logits, labels[places], step=epoch + 1)
        return _sha(recorder.read().aum().numpy().tobytes())


def _network() -> nn.Module:
    """Make a network a part of which is frozen in evaluation mode."""
    made = nn.Sequential(
        nn.Linear(SIDE, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 3)
    )
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for each in made.parameters():
            each.copy_(torch.randn(each.shape, generator=generator))
    made[1].eval()
    return made


def _digest(study: dv.Study) -> str:
    arrays = sorted(study.dataset.variables.items(), key=lambda each: str(each[0]))
    return _sha(b"".join(np.asarray(values).astype(bytes if values.dtype == object
        else values.dtype).tobytes() for _, values in arrays))  # fmt: skip


@uninterrupted  # a Stop between opening and closing would be ours
def _read(page: str | os.PathLike[str]) -> bytes:
    return Path(page).read_bytes()


def _sha(data: bytes) -> str:
    return sha256(data).hexdigest()


def _state(network: nn.Module, folder: Path) -> dict[str, object]:
    """Find what no Stop may change: see `state_of`, other random states and files."""
    numpy: Any = np.random.get_state()
    return {
        "network, switches, torch's random state": state_of(network),
        "numpy's random state": (numpy[1].tobytes(), *numpy[2:]),
        "python's random state": random.getstate(),
        "temporary files": sorted(
            each.name for each in folder.iterdir() if each.name not in ("run",)
        ),
        "deleted files held open": _deleted_files(),
    }


def _deleted_files() -> list[str]:
    """List open files without a name, where the system lists them."""
    place = Path("/proc/self/fd")
    if not place.is_dir():
        return []
    found = []
    for each in place.iterdir():
        try:
            target = os.readlink(each)
        except OSError:
            continue
        if target.endswith("(deleted)"):
            found.append(target)
    return sorted(found)


def _changed(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


@contextmanager
def _own_temporary_folder() -> Iterator[Path]:
    """Let temporary files be made in a folder of our own."""
    with tempfile.TemporaryDirectory(prefix="depthviz-stops-") as name:
        earlier, tempfile.tempdir = tempfile.tempdir, name
        try:
            yield Path(name)
        finally:
            tempfile.tempdir = earlier


@contextmanager
def _default_handler() -> Iterator[None]:
    """Let SIGINT raise KeyboardInterrupt, once a Stop."""

    def hear(_: int, __: FrameType | None) -> None:
        sys.settrace(None)
        raise KeyboardInterrupt

    earlier = signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)

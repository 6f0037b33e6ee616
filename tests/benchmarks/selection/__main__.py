"""How long each selection takes, beside one exact search for neighbors.

    python -m tests.benchmarks.selection [--share 0.1] [--features 512]

60,000 examples in 400 clouds, of which a tenth is kept; `--share` takes a part of them.
k-center is also compared with the plain rule, one row of distances for each pick, which
is timed for 50 picks and counted up.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch

from depthviz.neighbors import nearest_neighbors
from depthviz.selection import METHODS, Selection, select
from depthviz.selection.methods.graphs import cosine_graph
from depthviz.study import Study
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.tables import table, target
from tests.selection.pools import pool

__all__ = ["HEADER", "embeddings_of", "main"]

EXAMPLES, FEATURES, KEEP, K, TAU = 60_000, 512, 0.1, 30, 0.95
LATENT, CLOUDS, PICKS, SECONDS = 24, 400, 50, 60.0
HEADER = ("method", "seconds", "of a core", "times one search", "note")
ALIKE = ("neighborhood", "k-center", "facility location", "message passing")


class Time(NamedTuple):
    """How long something took: by the clock, and of a processor's core."""

    seconds: float
    of_a_core: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row a method, and the targets."""
    given = _parse(arguments)
    count = round(EXAMPLES * given.share)
    print(describe_processor())
    print(
        f"{torch.get_num_threads()} threads; {count:,} x {given.features}", flush=True
    )
    rows, study = embeddings_of(count, given.features), pool(count)
    search, graph = _search(rows), _timed(lambda: cosine_graph(rows, TAU))[0]
    taken: dict[str, Time] = {}
    lines: list[tuple[str | float, ...]] = []
    for name in METHODS:
        taken[name], chosen = _timed(partial(_chosen, study, name, rows))
        lines.append(_line(name, taken[name], search, _note(chosen)))
    plain = _plain(rows, round(KEEP * count))
    lines.append(_line("k-center, plain rule", plain, search, f"from {PICKS} picks"))
    lines.append(_line(f"search, k = {K}", search, search, "the exact search itself"))
    what = f"{KEEP:.0%} of {count:,} examples, {given.features} features"
    title = f"**Selections of {what}.**"
    print(table(title, HEADER, lines))
    for name in ("k-center", "facility location"):
        print(target(f"seconds of {name}", taken[name].seconds, most=SECONDS))
    ratio = graph.seconds / search.seconds
    print(target("graph of neighborhood / one search", ratio, most=1.0))
    ratio = plain.seconds / taken["k-center"].seconds
    print(target("plain rule / k-center", ratio, least=1.0))


def embeddings_of(count: int, features: int, seed: int = 0) -> np.ndarray:
    """Clouds of float32 that fill a part of the space, as a network's embeddings do."""
    draw = np.random.default_rng(seed)
    basis = draw.normal(size=(LATENT, features)) / np.sqrt(LATENT)
    middle = draw.normal(size=(CLOUDS, LATENT))
    spread = draw.uniform(0.1, 0.5, (count, 1))
    part = draw.integers(0, CLOUDS, count)
    latent = middle[part] + spread * draw.normal(size=(count, LATENT))
    return (latent @ basis).astype(np.float32)


def _chosen(study: Study, name: str, rows: np.ndarray) -> Selection:
    options: dict[str, Any] = {"embeddings": rows} if name in ALIKE else {}
    if METHODS[name].by is None:
        options["by"] = "depth"
    options |= {"beta": {"c": 1.0}, "neighborhood": {"tau": TAU}}.get(name, {})
    return select(study, keep=KEEP, method=name, progress=False, **options)


def _note(chosen: Selection) -> str:
    if "mean_neighbors" in chosen.facts:
        return f"{chosen.facts['mean_neighbors']:.1f} neighbors on average"
    return f"radius {chosen.facts['radius']:.3g}" if "radius" in chosen.facts else ""


def _search(rows: np.ndarray) -> Time:
    points = torch.from_numpy(rows)
    own = torch.arange(len(points))
    few = points[:2000]
    nearest_neighbors(few, few, k=3, exclude=own[:2000])  # compiles
    near = min(K, len(points) - 1)
    return _timed(lambda: nearest_neighbors(points, points, k=near, exclude=own))[0]


def _plain(rows: np.ndarray, count: int) -> Time:
    """Time of as many picks, each with one row of distances in float32."""
    norms = (rows**2).sum(1)
    left = np.full(len(rows), np.inf, np.float32)

    def pick() -> None:
        place = 0
        for _ in range(PICKS):
            distance = norms - 2 * (rows @ rows[place]) + norms[place]
            np.minimum(left, distance, out=left)
            place = int(left.argmax())

    found = _timed(pick)[0]
    return Time(*(each * count / PICKS for each in found))


def _line(name: str, taken: Time, search: Time, note: str) -> tuple[str | float, ...]:
    return name, taken.seconds, taken.of_a_core, taken.seconds / search.seconds, note


def _timed(run: Callable[[], Any]) -> tuple[Time, Any]:
    start, busy = time.perf_counter(), time.process_time()
    found = run()
    return Time(time.perf_counter() - start, time.process_time() - busy), found


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the 60,000")
    parser.add_argument("--features", type=int, default=FEATURES)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()

"""Our maps beside umap-learn's: `python -m tests.benchmarks.maps`.

Digits, Fashion-MNIST and CIFAR pictures through networks trained for a moment, both
given the same neighbors in one run. Times are CPU seconds of all threads, compilation
apart. Movement is from each map to the next, as a share of the map's spread. `--large`
compares eleven maps of all Fashion-MNIST with one of umap-learn's, by the clock.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.models import small_cnn
from depthviz.neighbors import nearest_neighbors
from depthviz.projections import (
    neighbors_kept,
    trustworthiness,
    umap_layers,
    umap_learn_layers,
)
from depthviz.projections.quality import nearest_and_ranks
from depthviz.training import fit
from tests.benchmarks.data import Activations, activations, trained
from tests.benchmarks.machine import seconds, threads
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.protocol.data import digits, fashion
from tests.benchmarks.tables import table, target

K, NEAR, JUDGED = 30, 15, 500
LEAST, MOST, FASTER = 0.98, 1.02, 10
LARGE, LARGE_MAPS, OF_ONE = 60_000, 11, 0.5
WIDTHS = (64, 48, 32)  # of the random directions that stand for probes there
SETS = ("digits", "fashion", "cifar", "resnet")
HEADER = (
    *("data", "maps of", "trust", "kept", "moved"),
    *("umap-learn's trust", "its kept", "its moved"),
)


class Question(NamedTuple):
    """What maps are made of and judged by.

    Attributes:
        index: Neighbors, shape `(P, N, K)`.
        distance: Their distances.
        rows: The examples that trust is judged at, shape `(Q,)`.
        ranks: Of all examples from these, at each probe, shape `(P, Q, N)`.
    """

    index: NDArray[Any]
    distance: NDArray[Any]
    rows: NDArray[Any]
    ranks: NDArray[Any]


class Found(NamedTuple):
    """Means over the maps, and CPU seconds."""

    trust: float
    kept: float
    moved: float
    seconds: float


def main(argv: Sequence[str] | None = None) -> None:
    """Print a table of qualities and the targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few pictures, to try it")
    parser.add_argument("--pictures", type=int, default=5_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--large", type=int, nargs="?", const=LARGE, help="pictures; all when not given"
    )
    parser.add_argument("sets", nargs="*", default=None, metavar="|".join(SETS))
    given = parser.parse_args(argv)
    count = 200 if given.quick else given.pictures
    print(describe_processor(), "\n")
    if given.large:
        with threads(given.threads):
            _large(given.large)
        return
    with threads(given.threads):
        found = {name: _both(name, count) for name in given.sets or SETS}
    lines = []
    for name, (shape, ours, theirs) in found.items():
        lines.append((name, f"{shape[1]:,} x {shape[0]}", *ours[:3], *theirs[:3]))
    print(table("**Maps.** Ours, and umap-learn's.", HEADER, lines))
    for name, (_, ours, theirs) in found.items():
        ratio = [a / b for a, b in zip(ours, theirs, strict=True)]
        print(target(f"{name}: trust", ratio[0], least=LEAST))
        print(target(f"{name}: neighbors kept", ratio[1], least=LEAST))
        print(target(f"{name}: movement", ratio[2], most=MOST))
        print(target(f"{name}: times as fast", 1 / ratio[3], least=FASTER))


def _both(name: str, count: int) -> tuple[tuple[int, ...], Found, Found]:
    asked = _question(_activations(name, count))
    ours, theirs = (_judge(make, asked) for make in (umap_layers, umap_learn_layers))
    return asked.index.shape, ours, theirs


def _large(count: int) -> None:
    """Compare eleven maps with one of umap-learn's."""
    pictures = torch.as_tensor(fashion(0, count).pictures).flatten(1).float() / 255
    draw, every = torch.Generator().manual_seed(0), torch.arange(len(pictures))
    found = []
    for width in WIDTHS:
        rows = pictures @ torch.randn(pictures.shape[1], width, generator=draw)
        found.append(nearest_neighbors(rows, rows, k=NEAR, exclude=every))
    chosen = [found[place % len(found)] for place in range(LARGE_MAPS)]
    index = np.stack([each.index.numpy() for each in chosen])
    distance = np.stack([each.distance.numpy() for each in chosen])
    ours = _seconds(umap_layers, index, distance)
    theirs = _seconds(umap_learn_layers, index[:1], distance[:1])
    header = ("examples", "11 maps, s", "one of umap-learn's, s")
    print(table("**Many examples.**", header, [(len(pictures), ours, theirs)]))
    print(target("11 maps / one of umap-learn's", ours / theirs, most=OF_ONE))


def _seconds(
    make: Callable[..., object], index: NDArray[Any], distance: NDArray[Any]
) -> float:
    few = slice(0, 100)
    make(index[:1, few] % 100, distance[:1, few])  # compiled before
    return seconds(lambda: make(index, distance, neighbors=NEAR))


def _activations(name: str, count: int) -> Activations:
    if name == "resnet":
        return activations(*trained(count, quick=count < 1000))
    if name == "cifar":
        from tests.conftest import DATA
        from tests.neighbors.pictures import cifar

        images, labels = cifar(DATA, count)
    else:
        asked = (digits if name == "digits" else fashion)(0, count)
        images = torch.as_tensor(asked.pictures, dtype=torch.float32)
        images = (images / images.max()).reshape(
            len(images), 1, *asked.pictures.shape[-2:]
        )
        labels = torch.as_tensor(asked.labels)
    model = small_cnn(in_channels=images.shape[1], width=8, seed=0)
    data = (images, labels)
    model = fit(
        model, data, epochs=4, learning_rate=3e-3, seed=0, device="cpu", progress=False
    )
    return activations(model, images, labels)


def _question(seen: Activations) -> Question:
    every = torch.arange(len(seen.labels))
    drawn = np.random.default_rng(0).permutation(len(every))[:JUDGED]
    index, distance, ranks = [], [], []
    for rows in seen.rows.values():
        found = nearest_neighbors(rows, rows, k=K, exclude=every)
        index.append(found.index.numpy())
        distance.append(found.distance.numpy())
        ranks.append(_ranks(rows.flatten(1), torch.as_tensor(drawn)))
    return Question(np.stack(index), np.stack(distance), drawn, np.stack(ranks))


def _ranks(rows: Tensor, drawn: Tensor) -> NDArray[Any]:
    distance = torch.cdist(rows[drawn], rows)
    distance[torch.arange(len(drawn)), drawn] = -1  # itself has rank 0
    return distance.argsort(dim=1, stable=True).argsort(dim=1).numpy()


def _judge(make: Callable[..., NDArray[np.float32]], asked: Question) -> Found:
    few = slice(0, 100)
    make(asked.index[:1, few] % 100, asked.distance[:1, few])  # compiled before
    start = time.process_time()
    maps = make(asked.index, asked.distance, neighbors=NEAR)
    spent = time.process_time() - start
    trust = []
    for points, ranks in zip(maps, asked.ranks, strict=True):
        count = len(points)
        near = nearest_and_ranks(points, asked.rows, references=count, k=NEAR)[0]
        found = trustworthiness(near, ranks, candidates=count - 1)
        trust.append(found.mean())
    kept = [
        neighbors_kept(*pair, k=NEAR) for pair in zip(maps, asked.index, strict=True)
    ]
    moved = [_size(b - a) / _size(a - a.mean(axis=0)) for a, b in pairwise(maps)]
    return Found(*(float(np.mean(each)) for each in (trust, kept, moved)), spent)


def _size(points: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.square(points).sum(axis=1).mean()))


if __name__ == "__main__":
    main()

"""Whether labels that a person corrected make a better network, on clean test data.

    python -m tests.benchmarks.annotations.training [--examples 2000] [--seeds 5]

A tenth of the labels is wrong. For each seed other examples, other wrong labels and
another network: it is measured, the most suspicious examples are reviewed, the verdicts
applied, and networks trained with the labels as given, as corrected, and as they are
in truth. Who reviews knows the truth: a person would err.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import t

import depthviz as dv
from depthviz import annotations
from depthviz.models import small_cnn
from depthviz.study import Study
from depthviz.training import fit
from tests.benchmarks.label_errors import noise
from tests.benchmarks.label_errors.label_sets import LOOKALIKES, SHARE, _bytes
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.protocol.data import FASHION
from tests.benchmarks.tables import table
from tests.conftest import DATA

__all__ = ["Task", "difference", "main", "make_task", "row_of"]

TEST = 5_000
PLAIN = {"projection": None, "images": None, "progress": False}
Labels = NDArray[np.int64]
Pictures = NDArray[np.float32]


class Task(NamedTuple):
    """Training pictures with given and true labels, and clean test data.

    Attributes:
        pictures: Shape `(N, 1, H, W)`.
        labels: As given, a tenth of them wrong, shape `(N,)`.
        truth: Shape `(N,)`.
        test: Pictures and true labels.
        names: Of the classes.
    """

    pictures: Pictures
    labels: Labels
    truth: Labels
    test: tuple[Pictures, Labels]
    names: tuple[str, ...]


def make_task(kind: str, count: int, seed: int) -> Task:
    """Draw a task: "digits", "fashion symmetric" or "fashion one way"."""
    draw = np.random.default_rng(seed)
    if kind == "digits":
        found = dv.datasets.load_digits(noise=SHARE, holdout=0.4, seed=seed)
        cut = len(found.train[1])
        clean = found.validation[0], found.true_labels[cut:]
        rows = slice(count)
        pictures, labels = (each[rows] for each in found.train)
        truth = found.true_labels[:cut][rows]
        return Task(pictures, labels, truth, clean, found.class_names)
    pictures, truth = _fashion("train")
    rows = draw.permutation(len(truth))[:count]
    pictures, truth = pictures[rows], truth[rows]
    if kind == "fashion symmetric":
        labels = noise.symmetric(truth, SHARE, draw, classes=10)
    else:
        labels = noise.one_way(truth, SHARE, draw, ways=LOOKALIKES)
    test = _fashion("t10k")
    return Task(pictures, labels, truth, (test[0][:TEST], test[1][:TEST]), FASHION)


def _fashion(split: str) -> tuple[Pictures, Labels]:
    folder = DATA / "fashion_mnist"
    found = _bytes(folder / f"{split}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
    labels = _bytes(folder / f"{split}-labels-idx1-ubyte.gz", 8).astype(np.int64)
    return (found / 255).astype(np.float32), labels


def corrected(task: Task, study: Study, count: int) -> tuple[Labels, int]:
    """Review the most suspicious examples; the labels, and how many were wrong."""
    frame = study.frame()
    first = frame["suspicion"].nlargest(count).index
    with (
        tempfile.TemporaryDirectory() as folder,
        annotations.open(Path(folder) / "a.sqlite", annotator="ada") as store,
    ):
        for example in first:
            right, given = task.truth[example], task.labels[example]
            verdict = "correct" if right == given else "wrong label"
            store.record(example, "verdict", verdict)
            if right != given:
                store.record(example, "label", task.names[right])
        found = store.apply(frame["label"], classes=task.names)
    return found.labels.to_numpy().astype(np.int64), len(found.changes)


def trained(task: Task, labels: Labels, *, seed: int, epochs: int) -> torch.nn.Module:
    """Train a network with some labels."""
    stride = 2 if task.pictures.shape[-1] > 8 else 1
    network = small_cnn(width=16, stride=stride, num_classes=len(task.names), seed=seed)
    data = task.pictures, labels
    options = {"epochs": epochs, "learning_rate": 3e-3, "seed": seed}
    return fit(network, data, device="cpu", progress=False, **options)


@torch.no_grad()
def accuracy(task: Task, model: torch.nn.Module) -> float:
    """The share of the clean test data that a network predicts."""
    pictures, labels = map(torch.from_numpy, task.test)
    logits = torch.cat([model(part) for part in pictures.split(1000)])
    return float((logits.argmax(1) == labels).double().mean())


def difference(before: Sequence[float], after: Sequence[float]) -> tuple[float, ...]:
    """Mean of the paired differences, and the ends of its 95 % interval.

    Example:
        >>> [round(each, 3) for each in difference([0.5, 0.6, 0.7], [0.6, 0.7, 0.9])]
        [0.133, -0.01, 0.277]
    """
    gains = np.subtract(after, before)
    half = t.ppf(0.975, len(gains) - 1) * gains.std(ddof=1) / np.sqrt(len(gains))
    return float(gains.mean()), float(gains.mean() - half), float(gains.mean() + half)


def row_of(
    kind: str, *, examples: int, reviewed: Sequence[int], seeds: int, epochs: int
) -> list[list[str]]:
    """Try one kind of task; a row for each number of reviewed examples."""
    given, clean, sizes = [], [], []
    after: dict[int, list[float]] = {count: [] for count in reviewed}
    hits: dict[int, list[int]] = {count: [] for count in reviewed}
    for seed in range(seeds):
        task = make_task(kind, examples, seed)
        sizes.append(len(task.labels))
        model = trained(task, task.labels, seed=seed, epochs=epochs)
        given.append(accuracy(task, model))
        study = dv.measure(
            model, (task.pictures, task.labels), class_names=task.names, **PLAIN
        )
        for count in reviewed:
            labels, found = corrected(task, study, count)
            hits[count].append(found)
            model = trained(task, labels, seed=seed, epochs=epochs)
            after[count].append(accuracy(task, model))
        model = trained(task, task.truth, seed=seed, epochs=epochs)
        clean.append(accuracy(task, model))
    return [
        [
            *(kind, f"{sizes[0]:,}", f"{count:,}", f"{np.mean(hits[count]):.0f}"),
            *(f"{np.mean(each):.3f}" for each in (given, after[count], clean)),
            "{:+.3f} [{:+.3f}, {:+.3f}]".format(*difference(given, after[count])),
        ]
        for count in reviewed
    ]


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = "digits,fashion symmetric,fashion one way"
    parser.add_argument("--sets", default=kinds, help="with commas")
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--reviewed", default="50,200", help="with commas")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=20)
    given = parser.parse_args(words)
    print(describe_processor(), flush=True)
    rows = []
    for kind in given.sets.split(","):
        if kind != "digits" and not (DATA / "fashion_mnist").is_dir():
            print(f"No {kind}: it needs {DATA / 'fashion_mnist'}; set DEPTHVIZ_DATA.")
            continue
        rows += row_of(
            kind,
            examples=given.examples,
            reviewed=[int(each) for each in given.reviewed.split(",")],
            seeds=given.seeds,
            epochs=given.epochs,
        )
        print(f"{kind} is done.", flush=True)
    header = ["set", "examples", "reviewed", "of them wrong", "as given", "corrected"]
    header += ["truth", "gain by the corrections"]
    print()
    print(table("**Accuracy on clean test data.**", header, rows))


if __name__ == "__main__":
    main()

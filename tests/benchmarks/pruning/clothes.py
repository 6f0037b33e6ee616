"""Fashion-MNIST with right and with wrong labels, and a study of it with its record."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

import depthviz as dv
from depthviz.machine.switches.threads import torch_threads
from depthviz.selection import SubsetTrainer
from depthviz.study import Study
from depthviz.training import Recipe
from tests.benchmarks.decodability.clothes import clothes

__all__ = ["CLASSES", "Setting", "Task", "scored", "task_of", "trainer_of"]

CLASSES = 10
Pair = tuple[NDArray[np.float32], NDArray[np.int64]]
MEASURES = ("dual", "el2n", "aum", "data_map_confidence", "forgetting")


class Setting(NamedTuple):
    """Sizes of the experiment."""

    train: int
    validation: int
    test: int
    epochs: int  # of the network that scores
    steps: int  # of each training on a part


class Task(NamedTuple):
    """Training data with some wrong labels, and two sets without.

    Attributes:
        train: Vectors and given labels.
        validation: What constants are chosen on.
        test: What nothing is chosen on.
        wrong: Positions of the training examples whose labels are wrong.
    """

    train: Pair
    validation: Pair
    test: Pair
    wrong: list[int]


def task_of(setting: Setting, *, noise: float, seed: int = 0) -> Task:
    """Draw the data, and give a share of the training labels another class."""
    counts = (setting.train, setting.validation, setting.test)
    pictures, labels = clothes(sum(counts), seed)
    ends = np.cumsum(counts)[:-1]
    vectors = np.split(pictures.reshape(len(pictures), -1), ends)
    given = np.split(labels, ends)
    draw = np.random.default_rng([seed, 1])
    wrong = np.sort(draw.permutation(setting.train)[: round(noise * setting.train)])
    given[0] = given[0].copy()
    given[0][wrong] += draw.integers(1, CLASSES, len(wrong))
    given[0] %= CLASSES
    train, validation, test = zip(vectors, given, strict=True)
    return Task(train, validation, test, wrong.tolist())


def trainer_of(task: Task, setting: Setting) -> SubsetTrainer:
    """Train a small network by as many iterations, whatever is kept."""
    return SubsetTrainer(
        _network(128),
        task.train,
        test=task.test,
        validation=task.validation,
        recipe=Recipe(steps=setting.steps),
        device="cpu",
    )


def scored(task: Task, setting: Setting, seed: int) -> Study:
    """Train a network on all data, record it, and measure what selections go by."""
    points, labels = map(torch.from_numpy, task.train)
    with torch_threads(1), torch.random.fork_rng([]), dv.Recorder() as recorder:
        torch.manual_seed(seed)
        model = _network(256, 256)()
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        for epoch in range(1, setting.epochs + 1):
            for rows in torch.randperm(len(labels)).split(64):
                logits = model(points[rows])
                recorder.record(rows, logits, labels[rows], step=epoch)
                loss = nn.functional.cross_entropy(logits, labels[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        record = recorder.read(len(labels))
    study = dv.measure(
        model.eval(), task.train, probes=2, k=10, projection=None, progress=False
    )
    study = study.add(*MEASURES, record=record, progress=False)
    return study.add("prototype_distance", model=model, data=task.train, progress=False)


def _network(*widths: int) -> Callable[[], nn.Module]:
    return _Dense(widths)


class _Dense(NamedTuple):
    """Makes a dense network; other processes can read it."""

    widths: tuple[int, ...]

    def __call__(self) -> nn.Module:
        sizes = [784, *self.widths]
        layers: list[nn.Module] = []
        for one, other in pairwise(sizes):
            layers += [nn.Linear(one, other), nn.ReLU()]
        return nn.Sequential(*layers, nn.Linear(sizes[-1], CLASSES))

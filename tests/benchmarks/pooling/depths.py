"""Depths of the examples of a task by each rule, from one trained network.

The stem is measured, too, and then left out of the depths: there the token of the head
is the same for all examples. Only its accuracy is told.
"""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

import depthviz as dv
from depthviz.difficulty import prediction_depth
from depthviz.embeddings import Probe
from depthviz.embeddings.pooling import PoolName
from tests.benchmarks.pooling.tasks import Inputs, Task, of_rows

__all__ = ["Depths", "Found", "measure_task"]

BATCH, LEARNING_RATE, K = 32, 1e-3, 30
PLAIN: dict[str, Any] = {"projection": None, "images": None, "progress": False}


class Depths(NamedTuple):
    """What one rule finds.

    Attributes:
        depth: Of all examples, shape `(N,)`, from probe `input` or the first block on.
        accuracy: Of each place on the examples held out, by name.
    """

    depth: NDArray[np.int64]
    accuracy: dict[str, float]


class Found(NamedTuple):
    """One trained network.

    Attributes:
        accuracy: On what it trained on, and on what it did not.
        held_out: The places of the latter.
        by_pool: Depths by rule.
    """

    accuracy: tuple[float, float]
    held_out: slice
    by_pool: dict[PoolName, Depths]


def measure_task(task: Task, *, seed: int) -> Found:
    """Train the network of a task, and measure it by each rule."""
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        model = _trained(task)
    studies = {pool: _study(task, model, pool) for pool in task.pools}
    data = studies[task.pools[0]].dataset
    right = (data["prediction"] == data["label"]).values
    trained, held_out = slice(task.trained), slice(task.trained, None)
    accuracy = float(right[trained].mean()), float(right[held_out].mean())
    by_pool = {pool: _depths(task, study) for pool, study in studies.items()}
    return Found(accuracy, held_out, by_pool)


def _trained(task: Task) -> nn.Module:
    """Train by AdamW under a one-cycle schedule, on batches as long as they need."""
    model = task.network().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, task.epochs * -(-task.trained // BATCH)
    )
    for _ in range(task.epochs):
        for rows in torch.randperm(task.trained).split(BATCH):
            logits = _logits(model, _without_padding(of_rows(task.inputs, rows)))
            loss = nn.functional.cross_entropy(logits, task.labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def _logits(model: nn.Module, inputs: Inputs) -> Any:
    if isinstance(inputs, dict):
        return model(**inputs).logits
    return model(inputs)


def _without_padding(inputs: Inputs) -> Inputs:
    """Cut tokens that none of the examples has."""
    if not isinstance(inputs, dict):
        return inputs
    longest = int(inputs["attention_mask"].sum(1).max())
    return {name: values[:, :longest] for name, values in inputs.items()}


def _study(task: Task, model: nn.Module, pool: PoolName) -> dv.Study:
    places = (task.stem, *task.blocks)
    whole = slice(task.trained), slice(task.trained, None)
    train, held_out = (
        (of_rows(task.inputs, rows), task.labels[rows]) for rows in whole
    )
    probes = [replace(Probe(_short(path), path), pool=pool) for path in places]
    return dv.measure(model, train, held_out, probes=probes, k=K, **PLAIN)


def _depths(task: Task, study: dv.Study) -> Depths:
    """Find depths without the stem, and the accuracy of each place."""
    data = study.dataset
    votes, names = data["vote"].values.astype(np.int64), list(study.probes)
    labels, kept = data["label"].values, np.array(names) != _short(task.stem)
    depth = prediction_depth(
        torch.from_numpy(votes[kept]),
        torch.from_numpy(data["prediction"].values.astype(np.int64)),
    )
    right = (votes == labels)[:, task.trained :].mean(1)
    return Depths(depth.numpy(), dict(zip(names, right.tolist(), strict=True)))


def _short(path: str) -> str:
    """Name a place: the stem, or a block by its number."""
    number = path.rpartition("_")[2] if "_" in path else path.rpartition(".")[2]
    return f"block {int(number) + 1}" if number.isdigit() else "tokens"

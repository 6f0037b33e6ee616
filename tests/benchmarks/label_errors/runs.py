"""Ensembles and single networks on a label set, kept in a folder.

An ensemble is a run of its own. A single network trains on all examples, until it knows
their labels by heart or for a few epochs alone; its weights are saved, and then its
study. What is there is not made again, whenever this was killed.
"""

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import depthviz as dv
from depthviz.study import Study
from tests.benchmarks.label_errors.label_sets import LabelSet

__all__ = ["NetworkRun", "ensemble_study", "network_run"]

KNOWN = 0.99  # share of the given labels that a network knows by heart
LONGEST, EARLY = 200, 2  # epochs; EL2N is taken after the early ones
BATCH, LEARNING_RATE, DECAY = 64, 2e-3, 0.98
K = 30
PLAIN: dict[str, Any] = {"projection": None, "images": None, "progress": False}


class NetworkRun(NamedTuple):
    """One network that trained on all examples.

    Attributes:
        study: That of `measure(model, train)`.
        log_softmax: Of all examples, shape `(N, C)`.
        aum: Mean margin while it trained, shape `(N,)`.
        el2n: Distance of the softmax from the label early on, shape `(N,)`.
        accuracy: Share of the given labels that it predicts.
        epochs: How long it trained.
    """

    study: Study
    log_softmax: NDArray[np.float32]
    aum: NDArray[np.float32]
    el2n: NDArray[np.float32]
    accuracy: float
    epochs: int


def ensemble_study(
    one: LabelSet,
    folder: Path,
    *,
    members: int,
    seed: int,
    planted: float | None = None,
) -> Study:
    """Make or finish an ensemble whose members hold out half of the examples."""
    ensemble = dv.Ensemble(
        one.network,
        (one.inputs, one.labels),
        members=members,
        holdout=0.5,
        seed=seed,
        recipe=one.recipe,
        k=K,
        input_margin=False,
        projection=None,
        images=None,
        class_names=one.class_names,
        title=one.name,
        planted=planted,
    )
    return ensemble.run(folder, progress=False)


def network_run(
    one: LabelSet, folder: Path, *, by_heart: bool, seed: int
) -> NetworkRun:
    """Train a network on all examples and measure it, as far as that is not done."""
    place = folder / ("by-heart" if by_heart else "short")
    place.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        model = one.network()
        trained = _trained(one, model, place / "training.pt", by_heart=by_heart)
    inputs, labels = (torch.from_numpy(each) for each in (one.inputs, one.labels))
    log_softmax = _log_softmax(model, inputs)
    if not (place / "study.zarr").is_dir():
        data = one.inputs, one.labels
        found = dv.measure(model, data, k=K, class_names=one.class_names, **PLAIN)
        found.save(place / "study.zarr")
    return NetworkRun(
        dv.open_study(place / "study.zarr"),
        log_softmax.numpy(),
        trained["aum"].numpy(),
        trained["el2n"].numpy(),
        float((log_softmax.argmax(1) == labels).float().mean()),
        trained["epochs"],
    )


def _trained(
    one: LabelSet, model: nn.Module, file: Path, *, by_heart: bool
) -> dict[str, Any]:
    """Train a network in place, or load its weights; return what was recorded."""
    if not file.is_file():
        found = _train(one, model, by_heart=by_heart)
        part = file.with_suffix(f".{os.getpid()}")
        torch.save(found | {"weights": model.state_dict()}, part)
        part.replace(file)
    found = torch.load(file, weights_only=True)
    model.load_state_dict(found["weights"])
    model.eval()
    return found


def _train(one: LabelSet, model: nn.Module, *, by_heart: bool) -> dict[str, Any]:
    """Train with a recorder, until the labels are known by heart or for a while."""
    inputs, labels = (torch.from_numpy(each) for each in (one.inputs, one.labels))
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, DECAY)
    epochs = LONGEST if by_heart else one.short
    with dv.Recorder() as recorder:
        for epoch in range(1, epochs + 1):
            model.train()
            for rows in torch.randperm(len(labels)).split(BATCH):
                logits = model(inputs[rows])
                loss = nn.functional.cross_entropy(logits, labels[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                recorder.record(rows, logits.detach(), labels[rows], step=epoch)
            schedule.step()
            softmax = _log_softmax(model, inputs).exp()
            if epoch == min(EARLY, epochs):
                target = nn.functional.one_hot(labels, softmax.shape[1])
                el2n = (softmax - target).norm(dim=1)
            if float((softmax.argmax(1) == labels).float().mean()) >= KNOWN:
                break
        aum = recorder.read().aum().float()
    return {"aum": aum, "el2n": el2n, "epochs": epoch}


@torch.no_grad()
def _log_softmax(model: nn.Module, inputs: Tensor) -> Tensor:
    model.eval()
    return torch.cat([model(each).log_softmax(1) for each in inputs.split(500)])

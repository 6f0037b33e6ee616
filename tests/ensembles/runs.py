"""A small ensemble: seconds for many members."""

from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn

from depthviz.ensembles import Ensemble
from depthviz.errors import TaskError
from depthviz.training import Recipe

GENERATOR = np.random.default_rng(0)
COUNT, CLASSES, PROBES = 90, 3, 3
LABELS = np.arange(COUNT) % CLASSES
POINTS = (GENERATOR.normal(size=(COUNT, 6)) + LABELS[:, None]).astype(np.float32)
RECIPE = Recipe(epochs=3, batch_size=16, checkpoints=4)


def network() -> nn.Module:
    """Draw from dropout as well, so that training needs its own random state."""
    return nn.Sequential(
        nn.Linear(6, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, CLASSES)
    )


def small_ensemble(**options: Any) -> Ensemble:
    chosen: dict[str, Any] = {
        "network": network,
        "data": (POINTS, LABELS),
        "members": 5,
        "holdout": 0.4,
        "recipe": RECIPE,
        "k": 5,
        "projection": None,
        **options,
    }
    return Ensemble(chosen.pop("network"), chosen.pop("data"), **chosen)


def run(folder: Path, executor: Any = None, **options: Any) -> xr.Dataset:
    return small_ensemble(**options).run(folder, executor, progress=False).dataset


def untrained(module: nn.Module, dataset: Any, recorder: Any) -> nn.Module:
    """Train nothing, record one pass."""
    with torch.no_grad():
        for start in range(0, len(dataset), 16):
            rows = range(start, min(start + 16, len(dataset)))
            inputs, labels, index = zip(*(dataset[row] for row in rows), strict=True)
            recorder.record(index, module(torch.stack(inputs)), labels)
    return module


def differences(one: xr.Dataset, other: xr.Dataset) -> list[str]:
    """Name the variables that differ in a bit, of all that are measured."""
    assert set(one.variables) == set(other.variables)
    return [
        str(name)
        for name in one.variables
        if one[name].dtype != other[name].dtype
        or not np.array_equal(
            one[name].values, other[name].values, equal_nan=one[name].dtype.kind == "f"
        )
    ]


class Lost(Executor):
    """Runs the first tasks and loses the rest."""

    def __init__(self, kept):
        self.kept = kept

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        if self.kept > 0:
            self.kept -= 1
            future.set_result(fn(*args, **kwargs))
        else:
            future.set_exception(RuntimeError("The worker is gone."))
        return future


def begin(path):
    with pytest.raises(TaskError):
        run(path, Lost(kept=1))

"""Small studies with columns that people add, measured or drawn."""

from functools import cache
from typing import Any

import numpy as np
import torch
import xarray as xr
from torch import nn

from depthviz.measurement import measure
from depthviz.study import Study

COLORS = ("blue", "green", "red")


def points(count: int = 60) -> Any:
    """Draw points on a grid, so that many distances and votes are tied."""
    draw = np.random.default_rng(3)
    return draw.integers(0, 4, (count, 3)).astype(np.float32)


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3))


def measured(labels: Any, **options: Any) -> Study:
    """Measure the same network and points with some labels, a third held out."""
    inputs = points(len(labels))
    held_out = len(labels) // 3
    parts = [
        (inputs[:-held_out], labels[:-held_out]),
        (inputs[-held_out:], labels[-held_out:]),
    ]
    options = {"k": 6, "projection": None, "progress": False, **options}
    return measure(network(), *parts, **options)


@cache
def colored() -> Study:
    """Add a column of colors, one of truth values, one of numbers with gaps."""
    draw = np.random.default_rng(5)
    study = measured(draw.integers(0, 3, 60))
    level = draw.integers(0, 4, 60).astype(float)
    level[draw.random(60) < 0.3] = np.nan
    return study.assign(
        color=np.array(COLORS)[draw.integers(0, 3, 60)],
        bold=draw.random(60) < 0.5,
        level=level,
        brightness=draw.random(60),
    )


def slow_vote(values: list[Any]) -> Any:
    """Find the commonest value, of tied ones the nearest; None is no value."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    most = max(known.count(value) for value in known)
    return next(value for value in known if known.count(value) == most)


def drawn(shape: tuple[int, int, int], classes: int = 10) -> Study:
    """Draw neighbors of probes, examples and neighbors, and labels, all at random."""
    draw = np.random.default_rng(0)
    probes, count, _ = shape
    dimensions = ("probe", "example", "neighbor")
    return Study(
        xr.Dataset(
            {
                "neighbor_index": (
                    dimensions,
                    draw.integers(0, count, shape, np.int32),
                ),
                "neighbor_distance": (dimensions, np.sort(draw.random(shape), axis=2)),
                "split": ("example", np.zeros(count, np.uint8)),
                "label": ("example", draw.integers(0, classes, count, np.int16)),
            },
            {
                "probe": [f"probe {place}" for place in range(probes)],
                "class": [str(code) for code in range(classes)],
                "example_id": ("example", np.arange(count)),
            },
        )
    )

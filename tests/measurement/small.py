"""A small network, its examples, and studies measured of them."""

import numpy as np
import torch
import xarray as xr
from torch import nn
from torch.utils.data import Dataset

from depthviz.measurement import measure
from depthviz.measurement.options import read_options

GENERATOR = np.random.default_rng(0)
POINTS = GENERATOR.normal(size=(50, 6)).astype(np.float32)
LABELS = GENERATOR.integers(0, 3, 50)
TRAIN, HELD_OUT = (POINTS[:38], LABELS[:38]), (POINTS[38:], LABELS[38:])


def perceptron(classes=3):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(6, 9), nn.ReLU(), nn.Linear(9, 7), nn.ReLU(), nn.Linear(7, classes)
    )


def measured(model=None, train=TRAIN, validation=HELD_OUT, **options):
    options = {"k": 5, "progress": False, "projection": None, **options}
    return measure(model or perceptron(), train, validation, **options)


def asked(**options):
    """Options, as `measure` makes it."""
    options = {
        "k": 5,
        "metric": "euclidean",
        "projection": None,
        "batch_size": 256,
        "device": "cpu",
        "memory_limit": None,
        "seed": 0,
        "progress": False,
        "search": "exact",
        "executor": None,
        "scratch": None,
        "scratch_type": "float32",
        **options,
    }
    return read_options(**options)


def same(one, other, *, but=("created", "passes", "on_disk", "batch_size")):
    attributes = [
        {name: value for name, value in study.dataset.attrs.items() if name not in but}
        for study in (one, other)
    ]
    assert attributes[0] == attributes[1]
    xr.testing.assert_identical(one.dataset.drop_attrs(), other.dataset.drop_attrs())


class Named(Dataset):
    def __init__(self, classes, points=POINTS, labels=LABELS):
        self.classes, self.points, self.labels = classes, points, labels

    def __len__(self):
        return len(self.points)

    def __getitem__(self, index):
        return torch.tensor(self.points[index]), int(self.labels[index])

"""Small studies for tests that look at what is done with one."""

from functools import cache
from typing import Any

import numpy as np
import torch
import xarray as xr
from torch import nn

from depthviz.difficulty import difficulty_groups
from depthviz.measurement import measure
from depthviz.models import small_cnn
from depthviz.study import Study

HOSTILE = ("cat", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>")


@cache
def tiny_study(classes: tuple[str, ...] = HOSTILE) -> Study:
    """Measure 60 training and 20 held-out pictures of noise, untrained network."""
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 256, (80, 8, 6, 3), dtype=np.uint8)
    labels = generator.integers(0, len(classes), 80)
    return measure(
        small_cnn(in_channels=3, num_classes=len(classes), width=4, seed=0),
        (pictures[:60], labels[:60]),
        (pictures[60:], labels[60:]),
        k=5,
        projection="pca",
        class_names=classes,
        progress=False,
    )


@cache
def named_study() -> Study:
    """Give tiny_study ids that are no positions."""
    ids = np.array([f"picture {7 * row % 80}" for row in range(80)], object)
    return Study(tiny_study().dataset.assign_coords(example_id=("example", ids)))


def repeated(data: xr.Dataset, count: int) -> xr.Dataset:
    """Take the examples of a study again and again, as if each were another one."""
    rows = np.arange(count) % data.sizes["example"]
    fresh = data.drop_vars(["study_row", "measured_row"]).isel(example=rows)
    return fresh.assign_coords(example_id=("example", np.arange(count)))


def vector_study(count: int = 12, **options: Any) -> Study:
    """Measure points without pictures under an untrained linear network."""
    points = np.random.default_rng(1).normal(size=(count, 3)).astype(np.float32)
    options = {"k": 2, "projection": None, "progress": False, **options}
    return measure(nn.Linear(3, 2), (points, np.arange(count) % 2), **options)


@cache
def ensemble_study(members: int = 6) -> Study:
    """Give tiny_study the variables of an ensemble, drawn at random.

    The last member failed, and no member held out the first example. Means and counts
    are taken the slow way.
    """
    data = tiny_study().dataset
    draw = np.random.default_rng(4)
    count, probes, classes = (
        data.sizes[name] for name in ("example", "probe", "class")
    )
    label = data["label"].values
    in_train = draw.random((members, count)) < 0.7
    in_train[:, 0] = True
    in_train[0] = data["split"].values == 0
    depth = draw.integers(0, probes + 1, (members, count)).astype(np.uint8)
    easy = draw.random(count) < 0.4
    depth[:, easy] //= 2
    prediction = draw.integers(0, classes, (members, count)).astype(np.uint8)
    prediction[:, easy] = label[easy]
    failed = np.full(members, -1, np.int32)
    failed[-1] = 40
    trained = in_train & (failed < 0)[:, None]
    held_out = ~in_train & (failed < 0)[:, None]
    columns: dict[str, Any] = {
        "trained_on": trained.sum(0),
        "held_out": held_out.sum(0),
        "consensus_class": _consensus(prediction, held_out, classes),
        "c_score": _mean(prediction == label, held_out),
        "c_score_se": _error(prediction == label, held_out),
        "consistency": _mean(prediction == label, held_out),
        "entropy": draw.random(count),
        "forgetting": _mean(draw.integers(0, 4, (members, count)), trained),
        "memorization": draw.random(count),
        "group_confidence": draw.random(count),
        "input_margin": np.where(easy, np.inf, draw.random(count)),
        "train_depth": _mean(depth, trained),
        "train_depth_se": _error(depth, trained),
        "validation_depth": _mean(depth, held_out),
        "validation_depth_se": _error(depth, held_out),
    }
    return Study(
        data.assign(
            {name: ("example", values) for name, values in columns.items()}
            | {
                "group": _group(columns),
                "in_train": (("member", "example"), in_train),
                "member_failed": ("member", failed),
                "member_depth": (("member", "example"), depth),
                "member_prediction": (("member", "example"), prediction),
                "member_accuracy": (
                    ("member", "side"),
                    _accuracy(prediction == label, trained, held_out),
                ),
            }
        ).assign_attrs(shown_member=0)
    )


def _group(columns: dict[str, Any]) -> Any:
    """Return dimension, codes and attributes of the groups of both depths."""
    groups = difficulty_groups(
        torch.from_numpy(columns["train_depth"]),
        torch.from_numpy(columns["validation_depth"]),
    )
    codes = groups.codes.numpy()
    ends = [float(end) for end in groups.boundaries]
    attributes = {"names": list(groups.names), "q": 0.3, "boundaries": ends}
    return "example", np.where(codes < 0, 255, codes).astype("u1"), attributes


def _accuracy(right: Any, *sides: Any) -> Any:
    """Return the share of right predictions on each side, shape `(M, S)`.

    The last member failed and has none.
    """
    shares = [
        [np.mean(row[side[member]]) for side in sides]
        for member, row in enumerate(right[:-1])
    ]
    return np.array([*shares, [np.nan] * len(sides)], np.float32)


def _mean(values: Any, counted: Any) -> Any:
    return np.array(
        [
            np.mean(column[keep]) if keep.any() else np.nan
            for column, keep in zip(values.T, counted.T, strict=True)
        ]
    )


def _error(values: Any, counted: Any) -> Any:
    return np.array(
        [
            np.std(column[keep], ddof=1) / np.sqrt(keep.sum())
            if keep.sum() > 1
            else np.nan
            for column, keep in zip(values.T, counted.T, strict=True)
        ]
    )


def _consensus(prediction: Any, held_out: Any, classes: int) -> Any:
    return np.array(
        [
            np.bincount(column[keep], minlength=classes).argmax() if keep.any() else -1
            for column, keep in zip(prediction.T, held_out.T, strict=True)
        ],
        np.int64,
    )

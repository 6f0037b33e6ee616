"""Means and counts over the members of a drawn study, the plain way."""

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from depthviz.difficulty import difficulty_groups

Arrays = dict[str, NDArray[Any]]

TRAINED = {
    "train_depth": "member_depth",
    "iteration_learned": "member_iteration_learned",
    "forgetting": "member_forgetting",
    "aum": "member_aum",
}
HELD_OUT = {
    "validation_depth": "member_depth",
    "suspicion": "member_suspicion",
    "output_margin": "member_output_margin",
    "input_margin": "member_input_margin",
}
RESAMPLES = 20


class World(NamedTuple):
    """What all members share."""

    label: NDArray[Any]
    truth: NDArray[Any]
    difficulty: NDArray[Any]
    place: NDArray[Any]
    probes: int
    classes: int
    neighbors: int
    holdout: float
    seed: int


class Tally:
    """Sums over members, from which means and errors follow."""

    def __init__(self, world: World, members: int) -> None:
        count = len(world.label)
        self.world = world
        self.sums = {
            name: np.zeros((3, count)) for name in (*TRAINED, *HELD_OUT, "c_score")
        }
        self.kept = np.zeros((3, count))
        self.votes = np.zeros((world.classes, count), np.int32)
        self.depth = np.zeros((members, count), np.uint8)
        self.trained = np.zeros((members, count), bool)
        self.held_out = np.zeros((members, count), bool)
        self.accuracy = np.full((members, 2), np.nan, np.float32)
        self.shown: Arrays | None = None

    def add(self, member: int, arrays: Arrays, *, counts: bool) -> None:
        if not counts:
            return
        if self.shown is None:
            self.shown = arrays
        trained = arrays["in_train"]
        right = arrays["member_prediction"] == self.world.label
        for names, which in ((TRAINED, trained), (HELD_OUT, ~trained)):
            for name, source in names.items():
                _count(self.sums[name], arrays[source], which)
        _count(self.sums["c_score"], right, ~trained)
        _count(self.kept, right, trained)
        (rows,) = np.nonzero(~trained)
        self.votes[arrays["member_prediction"][rows], rows] += 1
        self.depth[member] = arrays["member_depth"]
        self.trained[member], self.held_out[member] = trained, ~trained
        self.accuracy[member] = right[trained].mean(), right[~trained].mean()

    def columns(self) -> Arrays:
        columns: Arrays = {
            "trained_on": self.trained.sum(0).astype(np.int32),
            "held_out": self.held_out.sum(0).astype(np.int32),
        }
        for name, sums in self.sums.items():
            columns[name], columns[f"{name}_se"] = _mean(sums)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = self.votes / self.votes.sum(0)
            columns["entropy"] = -np.where(share > 0, share * np.log(share), 0).sum(0)
        columns["consistency"] = share.max(0)
        columns["consensus_class"] = np.where(
            columns["held_out"] > 0, self.votes.argmax(0), -1
        ).astype(np.int32)
        mean, error = _mean(self.kept)
        columns["memorization"] = mean - columns["c_score"]
        columns["memorization_se"] = np.hypot(error, columns["c_score_se"])
        columns["entropy"][columns["held_out"] == 0] = np.nan
        return {
            name: values.astype(np.float32) if values.dtype.kind == "f" else values
            for name, values in columns.items()
        }

    def confidence(self, codes: NDArray[Any], ends: Any) -> NDArray[Any]:
        """Share of resamples, between fixed boundaries, that keep the group."""
        draw = np.random.default_rng([self.world.seed, 1])
        members = len(self.depth)
        same = np.zeros(len(codes))
        both = np.zeros(len(codes))
        for _ in range(RESAMPLES):
            weight = np.bincount(draw.integers(0, members, members), minlength=members)
            with np.errstate(invalid="ignore"):
                means = [
                    torch.from_numpy((weight @ (self.depth * which)) / (weight @ which))
                    for which in (self.trained, self.held_out)
                ]
            again = difficulty_groups(*means, boundaries=ends).codes.numpy()
            both += again >= 0
            same += (again >= 0) & (again == codes)
        with np.errstate(invalid="ignore"):
            return (same / both).astype(np.float32)


def _count(sums: NDArray[Any], values: NDArray[Any], which: NDArray[Any]) -> None:
    numbers = np.where(which, values, 0).astype(float)
    sums += np.stack([which, numbers, numbers**2])


def _mean(sums: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    count, total, squares = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        spread = np.maximum(squares - count * mean**2, 0) / (count - 1)
        return mean, np.where(count > 1, np.sqrt(spread / count), np.nan)

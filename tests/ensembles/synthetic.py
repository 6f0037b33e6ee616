"""Ensembles that nobody trained: a study of any size with all its variables.

Whatever follows from something else follows here, too: depths from votes, votes and
agreement of the shown member from the labels of its neighbors, means from members. What
is free is drawn: hard examples settle late and are predicted worse where they are held
out; wrong labels are learned late by those that train on them.

Members are drawn one at a time, so that an ensemble is also written to a folder that
would not fit into memory. There are no maps and no pictures.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray

from depthviz.difficulty import difficulty_groups
from depthviz.study import Study, open_study
from depthviz.study.storage.regions import (
    Region,
    create_regions,
    finish_regions,
    write_region,
)
from tests.ensembles.tally import Arrays, Tally, World

ONE, EACH = ("member", "example"), ("member", "probe", "example")


def ensemble_study(
    *,
    examples: int = 240,
    members: int = 12,
    probes: int = 5,
    classes: int = 4,
    neighbors: int = 5,
    holdout: float = 0.25,
    wrong: float = 0.1,
    failed: tuple[int, ...] = (),
    seed: int = 0,
    path: Path | None = None,
) -> Study:
    """Draw an ensemble's study, in memory or written to a folder member by member.

    A share `wrong` of the labels is wrong; the right ones are the user's column
    "truth". Classes must have more than `neighbors` examples each.
    """
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, classes, examples)
    other = (truth + draw.integers(1, classes, examples)) % classes
    world = World(
        np.where(draw.random(examples) < wrong, other, truth).astype(np.uint8),
        truth.astype(np.uint8),
        draw.random(examples),
        draw.permutation(examples),
        probes,
        classes,
        neighbors,
        holdout,
        seed,
    )
    steps = np.full(members, -1, np.int32)
    steps[list(failed)] = 7
    tally = Tally(world, members)
    regions = _regions(world, members)
    if path is not None:
        create_regions(path, regions)
    kept = []
    for member in range(members):
        arrays = _member(world, member)
        tally.add(member, arrays, counts=steps[member] < 0)
        if path is None:
            kept.append(arrays)
        else:
            write_region(path, member, arrays)
    rest = _rest(world, tally, steps)
    if path is not None:
        finish_regions(path, rest, regions)
        return open_study(path)
    return Study(
        rest.assign(
            {
                name: (region.dimensions, np.stack([arrays[name] for arrays in kept]))
                for name, region in regions.items()
            }
        )
    )


def _member(world: World, member: int) -> Arrays:
    draw = np.random.default_rng([world.seed, 0, member])
    count, classes = len(world.label), world.classes
    size = round(world.holdout * count)
    trained = (world.place - member * size) % count >= size
    elsewhere = draw.integers(0, classes, count).astype(np.uint8)
    right = draw.random(count) < 1 - 0.6 * world.difficulty
    learned = trained & (draw.random(count) < 0.98)
    prediction = np.where(learned, world.label, np.where(right, world.truth, elsewhere))
    vote, depth = _votes(world, draw, prediction, trained)
    margin = draw.exponential(2 - world.difficulty)
    nothing = np.where(trained, 0, np.nan)
    numbers = {
        "member_suspicion": draw.random(count),
        "member_output_margin": margin,
        "member_input_margin": margin * draw.random(count),
        "member_label_probability": draw.random(count),
        "member_iteration_learned": nothing + draw.integers(0, 50, count),
        "member_forgetting": nothing + draw.poisson(3 * world.difficulty),
        "member_aum": nothing + draw.normal(2 - world.difficulty),
    }
    counts = _regions(world, 1)
    return {
        "in_train": trained,
        "member_vote": vote,
        "member_agreement": _agreement(world, draw, vote == prediction).astype(
            counts["member_agreement"].dtype
        ),
        "member_prediction": prediction,
        "member_depth": depth.astype(np.uint8),
        **{name: values.astype(np.float32) for name, values in numbers.items()},
    }


def _votes(
    world: World, draw: Any, prediction: NDArray[Any], trained: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    shape = (world.probes, len(world.label))
    late = 0.6 * (trained & (world.label != world.truth))
    settles = world.probes * (
        0.9 * world.difficulty + late + draw.normal(0, 0.15, shape[1])
    )
    early = np.where(
        draw.random(shape) < 1 - 0.7 * world.difficulty,
        world.truth,
        draw.integers(0, world.classes, shape),
    )
    numbers = np.arange(world.probes)[:, None]
    vote = np.where(numbers >= settles, prediction, early).astype(np.uint8)
    depth = np.where(vote != prediction, numbers + 1, 0).max(0)
    return vote, depth


def _agreement(world: World, draw: Any, agrees: NDArray[Any]) -> NDArray[Any]:
    """Number of neighbors with the prediction's label: more than half, or less."""
    k = world.neighbors
    found: NDArray[Any] = np.where(
        agrees,
        draw.integers(k // 2 + 1, k + 1, agrees.shape),
        draw.integers(0, (k - 1) // 2 + 1, agrees.shape),
    )
    return found


def _regions(world: World, members: int) -> dict[str, Region]:
    kinds: dict[str, Any] = {
        "in_train": bool,
        "member_prediction": np.uint8,
        "member_depth": np.uint8,
    }
    names = ("suspicion", "output_margin", "input_margin", "label_probability")
    for name in (*names, "iteration_learned", "forgetting", "aum"):
        kinds[f"member_{name}"] = np.float32
    agreement = np.min_scalar_type(world.neighbors)
    sizes = (members, world.probes, len(world.label))
    return {
        **{
            name: Region(ONE, (sizes[0], sizes[2]), kind)
            for name, kind in kinds.items()
        },
        "member_vote": Region(EACH, sizes, np.uint8),
        "member_agreement": Region(EACH, sizes, agreement),
    }


def _rest(world: World, tally: Tally, steps: NDArray[Any]) -> xr.Dataset:
    columns = tally.columns()
    groups = difficulty_groups(
        torch.from_numpy(columns["train_depth"]),
        torch.from_numpy(columns["validation_depth"]),
    )
    codes = groups.codes.numpy()
    columns["group_confidence"] = tally.confidence(codes, groups.boundaries)
    named: dict[str, Any] = {
        name: ("example", values) for name, values in columns.items()
    }
    named["group"] = (
        "example",
        np.where(codes < 0, 255, codes).astype(np.uint8),
        {
            "names": list(groups.names),
            "q": 0.3,
            "boundaries": [float(end) for end in groups.boundaries],
        },
    )
    middle = [f"layer{number}" for number in range(1, world.probes - 1)]
    return xr.Dataset(
        _shown(world, tally)
        | named
        | {
            "truth": ("example", world.truth, {"origin": "user"}),
            "member_failed": ("member", steps),
            "member_accuracy": (("member", "part"), tally.accuracy),
        },
        {
            "probe": ["input", *middle, "softmax"],
            "class": [f"class {number}" for number in range(world.classes)],
            "example_id": ("example", np.arange(len(world.label), dtype=np.int32)),
            "member": np.arange(len(steps), dtype=np.int32),
        },
        {
            "title": "Synthetic ensemble",
            "members": len(steps),
            "holdout": world.holdout,
            "seed": world.seed,
            "shown_member": int(np.flatnonzero(steps < 0)[0]),
        },
    )


def _shown(world: World, tally: Tally) -> dict[str, Any]:
    assert tally.shown is not None
    shown = tally.shown
    draw = np.random.default_rng([world.seed, 2])
    vote, held_out = shown["member_vote"], ~shown["in_train"]
    agrees = vote == shown["member_prediction"]
    of_label = np.arange(1, world.probes + 1)[:, None] * (vote != world.label)
    shape = (*vote.shape, world.neighbors)
    distance = np.sort(draw.random(shape, np.float32), axis=2)
    near = ("probe", "example", "neighbor")
    return {
        "split": ("example", held_out.astype(np.uint8)),
        "label": ("example", world.label),
        "prediction": ("example", shown["member_prediction"]),
        "confidence": ("example", draw.random(len(world.label), np.float32)),
        "depth": ("example", shown["member_depth"]),
        "depth_of_label": ("example", of_label.max(0).astype(np.uint8)),
        "vote": (near[:2], vote),
        "neighbor_agreement": (
            near[:2],
            (shown["member_agreement"] / world.neighbors).astype(np.float32),
        ),
        "neighbor_index": (near, _neighbors(world, shown)),
        "neighbor_distance": (near, distance),
        "probe_agreement": ("probe", agrees[:, held_out].mean(1)),
        "probe_accuracy": (
            "probe",
            (vote[:, held_out] == world.label[held_out]).mean(1),
        ),
    }


def _neighbors(world: World, shown: Arrays) -> NDArray[np.int32]:
    """Choose trained examples whose labels give the vote and the agreement.

    The first of them have the prediction's label; the rest have the vote's, or another
    where the vote is the prediction. They are distinct, and none is the example itself.
    """
    (trained,) = np.nonzero(shown["in_train"])
    order = trained[np.argsort(world.label[trained], kind="stable")].astype(np.int32)
    sizes = np.bincount(world.label[trained], minlength=world.classes)
    if sizes.min() <= world.neighbors:
        raise ValueError(f"Each class needs over {world.neighbors} trained examples.")
    offsets = np.cumsum(sizes) - sizes
    draw = np.random.default_rng([world.seed, 3])
    count = len(world.label)
    found = np.empty((world.probes, count, world.neighbors), np.int32)
    itself = np.arange(count)[:, None]
    number = np.arange(world.neighbors)
    for probe in range(world.probes):
        agreeing = shown["member_agreement"][probe].astype(int)[:, None]
        first = shown["member_prediction"].astype(int)[:, None]
        vote = shown["member_vote"][probe].astype(int)[:, None]
        rest = np.where(vote == first, (first + 1) % world.classes, vote)
        ahead = number < agreeing
        label = np.where(ahead, first, rest)
        rank = np.where(ahead, number, number - agreeing)
        wanted = np.where(ahead, agreeing, world.neighbors - agreeing)
        start = draw.integers(0, sizes.max(), (count, 1))
        rows = order[offsets[label] + (start + rank) % sizes[label]]
        spare = order[offsets[label] + (start + wanted) % sizes[label]]
        found[probe] = np.where(rows == itself, spare, rows)
    return found

"""How often each probe's vote, and the network, is right of each example.

A pair is a member and an example that it held out, or trained on. Members are read one
at a time, so memory holds a number for each probe and example, however many members
there are. Knows nothing of accuracy: a sum over any set of examples gives that.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.ensembles.analysis.truth import Truth, find_truth
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study

__all__ = ["By", "Over", "Readings", "Sorting", "count_right", "sort_examples"]

Over = Literal["held_out", "trained_on"]
By = Literal["group", "validation_depth"]

NEEDED = ("in_train", "member_failed", "member_prediction", "member_vote")
DEPTHS = ("low", "intermediate", "high")


class Readings(NamedTuple):
    """How often the members' probes and networks are right of each example.

    Attributes:
        names: The P probes, then the network, R = P + 1.
        right: Pairs in which each is right, shape `(R, N)`, int32.
        pairs: Pairs of each example, shape `(N,)`, int32.
    """

    names: tuple[str, ...]
    right: NDArray[np.int32]
    pairs: NDArray[np.int32]


class Sorting(NamedTuple):
    """The examples sorted into groups.

    Attributes:
        names: Names of the groups.
        codes: Position in names, -1 for none, shape `(N,)`.
    """

    names: tuple[str, ...]
    codes: NDArray[np.int64]


def count_right(
    study: Study, *, over: Over = "held_out", truth: Truth | None = None
) -> Readings:
    """Count the pairs in which each probe's vote, and the network, is right.

    Args:
        study: An ensemble's study.
        over: Pairs of members and examples they held out, or trained on.
        truth: As `find_truth` takes it; None for the given labels.

    Returns:
        The counts. Members that failed, and examples whose right class is open, count
        nowhere.

    Raises:
        StudyError: If the study is no ensemble's.
        ArgumentError: If over is neither.
        ShapeError: If truth does not cover the examples.
        LabelError: If truth holds something other than classes.
    """
    data = study.dataset
    _check_ensemble(data)
    if over not in get_args(Over):
        raise ArgumentError(f"over must be one of {get_args(Over)}, got {over!r}.")
    right = np.zeros((len(study.probes) + 1, len(study)), np.int32)
    pairs = np.zeros(len(study), np.int32)
    wanted, known = find_truth(study, truth)
    for member in np.flatnonzero(data["member_failed"].values < 0):
        one = data[[*NEEDED]].isel(member=member)
        in_train = one["in_train"].values
        counted = (in_train if over == "trained_on" else ~in_train) & known
        right[:-1] += (one["member_vote"].values == wanted) & counted
        right[-1] += (one["member_prediction"].values == wanted) & counted
        pairs += counted
    network = "network" if "network" not in study.probes else "the network itself"
    return Readings((*study.probes, network), right, pairs)


def sort_examples(study: Study, by: By) -> Sorting:
    """Sort the examples into groups.

    Args:
        study: An ensemble's study.
        by: The groups of both depths, or low, intermediate and high validation depth
            with the same boundaries.

    Returns:
        The groups.

    Raises:
        StudyError: If the study has no groups.
        ArgumentError: If by is neither.
    """
    if by not in get_args(By):
        raise ArgumentError(f"by must be one of {get_args(By)}, got {by!r}.")
    group = study.dataset.get("group", xr.DataArray())
    lacking = {"names", "boundaries"} - set(group.attrs)
    if lacking or by not in study.dataset:
        raise StudyError(
            "Accuracy by group needs the groups of an ensemble's study, with their "
            f"names and boundaries. {_hint(study.dataset)}"
        )
    if by == "group":
        names = tuple(map(str, group.attrs["names"]))
        codes = group.values.astype(np.int64)
        return Sorting(names, np.where(codes < len(names), codes, -1))
    import torch  # here, since all else is read without it

    from depthviz.difficulty.groups import sides

    depth = torch.from_numpy(study.dataset[by].values)
    low, high = (float(end) for end in tuple(group.attrs["boundaries"])[2:])
    side = (1 + sides(depth, low, high)).masked_fill(depth.isnan(), -1)
    return Sorting(tuple(f"{word} validation depth" for word in DEPTHS), side.numpy())


def _check_ensemble(data: xr.Dataset) -> None:
    lacking = [name for name in (*NEEDED, "label") if name not in data]
    if lacking:
        raise StudyError(
            "Reading the probes of many networks needs every member's votes; this "
            f"study lacks {', '.join(lacking)}. {_hint(data)}"
        )


def _hint(data: xr.Dataset) -> str:
    made = "" if "member" in data.sizes else "It was measured of one network. "
    return f"{made}Train several with dv.Ensemble(network, data).run(path)."

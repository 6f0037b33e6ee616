"""How many neighbors carry the classes in question, probe by probe, and who says what.

Three classes are in question for an example: the given label, the suggested one, and
the predicted one. Counted for the shown network, and, in a study of many, over those
that trained on the example and over those that held it out. A network of an ensemble
keeps only how many neighbors carry the label and its own prediction; where a count is
not kept, it is missing here, and how many networks are behind each mean is told.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.study.members import shown_member

__all__ = ["FACTS", "ROLES", "pack_sides", "side_names", "sides_block", "split_block"]

ROLES = ("given", "suggested", "predicted")
FACTS = (
    "networks",
    "predicted",
    "predict_predicted",
    "predict_given",
    "predict_suggested",
    "given_from",
    "suggested_from",
    "known_given",
    "known_suggested",
    "known_predicted",
)
STEPS, NO_SHARE = 254, 255
NO_CODE = np.iinfo(np.uint16).max
_OF_MEMBERS = ("member_vote", "member_agreement", "member_prediction", "in_train")
_OTHERS = ("vote", "prediction", "label")


class Side(NamedTuple):
    """What one side says: facts, shape `(F, B)`, and shares, `(3, P, B)`."""

    facts: NDArray[np.int64]
    shares: NDArray[np.float64]


def side_names(data: xr.Dataset) -> list[str]:
    """Name the sides that a study can tell apart; none where it has no votes."""
    if not set(_OTHERS) <= set(data):
        return []
    many = {*_OF_MEMBERS, "neighbor_index"} <= set(data)
    return ["shown", "trained", "held_out"] if many else ["shown"]


def sides_block(data: xr.Dataset, rows: slice, valid: NDArray[np.intp]) -> bytes:
    """Pack what each side says of some examples.

    Args:
        data: The study's dataset.
        rows: Which examples, B of them.
        valid: Numbers of the members that did not fail, shape `(M,)`.

    Returns:
        Facts, uint16, shape `(S, F, B)`, in the order of `FACTS`: counts of networks, a
        class, and probes from which on most votes are the class (P where from none);
        65535 where missing. Then shares of neighbors, uint8 in steps of 1/254, shape
        `(S, 3, P, B)` in the order of `ROLES`; 255 where missing.
    """
    block = data.isel(example=rows)
    classes = _classes_in_question(block)
    sides = [_shown(data, block, classes)]
    if len(side_names(data)) > 1:
        sides += _members(data, block, classes, valid)
    return pack_sides(sides)


def pack_sides(sides: list[Side]) -> bytes:
    """Pack sides as bytes."""
    facts = np.stack([side.facts for side in sides])
    shares = np.stack([side.shares for side in sides])
    codes = np.where((facts < 0) | (facts > NO_CODE), NO_CODE, facts).astype("<u2")
    known = np.isfinite(shares)
    steps = np.rint(np.where(known, shares, 0) * STEPS)
    return codes.tobytes() + np.where(known, steps, NO_SHARE).astype("u1").tobytes()


def split_block(
    data: bytes, sides: int, probes: int
) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Read facts `(S, F, B)` and shares `(S, 3, P, B)` of a block."""
    count = len(data) // (sides * (2 * len(FACTS) + len(ROLES) * probes))
    end = 2 * sides * len(FACTS) * count
    facts = np.frombuffer(data[:end], "<u2").reshape(sides, len(FACTS), count)
    shares = np.frombuffer(data[end:], "u1").reshape(sides, len(ROLES), probes, count)
    return facts.copy(), shares.copy()


def _classes_in_question(block: xr.Dataset) -> dict[str, NDArray[np.int64]]:
    """The class in each role, -1 where there is none, shape `(B,)` each."""
    label = block["label"].values.astype(np.int64)
    none = np.full(len(label), -1)
    return {
        "given": label,
        "suggested": _codes(block, "suggested_label", none),
        "predicted": block["prediction"].values.astype(np.int64),
    }


def _codes(block: xr.Dataset, name: str, none: NDArray[np.int64]) -> NDArray[np.int64]:
    """A column of classes; what is no class of the study is none."""
    if name not in block:
        return none
    values = np.nan_to_num(block[name].values.astype(float), nan=-1).astype(np.int64)
    return np.where(values < block.sizes.get("class", NO_CODE), values, -1)


def _shown(
    data: xr.Dataset, block: xr.Dataset, classes: dict[str, NDArray[np.int64]]
) -> Side:
    """What the shown network says, and its neighbors."""
    votes = block["vote"].transpose("probe", "example").values.astype(np.int64)
    shares = np.stack([_share(data, block, classes, role) for role in ROLES])
    one = np.ones(votes.shape[1], np.int64)
    facts = _facts(
        votes[None], classes["predicted"][None], one[None] > 0, classes, shares[None]
    )
    return Side(facts, shares)


def _share(
    data: xr.Dataset,
    block: xr.Dataset,
    classes: dict[str, NDArray[np.int64]],
    role: str,
) -> NDArray[np.float64]:
    """Share of the neighbors that carry the class in a role, shape `(P, B)`."""
    wanted = classes[role]
    if "neighbor_index" in data:
        index = block["neighbor_index"].transpose("probe", "example", "neighbor").values
        index = index.astype(np.int64)
        here = (index >= 0) & (index < data.sizes["example"])
        labels = data["label"].values[np.where(here, index, 0)]
        same = ((labels == wanted[:, None]) & here).sum(-1)
        shares = same / np.maximum(here.sum(-1), 1)
        return np.where(here.any(-1) & (wanted >= 0), shares, np.nan)
    size = block.sizes["probe"], len(wanted)
    if "neighbor_agreement" not in data:
        return np.full(size, np.nan)
    agreement = block["neighbor_agreement"].transpose("probe", "example").values
    return np.where(wanted == classes["predicted"], agreement, np.nan)


def _members(
    data: xr.Dataset,
    block: xr.Dataset,
    classes: dict[str, NDArray[np.int64]],
    valid: NDArray[np.intp],
) -> list[Side]:
    """What the networks that trained on each example say, and those that did not."""
    each = block.isel(member=valid)
    votes = each["member_vote"].transpose("member", "probe", "example").values
    votes = votes.astype(np.int64)
    agreeing = _share_of(each["member_agreement"], data)
    predictions = each["member_prediction"].transpose("member", "example").values
    predictions = predictions.astype(np.int64)
    trained = each["in_train"].transpose("member", "example").values.astype(bool)
    of_label = (
        _share_of(each["member_label_agreement"], data)
        if "member_label_agreement" in each
        else None
    )
    place = np.flatnonzero(valid == shown_member(data))
    sides = []
    for counted in (trained, ~trained):
        here = {**classes, "predicted": _commonest(predictions, counted)}
        known = np.stack(
            [
                _known(here[role], predictions, agreeing, of_label, classes["given"])
                for role in ROLES
            ],
            axis=1,
        )
        if len(place):
            known[place[0]] = [_share(data, block, here, role) for role in ROLES]
        known[~np.broadcast_to(counted[:, None, None], known.shape)] = np.nan
        facts = _facts(votes, predictions, counted, here, known)
        sides.append(Side(facts, _mean(known)))
    return sides


def _share_of(counts: xr.DataArray, data: xr.Dataset) -> NDArray[np.float64]:
    """Counts of neighbors as shares, shape `(M, P, B)`."""
    ordered = counts.transpose("member", "probe", "example").values
    return np.minimum(ordered / max(1, data.sizes.get("neighbor", 1)), 1)


def _known(
    wanted: NDArray[np.int64],
    predictions: NDArray[np.int64],
    agreeing: NDArray[np.float64],
    of_label: NDArray[np.float64] | None,
    given: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Share of each network's neighbors with a class, if kept: `(M, P, B)`."""
    found = np.where((predictions == wanted)[:, None], agreeing, np.nan)
    if of_label is not None:
        found = np.where(wanted == given, of_label, found)
    return np.where(wanted >= 0, found, np.nan)


def _facts(
    votes: NDArray[np.int64],
    predictions: NDArray[np.int64],
    counted: NDArray[np.bool_],
    classes: dict[str, NDArray[np.int64]],
    known: NDArray[np.float64],
) -> NDArray[np.int64]:
    """The facts of a side, shape `(F, B)`; `known` has the shape `(M, 3, P, B)`."""
    networks = counted.sum(0)
    says = {role: ((predictions == classes[role]) & counted).sum(0) for role in ROLES}
    behind = np.isfinite(known).any(2).sum(0)
    return np.stack(
        [
            networks,
            classes["predicted"],
            *(says[role] for role in ("predicted", "given", "suggested")),
            *(_from(votes, counted, classes[role]) for role in ROLES[:2]),
            *behind,
        ]
    )


def _from(
    votes: NDArray[np.int64], counted: NDArray[np.bool_], wanted: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The probe from which on most networks vote for a class, P where from none."""
    voting = ((votes == wanted) & counted[:, None]).sum(0)
    most = 2 * voting > counted.sum(0)
    later = np.logical_and.accumulate(most[::-1], axis=0)
    return np.asarray(len(most) - later.sum(0))


def _commonest(
    predictions: NDArray[np.int64], counted: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The class that most of the counted networks predict, -1 where none is counted."""
    classes = int(predictions.max(initial=0)) + 1
    found = np.zeros((predictions.shape[1], classes), np.int64)
    for row, keep in zip(predictions, counted, strict=True):
        found[np.arange(len(row))[keep], row[keep]] += 1
    return np.where(counted.any(0), found.argmax(1), -1)


def _mean(known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the networks whose share is known, NaN where none is."""
    finite = np.isfinite(known)
    total = np.where(finite, known, 0).sum(0)
    count = finite.sum(0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)

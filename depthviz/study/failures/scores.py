"""The scores of held-out examples by which a mistake may be told.

Of one network: its predictions of the examples that it did not train on. Of many: the
class that most members predict which held an example out, and the means over them.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray

from depthviz.difficulty import prediction_depth
from depthviz.errors import StudyError
from depthviz.study.members import is_ensemble
from depthviz.study.planted import planted_examples

__all__ = ["SOFTMAX", "HeldOut", "Score", "held_out"]

SOFTMAX = "largest softmax"
Values = NDArray[np.float64]
OF_MEMBERS = "Distances are stored of the shown member alone."


class Score(NamedTuple):
    """A score of every held-out example.

    Attributes:
        name: What it is called.
        likely_wrong: Which end is said to be that of mistakes.
        values: Shape `(N,)`; None where the study does not tell.
        untold: Why it does not.
    """

    name: str
    likely_wrong: Literal["larger", "smaller"]
    values: Values | None
    untold: str = ""

    @property
    def risk(self) -> Values:
        """The score, larger for what is more likely wrong."""
        if self.values is None:
            raise StudyError(f"There is no {self.name}: {self.untold}")
        return self.values if self.likely_wrong == "larger" else -self.values


class HeldOut(NamedTuple):
    """Examples that a network did not train on, and its scores of them.

    Attributes:
        rows: Their places in the study, shape `(N,)`.
        wrong: Whether the prediction is another class than the label, shape `(N,)`.
        scores: In a fixed order.
    """

    rows: NDArray[np.intp]
    wrong: NDArray[np.bool_]
    scores: list[Score]


def held_out(dataset: xr.Dataset, counted: NDArray[np.bool_]) -> HeldOut:
    """Find the held-out examples of a study, with their scores.

    Args:
        dataset: A study's dataset, of one network or of many.
        counted: Which examples are looked at, shape `(N,)`.

    Returns:
        The examples; of those whose labels were planted or are none (-1), none.

    Raises:
        StudyError: If no example is held out, or predictions are missing.
    """
    many = is_ensemble(dataset) and {"consensus_class", "held_out"} <= set(dataset)
    names = ("label", "consensus_class" if many else "prediction", "split")
    if missing := [name for name in names if name not in dataset]:
        raise StudyError(
            f"Telling mistakes needs {', '.join(names)}; this study lacks "
            f"{', '.join(missing)}. Measure it with depthviz.measure."
        )
    unseen = dataset["held_out"] > 0 if many else dataset["split"] != 0
    labeled = dataset["label"].values.astype(int) >= 0
    whole = unseen.values & labeled & counted & ~planted_examples(dataset)
    rows = np.flatnonzero(whole)
    if not len(rows):
        raise StudyError(
            "Telling mistakes needs examples that the network did not train on, and "
            "of these there are none. Measure with validation=, or run "
            "depthviz.Ensemble, which holds each example out of some networks."
        )
    part = dataset.isel(example=rows)
    wrong = part[names[1]].values.astype(int) != part["label"].values.astype(int)
    return HeldOut(rows, wrong, _of_many(part) if many else _of_one(part))


def _of_one(part: xr.Dataset) -> list[Score]:
    agreement, distance = (
        part[name].values if name in part else None
        for name in ("neighbor_agreement", "neighbor_distance")
    )
    return [
        _score("depth", "larger", _depth(part), "vote"),
        *_agreements(agreement, "neighbor_agreement"),
        _of_column(part, "margin", "smaller", "output_margin"),
        _score("entropy", "larger", _entropy(part), "log_probability"),
        _of_column(part, SOFTMAX, "smaller", "confidence"),
        _score("neighbor distance", "larger", _farthest(distance), "neighbor_distance"),
    ]


def _of_many(part: xr.Dataset) -> list[Score]:
    return [
        _of_column(part, "depth", "larger", "validation_depth"),
        *_agreements(_mean_agreement(part), "member_agreement"),
        _of_column(part, "margin", "smaller", "output_margin"),
        _of_column(part, "entropy", "larger", "soft_entropy"),
        _score(SOFTMAX, "smaller", _largest(part), "held_out_probability"),
        Score("neighbor distance", "larger", None, OF_MEMBERS),
    ]


def _of_column(part: xr.Dataset, name: str, end: Any, column: str) -> Score:
    values = part[column].values if column in part else None
    return _score(name, end, values, column)


def _score(name: str, end: Any, values: Any, source: str) -> Score:
    if values is None:
        return Score(name, end, None, f"The study has no {source}.")
    numbers = np.asarray(values, np.float64)
    if np.isnan(numbers).all():
        return Score(name, end, None, f"{source} is NaN for all of these examples.")
    return Score(name, end, numbers)


def _agreements(agreement: Values | None, source: str) -> list[Score]:
    """The share of neighbors that agree: over all probes, and at the last."""
    mean = None if agreement is None else agreement.astype(float).mean(0)
    last = None if agreement is None else agreement[-1]
    return [
        _score("agreement", "smaller", mean, source),
        _score("last agreement", "smaller", last, source),
    ]


def _depth(part: xr.Dataset) -> Any:
    """Depth of the prediction, whatever the study's own depth compares with."""
    if "vote" not in part:
        return None
    votes, prediction = (
        torch.from_numpy(part[name].values.astype(np.int64))
        for name in ("vote", "prediction")
    )
    return prediction_depth(votes, prediction).numpy()


def _entropy(part: xr.Dataset) -> Values | None:
    """Entropy of the softmax; what is left over for classes not kept is spread out."""
    if "log_probability" not in part:
        return None
    logs = part["log_probability"].values.astype(np.float64)
    share = np.exp(logs)
    found: Values = -(share * logs).sum(1)
    others = part.sizes.get("class", logs.shape[1]) - logs.shape[1]
    if others > 0:
        left = np.clip(1 - share.sum(1), 1e-12, None)
        found -= left * np.log(left / others)
    return found


def _farthest(distance: Any) -> Any:
    """Distance to the k-th neighbor at the last probe before the softmax."""
    if distance is None:
        return None
    return distance[max(0, len(distance) - 2), :, -1]


def _mean_agreement(part: xr.Dataset) -> Values | None:
    """Average over the members that held each example out, shape `(P, N)`."""
    k = part.attrs.get("k", part.sizes.get("neighbor"))
    if k is None or not {"member_agreement", "in_train", "member_failed"} <= set(part):
        return None
    total, count = np.zeros(1), np.zeros(1)
    for member in _sound(part):
        unseen = ~part["in_train"][member].values
        total = total + part["member_agreement"][member].values * unseen
        count = count + unseen.astype(float)
    found: Values = total / count / k
    return found


def _largest(part: xr.Dataset) -> Values | None:
    """Find the largest of the mean softmax of the members that held out.

    From their own logarithms where all classes are kept: the stored mean is of half
    precision, which near 1 has few steps.
    """
    exact = {"member_log_probability", "in_train", "member_failed"} <= set(part)
    if exact and "member_kept_class" not in part:
        total = np.zeros(part["member_log_probability"].shape[1:])
        for member in _sound(part):
            logs = part["member_log_probability"][member].values.astype(np.float64)
            total += np.exp(logs) * ~part["in_train"][member].values[:, None]
        found: Values = total.max(1) / part["held_out"].values
        return found
    if "held_out_probability" not in part:
        return None
    stored: Values = part["held_out_probability"].values.astype(np.float64).max(1)
    return stored


def _sound(part: xr.Dataset) -> list[int]:
    """The members that did not fail."""
    return np.flatnonzero(part["member_failed"].values < 0).tolist()

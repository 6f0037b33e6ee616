"""The measures of one part of a training record, that lies in memory.

Step 0, the initialization, is no presentation where something is counted or windowed:
nothing was learned by then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from depthviz.difficulty import (
    DataMap,
    area_under_margin,
    data_map,
    dual_score,
    dynamic_uncertainty,
    forgetting_events,
    iteration_learned,
    predictive_entropy,
    second_split_forgetting,
    training_loss,
)
from depthviz.difficulty.presentations.windows import own_presentations

if TYPE_CHECKING:
    from depthviz.training.record.record import TrainingRecord

__all__ = [
    "EARLY",
    "FIRST",
    "WINDOW",
    "aum",
    "early_error",
    "forgetting",
    "in_windows",
    "last_entropy",
    "last_prediction",
    "learned",
    "loss",
    "placed",
    "second_stage",
    "shown",
    "table",
]

EARLY = 10  # presentation at which an error is early
WINDOW, FIRST = 10, 30


def shown(part: TrainingRecord) -> Tensor:
    """Which records are presentations: all but those of step 0."""
    if len(part.steps) and int(part.steps[0]) == 0:
        return part.recorded & (part.steps > 0)[:, None]
    return part.recorded


def last_prediction(part: TrainingRecord) -> Tensor:
    """Find the last class that was predicted, int32, shape `(N,)`; -1 where none."""
    last = torch.full_like(part.label, -1)
    for here, predicted in zip(part.recorded, part.prediction, strict=True):
        last = torch.where(here, predicted, last)
    return last


def forgetting(part: TrainingRecord) -> Tensor:
    """Count how often it went from right to wrong, shape `(N,)`."""
    return forgetting_events(part.correct, recorded=shown(part))


def aum(part: TrainingRecord) -> Tensor:
    """Average the margins, shape `(N,)`."""
    return area_under_margin(part.margin, recorded=part.recorded)


def placed(part: TrainingRecord, first: int | None = None) -> DataMap:
    """Place the examples on the data map, by all records or the first presentations."""
    if first is None:
        return data_map(part.probability, part.correct, recorded=part.recorded)
    front, count = own_presentations(part.probability, shown(part), most=first)
    right, _ = own_presentations(part.correct, shown(part), most=first)
    places = torch.arange(len(front), device=front.device)
    return data_map(front, right, recorded=places[:, None] < count)


def learned(part: TrainingRecord, final: Tensor | None = None) -> Tensor:
    """Find the step from which the final class is predicted, shape `(N,)`."""
    last = last_prediction(part) if final is None else final
    learned = iteration_learned(
        part.prediction, last, steps=part.steps, recorded=part.recorded
    )
    return learned.masked_fill(last < 0, torch.nan)


def loss(part: TrainingRecord) -> Tensor:
    """Average the loss, shape `(N,)`."""
    return training_loss(part.probability, recorded=shown(part))


def second_stage(part: TrainingRecord) -> Tensor:
    """Find the epoch of a second stage from which it is wrong, shape `(N,)`."""
    return second_split_forgetting(part.correct, recorded=shown(part))


def in_windows(
    score: Callable[..., Tensor], part: TrainingRecord, length: int, first: int | None
) -> Tensor:
    """Score the presentations of a part; NaN where there are too few."""
    front, count = own_presentations(part.probability, shown(part), most=first)
    if not len(count) or int(count.max()) < length:
        return _unknown(part)
    places = torch.arange(len(front), device=front.device)
    own = places[:, None] < count
    return score(front, window=length, recorded=own)


def early_error(part: TrainingRecord, place: int) -> Tensor:
    """Read the norm of the error at a presentation, from 1, shape `(N,)`."""
    error, count = own_presentations(part.error, shown(part), most=place)
    if len(error) < place:
        return _unknown(part)
    return error[place - 1].double().masked_fill(count < place, torch.nan)


def last_entropy(part: TrainingRecord) -> Tensor:
    """Measure the entropy at the last record, shape `(N,)`; NaN without logits."""
    if part.logits is None or not len(part.steps):
        return _unknown(part)
    places = torch.arange(1, len(part.steps) + 1, device=part.label.device)
    rows = places[:, None] * part.recorded
    last = rows.argmax(0)
    return predictive_entropy(
        part.logits[last, torch.arange(len(last), device=last.device)]
    )


def _unknown(part: TrainingRecord) -> Tensor:
    return torch.full(
        (len(part.label),), torch.nan, dtype=torch.float64, device=part.label.device
    )


def table(part: TrainingRecord) -> dict[str, Tensor]:
    """Find all columns, each of shape `(N,)`."""
    last, place = last_prediction(part), placed(part)
    entropy = {} if part.logits is None else {"predictive_entropy": last_entropy(part)}
    return {
        "label": part.label,
        "prediction": last,
        "correct": (last == part.label) & (last >= 0),
        "records": part.recorded.sum(0),
        "iteration_learned": learned(part, last),
        "forgetting": forgetting(part),
        "aum": aum(part),
        "data_map_confidence": place.confidence,
        "data_map_variability": place.variability,
        "data_map_correctness": place.correctness,
        "loss": loss(part),
        "el2n": early_error(part, EARLY),
        "dynamic_uncertainty": in_windows(dynamic_uncertainty, part, WINDOW, None),
        "dual": in_windows(dual_score, part, WINDOW, FIRST),
        **entropy,
    }

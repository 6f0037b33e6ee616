"""What speaks against this very study: only what applies to it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from depthviz.reports.contents.found import held_by_few
from depthviz.reports.contents.numbers import describe_count, percent
from depthviz.reports.findings import describe_ties
from depthviz.reports.tables import describe_part
from depthviz.study import Study
from depthviz.study.members import (
    failed_members,
    held_out_accuracy,
    is_ensemble,
    learned_share,
    shown_member,
)
from depthviz.study.rules import describe_suspicion

__all__ = ["caveats_of"]

FEW_EXAMPLES = 200
UNLEARNED = 0.9
UNDECIDED = 0.05
RECALL = 0.95
BARELY = 0.1  # of the way from chance to always right


def caveats_of(study: Study) -> list[str]:
    """Find what a reader must know before trusting the numbers of a study.

    Args:
        study: The study.

    Returns:
        Sentences, the gravest first; none where nothing speaks against it.
    """
    found = [
        *_of_networks(study),
        *_of_examples(study),
        *_of_search(study),
        *_of_scores(study),
    ]
    return [one for one in found if one]


def _of_networks(study: Study) -> Iterator[str]:
    data = study.dataset
    if not is_ensemble(data):
        if "split" in data and not _held_out(study):
            yield (
                "All examples were trained on: their neighbors at the last probes "
                "repeat labels that the network may know by heart."
            )
        return
    frame = study.frame()
    if held := held_by_few(frame):
        yield f"{held}: a group can tip with a single one of them."
    if failed := failed_members(data):
        yield (
            f"{len(failed)} of {data.sizes['member']} networks failed and "
            f"{'count' if len(failed) != 1 else 'counts'} nowhere."
        )
    learned = learned_share(data)
    if learned < UNLEARNED:
        yield (
            f"The networks predict only {percent(learned)} of the labels that they "
            "trained on. Depths when trained on are those of networks that are not "
            "done."
        )
    if "c_score" in frame and "held_out" in frame:
        yield _near_chance(held_out_accuracy(frame), len(study.classes))


def _near_chance(accuracy: float, classes: int) -> str:
    if not np.isfinite(accuracy) or classes < 2:
        return ""
    chance = 1 / classes
    if accuracy > min(2 * chance, chance + BARELY * (1 - chance)):
        return ""
    return (
        f"Held out, the networks are right for {percent(accuracy)}, hardly more than "
        f"chance for {classes} classes: depths when held out mean little."
    )


def _held_out(study: Study) -> bool:
    frame = study.frame()
    return "split" in frame and bool((frame["split"] != "train").any())


def _of_examples(study: Study) -> Iterator[str]:
    frame = study.frame()
    if len(frame) < FEW_EXAMPLES:
        yield (
            f"There {'are' if len(frame) != 1 else 'is'} only "
            f"{describe_count(len(frame))}: shares have wide intervals."
        )
    if part := describe_part(study):
        yield f"This is a part, {part}."
    if "undecided" in frame and (share := float(frame["undecided"].mean())) > UNDECIDED:
        data = study.dataset
        where = f"In member {shown_member(data)}, " if is_ensemble(data) else ""
        yield (
            f"{where}{percent(share)} of the examples are undecided: even the last "
            "probe disagrees with the prediction. They count as the largest depth."
        )
    if "label" in frame:
        yield from _of_labels(study, frame["label"].to_numpy())


def _of_labels(study: Study, label: NDArray[np.integer]) -> Iterator[str]:
    known = label[label >= 0]
    if lost := len(label) - len(known):
        yield f"The label of {describe_count(lost)} is not known."
    if len(known) and (known == known[0]).all():
        name = study.classes[int(known[0])]
        yield f"All examples have one label, {name}: nothing is told about others."


def _of_search(study: Study) -> Iterator[str]:
    data = study.dataset
    if "search_recall" in data:
        recall = float(np.nanmin(data["search_recall"].values))
        if recall < RECALL:
            yield (
                f"The approximate search missed some of the nearest neighbors: at the "
                f"worst probe it found {percent(recall)} of them."
            )
    if len(study.probes) < 3:  # depth is hardly a scale then
        yield (
            f"Only {len(study.probes)} probe{'s' * (len(study.probes) != 1)}: depth "
            "tells little beyond right and wrong."
        )


def _of_scores(study: Study) -> Iterator[str]:
    if "group" in study.dataset:
        yield describe_ties(study)
    if noted := describe_suspicion(study.dataset):
        yield f"{noted[:1].upper()}{noted[1:]}."

"""What is found on one label set, as plain data that a file of JSON keeps.

Each part is computed once and written at once, so the command goes on where it was
killed, and the tables are printed from the file alone.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.study import Study
from tests.benchmarks.label_errors.figures import compare
from tests.benchmarks.label_errors.label_sets import RARE, LabelSet
from tests.benchmarks.label_errors.runs import NetworkRun
from tests.benchmarks.label_errors.scores import (
    SUSPICION,
    ensemble_scores,
    network_scores,
)
from tests.benchmarks.protocol.scores import auroc, resampled, spearman

__all__ = [
    "FIRST",
    "Results",
    "ensemble_part",
    "group_part",
    "network_part",
    "question_part",
    "rare_part",
]

FIRST = 0.05  # share of the examples that somebody looks at
# Columns of a study, and 1 where a larger value is the harder or the worse.
COLUMNS = {
    "suspicion": 1,
    "neighbor_margin": 1,
    "label_probability": -1,
    "soft_entropy": 1,
    "c_score": -1,
    "entropy": 1,
    "validation_depth": 1,
    "train_label_depth": 1,
    "train_depth": 1,
    "aum": -1,
}
Part = dict[str, Any]
Array = NDArray[Any]


class Results:
    """The parts of one label set in a file of JSON."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.parts: dict[str, Part] = {}
        if file.is_file():
            self.parts = json.loads(file.read_text(encoding="utf-8"))

    def get(self, name: str, make: Callable[[], Part]) -> Part:
        """Return a part; make and write it if it is missing."""
        if name not in self.parts:
            self.parts[name] = make()
            part = self._file.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(self.parts, indent=1), encoding="utf-8")
            part.replace(self._file)
        return self.parts[name]


def ensemble_part(one: LabelSet, study: Study, *, members: int) -> Part:
    """Compare all scores of the first members; say how well the members do."""
    found = compare(
        ensemble_scores(study, members=members), one.wrong, reference=SUSPICION
    )
    accuracy = study.dataset["member_accuracy"].values[:members]
    trained, held_out = (float(each) for each in np.nanmean(accuracy, 0))
    return _about(one) | {"trained": trained, "held out": held_out, "scores": found}


def network_part(one: LabelSet, run: NetworkRun) -> Part:
    """Compare all scores of one network that trained on all examples."""
    found = compare(network_scores(run), one.wrong, reference=SUSPICION)
    facts = {"trained": run.accuracy, "epochs": run.epochs, "scores": found}
    return _about(one) | facts


def group_part(one: LabelSet, study: Study) -> Part:
    """Find the size of each group, and how many times the base rate is wrong in it."""
    group = study.frame()["group"]
    found = {}
    for name in group.cat.categories:
        rows = (group == name).to_numpy()
        times = one.wrong[rows].mean() / one.wrong.mean() if rows.any() else np.nan
        found[str(name)] = [int(rows.sum()), float(times)]
    return found


def rare_part(one: LabelSet, study: Study) -> Part:
    """Find what suspicion is worth within a rare class, and within all others."""
    suspicion = study.dataset["suspicion"].values.astype(float)
    most = suspicion >= np.sort(suspicion)[-one.wrong.sum()]
    found = {}
    for name, rows in (
        (one.class_names[RARE], one.labels == RARE),
        ("all other classes", one.labels != RARE),
    ):
        wrong, right = rows & one.wrong, rows & ~one.wrong
        found[name] = {
            "examples": int(rows.sum()),
            "wrong": int(wrong.sum()),
            "auroc": list(resampled(auroc, suspicion[rows], one.wrong[rows])),
            "wrong found": float(most[wrong].mean()),
            "right flagged": float(most[right].mean()),
        }
    return found


def question_part(one: LabelSet, study: Study) -> Part:
    """Ask of each column what it is good for, where people were asked."""
    if one.annotations is None or one.c_score is None:
        raise ValueError(f"Nobody was asked about {one.name}.")
    frame, disagreement = study.frame(), _disagreement(one.annotations)
    worth = one.wrong | (disagreement > 0)
    found = {}
    for name, sign in COLUMNS.items():
        harder = sign * frame[name].to_numpy(float)
        first = np.argsort(-harder, kind="stable")[: round(FIRST * len(harder))]
        found[name] = {
            "wrong labels": list(resampled(auroc, harder, one.wrong)),
            "ambiguous": list(resampled(spearman, harder, disagreement)),
            "hard": list(resampled(spearman, harder, -one.c_score)),
            "first": float(worth[first].mean()),
        }
    base = {"worth a look": float(worth.mean()), "first": round(FIRST * len(worth))}
    return base | {"columns": found}


def _about(one: LabelSet) -> Part:
    return {"examples": len(one.labels), "wrong": int(one.wrong.sum())}


def _disagreement(annotations: Array) -> Array:
    """Compute the entropy of what several people said, in nats, shape `(N,)`."""
    people = annotations.shape[1]
    shares = (annotations[:, :, None] == annotations[:, None, :]).sum(2) / people
    # A class that n people said occurs n times in the mean over people.
    entropy: Array = -np.log(shares).mean(1)
    return entropy

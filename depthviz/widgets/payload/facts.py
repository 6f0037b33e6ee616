"""The facts above the page's views: what a reader of a study asks first."""

from typing import Any

import pandas as pd

from depthviz.study import Study
from depthviz.study.members import (
    TWO_DEPTHS,
    describe_fit,
    failed_members,
    held_out_accuracy,
    is_ensemble,
    list_failures,
)

__all__ = ["study_facts"]


def study_facts(study: Study) -> list[list[str]]:
    """State facts of a study, of one network or of many, as pairs of name and value."""
    if is_ensemble(study.dataset):
        return _ensemble_facts(study)
    return _network_facts(study.frame())


def _network_facts(frame: pd.DataFrame) -> list[list[str]]:
    facts = [["Examples", f"{len(frame):,}"]]
    parts: list[tuple[Any, pd.DataFrame]] = [("all", frame)]
    if "split" in frame:
        parts = list(frame.groupby("split", observed=True))
    for split, rows in parts:
        accuracy = rows["correct"].mean()
        facts.append([f"Predictions equal to the label, {split}", f"{accuracy:.1%}"])
    facts.append(["Mean depth", f"{frame['depth'].mean():.2f}"])
    undecided = frame["undecided"]
    facts.append(["Undecided", f"{undecided.sum():,} ({undecided.mean():.1%})"])
    return facts


def _ensemble_facts(study: Study) -> list[list[str]]:
    frame, failed = study.frame(), failed_members(study.dataset)
    facts = [
        ["Examples", f"{len(frame):,}"],
        ["Members", f"{study.dataset.sizes['member'] - len(failed)}"],
    ]
    if failed:
        facts.append(["Failed members", list_failures(failed, "{member} ({when})")])
    if {"held_out", "c_score"} <= set(frame):
        least, most = frame["held_out"].min(), frame["held_out"].max()
        facts.append(["Held out, times", f"{least} to {most}"])
        facts.append(["Right when held out", f"{held_out_accuracy(frame):.1%}"])
    for name, title in zip(TWO_DEPTHS, ("trained on", "held out"), strict=True):
        facts.append([f"Mean depth, {title}", f"{frame[name].mean():.2f}"])
    if fit := describe_fit(study.dataset):
        facts.append(["Labels learned", fit])
    return facts

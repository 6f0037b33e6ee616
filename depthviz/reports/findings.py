"""What a study found, in a few sentences: of one network, or of many.

The sentences count what the tables hold; they draw no conclusion that the numbers do
not carry.
"""

import math

import pandas as pd

from depthviz.reports.tables import group_table, say_meeting
from depthviz.study import Study
from depthviz.study.members import (
    failed_members,
    held_out_accuracy,
    is_ensemble,
    when_failed,
)

__all__ = ["how_to_read", "say_findings", "say_populations"]

_DEPTH = (
    "A k-NN probe at each layer asks which class is commonest among an example's "
    "nearest training examples. The depth of an example is the first probe from which "
    "every vote equals the network's prediction: 0 means that even the raw input "
    "settles it, a large depth that only the last layers do. Suspicion tells how far "
    "the neighbors agree on another class than the given label."
)
_TWO_DEPTHS = (
    " Here both are averaged over members: the train depth over the networks that "
    "trained on the example, the validation depth over those that did not, whose "
    "prediction can be wrong; the consensus of those stands beside it. Early both ways "
    "is easy. Late when trained on and early when held out looks like a different "
    "class than its label; early when trained on and late when held out is ambiguous "
    "unless the label is given; late both ways is ambiguous; the rest is intermediate."
)
_RECALL = (
    " Search recall: share of the nearest neighbors that the approximate search found, "
    "measured on a sample; votes and depth rest on what it found."
)
_MOST_FAILURES = 5


def how_to_read(study: Study) -> str:
    """Explain depth, and the two depths where the study has both."""
    return _DEPTH + (_TWO_DEPTHS if is_ensemble(study.dataset) else "")


def say_findings(study: Study) -> str:
    """Say what a study found.

    Args:
        study: A study with examples, of one network or of many.

    Returns:
        One paragraph of plain text.
    """
    return _of_many(study) if is_ensemble(study.dataset) else _of_one(study)


def say_populations(study: Study) -> str:
    """Say which examples, and which member, the shares of the probe table are over."""
    over = study.dataset["probe_agreement"].attrs.get("over", "measured")
    member = study.dataset.attrs.get("shown_member", 0)
    return (
        (f"Of member {member}. " if is_ensemble(study.dataset) else "")
        + "Settled: share of all examples whose depth is this probe; the rest, "
        f"{study.frame()['undecided'].mean():.1%}, are undecided. Agreement and "
        "accuracy: share of the votes equal to the prediction and to the label, over "
        f"the {over} examples. Neighbors kept: share of the nearest neighbors that are "
        "among the nearest in the map, over all examples."
        + (_RECALL if "search_recall" in study.dataset else "")
    )


def _of_one(study: Study) -> str:
    frame = study.frame()
    last = study.dataset.sizes["probe"]
    undecided = int(frame["undecided"].sum())
    wrong = [
        f"{(~rows['correct']).sum():,} of {len(rows):,} {split} examples "
        f"({(~rows['correct']).mean():.1%})"
        for split, rows in frame.groupby("split", observed=True)
    ]
    return (
        f"{len(frame):,} examples, {last} probes. Mean depth "
        f"{frame['depth'].mean():.2f} of {last}; {(frame['depth'] == 0).mean():.0%} of "
        f"the examples are settled at the input. The network's prediction differs from "
        f"the given label for {' and '.join(wrong)}. {undecided:,} "
        f"({undecided / len(frame):.1%}) are undecided: even the last probe disagrees "
        f"with the prediction; they count as depth {last}."
    )


def _of_many(study: Study) -> str:
    frame = study.frame()
    last = study.dataset.sizes["probe"]
    sentences = [
        f"{len(frame):,} examples, {last} probes, {_members(study)}.",
        f"Mean depth {frame['train_depth'].mean():.2f} of {last} when trained on, "
        f"{frame['validation_depth'].mean():.2f} when held out.",
    ]
    if {"held_out", "c_score"} <= set(frame):
        sentences.append(_held_out(study))
    if "group" in frame:
        sentences += [_groups(study), say_meeting(study)]
    return " ".join(filter(None, sentences))


def _members(study: Study) -> str:
    failed = failed_members(study.dataset)
    members = study.dataset.sizes["member"]
    if not failed:
        return f"{members} members"
    named = [f"member {one} {when_failed(step)}" for one, step in failed.items()]
    left = len(named) - _MOST_FAILURES
    more = f" and {left} more" if left > 0 else ""
    return (
        f"{members - len(failed)} of {members} members (the loss of the others became "
        f"NaN and they count nowhere: {', '.join(named[:_MOST_FAILURES])}{more})"
    )


def _held_out(study: Study) -> str:
    frame = study.frame()
    counts = frame["held_out"]
    never = int((counts == 0).sum())
    text = (
        f"Each example was held out by {_range(counts)} members; "
        f"{held_out_accuracy(frame):.1%} of their predictions equal the given label."
    )
    if never:
        text += (
            f" {never:,} were held out by none and have neither validation depth nor "
            "group."
        )
    return text


def _range(counts: pd.Series) -> str:
    least, most = int(counts.min()), int(counts.max())
    if least == most:
        return str(least)
    return f"{least} to {most} (mean {counts.mean():.1f})"


def _groups(study: Study) -> str:
    """List the groups with their counts and the accuracy of held-out predictions."""
    table = group_table(study)
    parts = []
    for row in table.to_dict("records"):
        accuracy = row.get("accuracy", math.nan)
        told = "" if math.isnan(accuracy) else f", {accuracy:.1%} right when held out"
        parts.append(f"{row['group']} {row['examples']:,} ({row['share']:.1%}{told})")
    return f"Groups: {'; '.join(parts)}."

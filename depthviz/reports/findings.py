"""What a study found, in a few sentences: of one network, or of many.

The sentences count what the tables hold; they draw no conclusion that the numbers do
not carry.
"""

import math
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.reports.contents.numbers import describe_count
from depthviz.reports.tables import describe_part, group_table
from depthviz.study import Study
from depthviz.study.members import (
    describe_fit,
    failed_members,
    held_out_accuracy,
    is_ensemble,
    list_failures,
    shown_member,
)
from depthviz.study.rules import describe_suspicion

__all__ = ["describe_findings", "describe_populations", "describe_ties", "how_to_read"]

_DEPTH = (
    "A k-NN probe at each layer asks which class is commonest among an example's "
    "nearest training examples. The depth of an example is the first probe from which "
    "every vote equals the network's prediction: 0 means that even the raw input "
    "settles it, a large depth that only the last layers do. Suspicion weighs what the "
    "neighbors at all probes, and networks that did not train on the example, say for "
    "another class against what they say for the given label; above 0 the other is the "
    "likelier one."
)
_TWO_SPLITS = (
    " Its rank is the share of the examples of the same split that are less "
    "suspicious: suspicion of examples that the network trained on and of others is "
    "not on one scale."
)
_TWO_DEPTHS = (
    " Here depth is averaged over members: when trained on, the depth of the given "
    "label over the networks that trained on the example; when held out, that of the "
    "prediction over those that did not, which can be wrong; the consensus of those "
    "stands next to it. Early both "
    "ways is easy. Late when trained on and early when held out looks like a different "
    "class than its label; early when trained on and late when held out is ambiguous "
    "unless the label is given; late both ways is ambiguous; the rest is intermediate."
)
_BROKEN = (
    "Of the examples that lie at both of these depths, those whose neighbors agree "
    "most count as low, and those whose neighbors agree least as high."
)
_SHARES = (
    (
        "probe_agreement",
        "Agreement: share of the votes equal to the prediction, over the {over} "
        "examples.",
    ),
    (
        "probe_accuracy",
        "Accuracy: share of the votes equal to the label, over the {over} examples.",
    ),
    (
        "neighbors_kept",
        "Neighbors kept: share of the nearest neighbors that are among the nearest in "
        "the map, over all examples.",
    ),
    (
        "search_recall",
        "Search recall: share of the nearest neighbors that the approximate search "
        "found, measured on a sample; votes and depth rest on what it found.",
    ),
)


def how_to_read(study: Study) -> str:
    """Explain depth and suspicion, of one network or averaged over many."""
    text = _DEPTH + (_TWO_DEPTHS if is_ensemble(study.dataset) else _TWO_SPLITS)
    noted = describe_suspicion(study.dataset)
    return f"{text} Here: {noted}." if noted else text


def describe_findings(study: Study) -> str:
    """Describe what a study found.

    Args:
        study: A study with examples, of one network or of many.

    Returns:
        One paragraph of plain text.
    """
    of_many = is_ensemble(study.dataset)
    return _describe_ensemble(study) if of_many else _describe_network(study)


def describe_populations(study: Study) -> str:
    """State over which examples, and of which member, the probe table's shares are."""
    data = study.dataset
    sentences = [
        f"Of member {shown_member(data)}." if is_ensemble(data) else "",
        "Settled: share of all examples whose depth is this probe; the rest, "
        f"{study.frame()['undecided'].mean():.1%}, are undecided.",
        *(
            text.format(over=_over(data[name]))
            for name, text in _SHARES
            if name in data
        ),
    ]
    if part := describe_part(study):
        sentences.append(f"This is a part, {part}.")
    return " ".join(filter(None, sentences))


def _over(shares: xr.DataArray) -> str:
    return str(shares.attrs.get("over", "measured"))


def describe_ties(study: Study) -> str:
    """Describe where low ends at the depth at which high begins, and what that means.

    Args:
        study: A study of many networks, with groups.

    Returns:
        A sentence for each axis on which the two are one; empty text where neither is.
    """
    ends = study.dataset.get("group", xr.DataArray()).attrs.get("boundaries")
    if ends is None:
        return ""
    about = study.dataset["group"].attrs
    trained = str(about.get("train_axis", "train_depth"))
    axes = {trained: ends[:2], "validation_depth": ends[2:]}
    sentences = [
        _describe_tie(name, study.dataset[name].values, float(low))
        for name, (low, high) in axes.items()
        if low == high and name in study.dataset
    ]
    if about.get("ties_broken"):
        sentences.append(_BROKEN)
    return " ".join(sentences)


def _describe_network(study: Study) -> str:
    frame = study.frame()
    last = study.dataset.sizes["probe"]
    said = [f"{describe_count(len(frame))}, {describe_count(last, 'probe')}."]
    if "depth" in frame:
        said.append(
            f"Mean depth {frame['depth'].mean():.2f} of {last}; "
            f"{(frame['depth'] == 0).mean():.0%} of the examples are settled at "
            f"{_first_probe(study)}."
        )
    if "correct" in frame:
        said.append(_describe_wrong(frame))
    if "undecided" in frame:
        undecided = int(frame["undecided"].sum())
        said.append(
            f"{undecided:,} ({undecided / len(frame):.1%}) are undecided: even the "
            "last probe disagrees with the prediction; they count as depth "
            f"{last}."
        )
    return " ".join(said)


def _describe_wrong(frame: pd.DataFrame) -> str:
    parts: list[tuple[Any, pd.DataFrame]] = [("measured", frame)]
    if "split" in frame:
        parts = list(frame.groupby("split", observed=True))
    wrong = [
        f"{(~rows['correct']).sum():,} of {len(rows):,} {split} examples "
        f"({(~rows['correct']).mean():.1%})"
        for split, rows in parts
    ]
    return (
        "The network's prediction differs from the given label for "
        f"{' and '.join(wrong)}."
    )


def _first_probe(study: Study) -> str:
    """Name the probe of depth 0; token ids have no input probe."""
    first = study.probes[0]
    return "the input" if first == "input" else f"the first probe, {first}"


def _describe_ensemble(study: Study) -> str:
    frame = study.frame()
    last = study.dataset.sizes["probe"]
    sentences = [
        f"{describe_count(len(frame))}, {describe_count(last, 'probe')}, "
        f"{_describe_members(study)}.",
        f"Mean depth {frame['train_depth'].mean():.2f} of {last} when trained on, "
        f"{frame['validation_depth'].mean():.2f} when held out.",
    ]
    if {"held_out", "c_score"} <= set(frame):
        sentences.append(_describe_held_out(study))
    if fit := describe_fit(study.dataset):
        sentences.append(f"{fit[0].upper()}{fit[1:]}.")
    if "group" in frame:
        sentences += [_describe_groups(study), describe_ties(study)]
    return " ".join(filter(None, sentences))


def _describe_members(study: Study) -> str:
    failed = failed_members(study.dataset)
    members = study.dataset.sizes["member"]
    if not failed:
        return f"{members} members"
    listed = list_failures(failed, "member {member} {when}")
    return (
        f"{members - len(failed)} of {members} members (the loss of the others became "
        f"NaN and they count nowhere: {listed})"
    )


def _describe_held_out(study: Study) -> str:
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


def _describe_groups(study: Study) -> str:
    """List the groups with their counts and the accuracy of held-out predictions."""
    table = group_table(study)
    parts = []
    for row in table.to_dict("records"):
        accuracy = row.get("accuracy", math.nan)
        right = "" if math.isnan(accuracy) else f", {accuracy:.1%} right when held out"
        parts.append(f"{row['group']} {row['examples']:,} ({row['share']:.1%}{right})")
    return f"Groups: {'; '.join(parts)}."


def _describe_tie(name: str, depth: NDArray[np.floating], end: float) -> str:
    """Describe what `depthviz.difficulty.sides` makes of such a boundary."""
    known = depth[~np.isnan(depth)]
    at, least, most = np.float32(end), known.min(initial=end), known.max(initial=end)
    if at <= least:
        means = "the smallest there is: that depth is low, and everything above it high"
    elif at >= most:
        means = "the largest there is: that depth is high, and everything below it low"
    else:
        means = "below is low, above is high, and that depth itself is neither"
    return f"Of the {name.replace('_', ' ')} both boundaries are {end:.3g}, {means}."

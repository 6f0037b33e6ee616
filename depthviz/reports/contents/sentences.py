"""What each figure of a report says, made of the numbers of the chart's own table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz import charts
from depthviz.ensembles.analysis.intervals import Interval
from depthviz.reports.contents.finding import (
    filter_of_suspected,
    groups_of,
    suspected_labels,
)
from depthviz.reports.contents.numbers import count_words, percent, with_interval
from depthviz.reports.document import View
from depthviz.study import Study
from depthviz.study.members import is_ensemble, shown_member

__all__ = [
    "Said",
    "mask_of",
    "say_confusion",
    "say_depths",
    "say_evidence",
    "say_plane",
    "say_precision",
    "say_trend",
    "say_votes",
    "without_groups",
]

PLATEAU = 0.01  # of accuracy: what is less than that is no gain
UNDECIDED = "undecided"


class Said(NamedTuple):
    """What a figure says, how to read it, and where the Explorer shows it."""

    says: str
    more: str
    view: View | None = None


def say_votes(study: Study) -> Said | None:
    """Where on the way the votes become right."""
    table = charts.probe_curves_table(study)
    right = table[table["measure"] == "accuracy"]
    held = (right["over"] == "held out").any()
    over = "held out" if held else "trained on"
    shares = _weighted(right[right["over"] == over])
    if shares.empty:
        return None
    first, last = shares.index[0], shares.index[-1]
    enough = shares[shares >= shares.max() - PLATEAU].index[0]
    start, reached = percent(shares[first]), percent(shares[enough])
    if enough == first:
        says = (
            f"Votes are right for {start} at {first} already; later probes add little."
        )
    elif enough == last:
        says = f"Votes are right for {start} at {first}, and for {reached} at {last}."
    else:
        says = (
            f"Votes are right for {start} at {first} and for {reached} at {enough}; "
            "after it little is gained."
        )
    trained = _weighted(right[right["over"] == "trained on"])
    more = (
        f"Examples that were held out. Where the network trained on them, "
        f"{percent(trained[last])} of the votes at {last} are the label."
        if held and not trained.empty
        else f"Examples that were {over}."
    )
    return Said(says, f"{more} Bands hold 95 %.")


def _weighted(right: pd.DataFrame) -> pd.Series[float]:
    """Share of right votes at each probe over all examples, whatever their part."""
    known = right.dropna(subset=["value"])
    sums = (
        (known["value"] * known["examples"]).groupby(known["probe"], sort=False).sum()
    )
    counts = known.groupby("probe", sort=False)["examples"].sum()
    return sums / counts


def say_plane(study: Study) -> Said | None:
    """How many examples lie in the corner of wrong labels."""
    table = charts.depth_plane_table(study)
    name = "looks like a different class"
    count = int(table["examples"][table["group"] == name].sum())
    names = groups_of(study)
    view = View({"filters": {"group": [names.index(name)]}, "color": "group"})
    who = "They look" if count != 1 else "It looks"
    what = f"{who} like a different class than the label. " if count else ""
    return Said(
        f"Late when trained on, early when held out: {count_words(count)} "
        f"example{'s' * (count != 1)} in the lower right corner.",
        f"{what}Dashed are the boundaries "
        "of the groups; the area of a mark is how many examples are there.",
        view if count else None,
    )


def say_depths(study: Study) -> Said | None:
    """Where most examples settle."""
    table = charts.depth_histogram_table(study)
    counts = table.groupby("probe", sort=False)["examples"].sum()
    share = counts / max(1, counts.sum())
    settled = share.drop(UNDECIDED, errors="ignore")
    name = _depth_column(study)
    if not settled.sum():
        return None
    most = settled.sort_values(ascending=False, kind="stable")
    (a, b), (x, y) = [*most.index, ""][:2], [*most, 0.0][:2]
    if x > 1 / 2 or not b:
        says = f"Most examples settle at {a}: {percent(x)}."
    elif x + y > 1 / 2:
        says = f"Most examples settle at {a} and {b}: {percent(x)} and {percent(y)}."
    else:
        says = f"More examples settle at {a} than at any other probe: {percent(x)}."
    if never := float(share.get(UNDECIDED, 0)):
        never_do = "are undecided" if name == "depth" else "never do"
        says = f"{says[:-1]}; {percent(never)} {never_do}."
    return Said(
        says,
        f"The first probe from which all votes are the {_DEPTHS[name]}.",
        View({"sort": name, "color": name}),
    )


def _depth_column(study: Study) -> str:
    """The depth that the histogram counts."""
    frame = study.frame()
    return next(name for name in _DEPTHS if name in frame)


_DEPTHS = {
    "train_label_depth": "given label, averaged over networks that trained on it",
    "train_depth": "prediction, averaged over networks that trained on the example",
    "depth": "prediction",
    "validation_depth": "prediction, averaged over networks that held the example out",
    "depth_of_label": "given label",
}


def say_evidence(study: Study) -> Said | None:
    """At which probes the neighbors of suspected labels bear which label."""
    rows = suspected_labels(study.frame())
    if not len(rows):
        return None
    table = charts.evidence_table(study).dropna(subset=["mean"])
    if table.empty:
        return None
    means = table.pivot_table(index="probe", columns="label", values="mean", sort=False)
    ahead = (means["suggested"] > means["given"]).tolist()
    probes = [str(probe) for probe in means.index]
    data = study.dataset
    of_member = f" in member {shown_member(data)}" if is_ensemble(data) else ""
    return Said(
        f"Neighbors of the {count_words(len(rows))} suspected "
        f"label{'s' * (len(rows) != 1)}{of_member}: {_runs(probes, ahead)}.",
        "Mean share of the neighbors that bear the suggested and the given label; the "
        "band is the middle half of the examples.",
        View({"filters": filter_of_suspected(study.frame()), "sort": "suspicion_rank"}),
    )


def _runs(probes: list[str], ahead: list[bool]) -> str:
    """Say at which probes which label is ahead, run by run."""
    runs = [
        (is_other, [probe for probe, _ in run])
        for is_other, run in _grouped(probes, ahead)
    ]
    if len(runs) > 3:  # more is no sentence
        count = sum(ahead)
        return f"the suggested label leads at {count} of {len(probes)} probes"
    whose = {True: "suggested", False: "given"}
    said = [
        f"the {whose[is_other]} label leads {_span(names, len(runs))}"
        for is_other, names in runs
    ]
    return ", ".join(said)


def _grouped(
    probes: list[str], ahead: list[bool]
) -> Iterator[tuple[bool, Iterator[tuple[str, bool]]]]:
    return itertools.groupby(zip(probes, ahead, strict=True), key=lambda pair: pair[1])


def _span(names: list[str], runs: int) -> str:
    if runs == 1:
        return "at all probes"
    if len(names) == 1:
        return f"at {names[0]}"
    return f"from {names[0]} to {names[-1]}"


def say_trend(study: Study) -> Said | None:
    """How often what settles first and last is right."""
    table = charts.accuracy_by_depth_table(study)
    right = table[(table["measure"] == "accuracy") & (table["examples"] > 0)]
    right = right.dropna(subset=["value"])
    never = right[right["probe"] == UNDECIDED]
    right = right[right["probe"] != UNDECIDED]
    if len(right) < 2:  # one probe shows no trend
        return None
    if np.ptp(right["value"]) < PLATEAU:
        return None  # as where a network has learned all that it trained on
    first, last = (_of_row(right.iloc[at]) for at in (0, -1))
    rest = f"; of what never settles {_of_row(never.iloc[0])}" if len(never) else ""
    return Said(
        f"Of what settles at {right['probe'].iloc[0]} {first} is predicted right; of "
        f"what settles at {right['probe'].iloc[-1]} {last}{rest}.",
        f"{_listed(table['measure'].unique().tolist())} of the examples that settle at "
        "each probe. Bars hold 95 %.",
    )


def _listed(names: list[str]) -> str:
    said = ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1]
    return said.capitalize()


def _of_row(row: pd.Series[Any]) -> str:
    return with_interval(Interval(row["value"], row["low"], row["high"]))


def say_confusion(study: Study) -> Said | None:
    """Which label is given where which is suggested, most often."""
    rows = suspected_labels(study.frame())
    if not len(rows):
        return None
    part = without_groups(study)
    table = charts.confusion_by_group_table(
        part, examples=mask_of(study, rows), against="suggested"
    )
    if table.empty:
        return None
    most = table.iloc[int(table["examples"].to_numpy().argmax())]
    count = int(most["examples"])
    if count < 2:  # no pair is commoner than others
        return None
    tied = (table["examples"] == count).sum() > 1
    listed = "" if most["more"] == 0 else " of the commonest classes"
    return Said(
        f"{'A' if tied else 'The'} commonest pair among "
        f"{count_words(int(table['examples'].sum()))} suspected labels{listed}: "
        f"{most['label']} given, {most['prediction']} suggested, "
        f"{count_words(count)} times.",
        "Rows are the given, columns the suggested labels; the color is the share of a "
        "row.",
        View(
            {
                "filters": {
                    **filter_of_suspected(study.frame()),
                    "label": [study.classes.index(most["label"])],
                    "suggested_label": [study.classes.index(most["prediction"])],
                },
                "sort": "suspicion_rank",
            }
        ),
    )


def mask_of(study: Study, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Mark some examples of a study, shape `(N,)`."""
    mask = np.zeros(len(study), bool)
    mask[rows] = True
    return mask


def without_groups(study: Study) -> Study:
    """Take the groups from a study, so that it is drawn in one panel."""
    data = study.dataset
    return Study(data.drop_vars("group")) if "group" in data else study


def say_precision(study: Study) -> Said | None:
    """How many of the most suspicious labels are wrong."""
    table = charts.suspect_precision_table(study)
    chosen = [table.iloc[0]]
    if table["suspected"].any():
        chosen.append(table[table["suspected"]].iloc[-1])
    said = [
        f"of the first {count_words(int(row['examples']))}, "
        f"{with_interval(Interval(row['share'], row['low'], row['high']))} are wrong"
        for row in chosen
    ]
    return Said(
        f"The most suspicious labels: {'; '.join(said)}.",
        "Calibrated by labels that were planted before training; the ranking never saw "
        "which. The band holds 95 %.",
        View({"sort": "suspicion_rank"}),
    )

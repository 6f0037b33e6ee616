"""Which classes are taken for which, in each group of examples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Unpack, get_args

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import label_room, name_axis, skipped_names
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.names import and_more, choose_classes, short_names
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.parts import facet_look, left_out, panels
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Source, need, parts_of, read_source, some_examples
from depthviz.checks import one_of
from depthviz.errors import StudyError
from depthviz.study import Study

__all__ = ["confusion_by_group", "confusion_by_group_table"]

COLUMN = 206.0  # points of a printed column, less what stands between
By = Literal["group", "split"]
Against = Literal["prediction", "suggested"]
HOW = "Measure it with depthviz.measure."
TITLES = {
    "prediction": "Which classes are taken for which",
    "suggested": "Given and suggested labels",
}


def confusion_by_group_table(
    study: Source,
    *,
    examples: Any = None,
    by: By | None = None,
    classes: Iterable[str] | None = None,
    against: Against = "prediction",
) -> pd.DataFrame:
    """Count labels and predictions in each group.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer. Predictions
            of many networks are the class that most of those not trained on an example
            give it, of one they are its own.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.
        by: "group" or "split"; by default the groups, where a study has them.
        classes: Which classes, by name; by default all that are labels, of more than
            20 the commonest.
        against: With what labels are compared: "prediction", or "suggested" for the
            label that the neighbors suggest, which then stands in its place.

    Returns:
        A row for each part, label and prediction that occur together: `part`, `label`
        and `prediction`, names of classes; the number of `examples`, and their `share`
        of those with this label in the part, of any prediction. `left_out`: how many of
        all have no prediction, or classes that are not listed; `more`: classes that
        are not listed.

    Raises:
        ArgumentError: If by, against or a class is unknown.
        DataError: If examples are not those of the study.
        StudyError: If the study lacks labels, predictions or groups.
    """
    study, examples = read_source(study, examples)
    data = some_examples(study, examples).dataset
    predicted = "consensus_class" if "consensus_class" in data else "prediction"
    if one_of("against", against, get_args(Against)) == "suggested":
        predicted = "suggested_label"
    need(study, "Confusion by group", "label", predicted, how=HOW)
    part = Study(data)
    if by is None and "group" in part.frame():
        by = "group"
    parts = parts_of(part, by)
    label = data["label"].values.astype(np.int64)
    prediction = data[predicted].values.astype(np.int64)
    names = np.array(study.classes, object)
    counts = np.bincount(label[label >= 0], minlength=len(names))
    chosen = choose_classes(list(names), counts, classes)
    known = (
        (label >= 0)
        & (prediction >= 0)
        & (prediction < len(names))
        & (parts.codes >= 0)
    )
    pairs = pd.DataFrame(
        {
            "part": np.array([*parts.names, ""], object)[parts.codes],
            "label": names[label],
            "prediction": names[np.where(known, prediction, 0)],
        }
    )[known]
    groups = pairs.groupby(["part", "label"], sort=False)
    each = groups["prediction"].value_counts().rename("examples").reset_index()
    each["share"] = each["examples"] / each.groupby(["part", "label"])[
        "examples"
    ].transform("sum")
    listed = [names[code] for code in chosen.codes]
    table = each[each["label"].isin(listed) & each["prediction"].isin(listed)]
    lost = len(label) - int(table["examples"].sum())
    return table.reset_index(drop=True).assign(left_out=lost, more=chosen.more)


def confusion_by_group(
    study: Source,
    *,
    examples: Any = None,
    by: By | None = None,
    classes: Iterable[str] | None = None,
    against: Against = "prediction",
    **options: Unpack[ChartOptions],
) -> alt.FacetChart:
    """Draw which classes are taken for which, a panel a group.

    Args:
        study: As for `confusion_by_group_table`.
        examples: As for `confusion_by_group_table`.
        by: As for `confusion_by_group_table`.
        classes: As for `confusion_by_group_table`.
        against: As for `confusion_by_group_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `confusion_by_group_table`, or if an option is out of
            range.
        DataError: As for `confusion_by_group_table`.
        StudyError: As for `confusion_by_group_table`.
    """
    study, examples = read_source(study, examples)
    table = confusion_by_group_table(
        study, examples=examples, by=by, classes=classes, against=against
    )
    if table.empty:
        raise StudyError(
            "Confusion by group has nothing to draw: no example has a prediction that "
            "counts; networks must have held examples out."
        )
    parts = table["part"].unique().tolist()
    order = [name for name in _group_names(study) if name in parts]
    parts = [*order, *(name for name in parts if name not in order)]
    shown = dict(zip(parts, short_names(parts), strict=True))
    names = {*table["label"], *table["prediction"]}
    look, columns = facet_look(
        options,
        len(parts),
        width=340,
        height=340,
        columns=2 if options.get("theme") == "print" and len(parts) > 1 else 0,
        print_width=COLUMN - label_room(names),
    )
    table = table.assign(shown=table["part"].map(shown))
    drawn = panels(
        _cells(study, table, look, against),
        look,
        list(shown.values()),
        columns=columns,
    )
    return finish(
        drawn,
        look,
        rows={"pairs": table},
        title=TITLES[against],
        notes=[
            "Share of the examples with a label",
            and_more(int(table["more"].iloc[0]), "classes"),
            left_out(
                int(table["left_out"].iloc[0]),
                "no prediction, no group, or a class that is not drawn",
            ),
            skipped_names(len(names), min(look.width, look.height), look),
        ],
        description=_in_words(table),
        columns=columns,
    )


def _group_names(study: Study) -> list[str]:
    if "group" not in study.dataset:
        return []
    return [str(name) for name in study.dataset["group"].attrs.get("names", [])]


def _cells(
    study: Study, table: pd.DataFrame, look: Look, against: Against
) -> alt.Chart:
    present = {*table["label"], *table["prediction"]}
    names = [name for name in study.classes if name in present]
    inks = inks_of(look)
    legend = alt.Legend(
        title=None,
        format="%",
        gradientThickness=6 if look.on_paper else 12,
        orient="bottom" if look.on_paper else "right",
        gradientLength=max(60, look.height),
        tickCount=3,
    )
    scheme = alt.Scale(domain=[0, 1], range=[inks.line, inks.accent], interpolate="lab")
    base = alt.Chart(rows_from("pairs")).mark_rect()
    given = name_axis(alt.Y, "label", names, look=look, room=look.height, title="label")
    across = "prediction" if against == "prediction" else "suggested label"
    predicted = name_axis(
        alt.X, "prediction", names, look=look, room=look.width, title=across
    )
    cells: alt.Chart = base.encode(
        predicted,
        given,
        alt.Color("share:Q", scale=scheme, legend=legend),
        tooltip=[
            alt.Tooltip("part:N"),
            alt.Tooltip("label:N"),
            alt.Tooltip("prediction:N"),
            alt.Tooltip("examples:Q", format=","),
            alt.Tooltip("share:Q", format=".1%"),
        ],
    ).properties(width=look.width, height=look.height)
    return cells


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    for name, rows in table.groupby("part", sort=False):
        right = rows["label"] == rows["prediction"]
        share = rows["examples"][right].sum() / rows["examples"].sum()
        wrong = rows[~right].nlargest(1, "examples")
        most = "".join(
            f", most often wrong {label} as {prediction}"
            for label, prediction in zip(
                wrong["label"], wrong["prediction"], strict=True
            )
        )
        said.append(f"{name}: {share:.0%} right{most}")
    return f"Labels against predictions. {'; '.join(said)}."

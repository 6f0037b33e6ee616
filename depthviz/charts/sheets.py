"""Contact sheets: pictures of the examples that a finding is about, with captions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Unpack

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.charts.look.cells import LEVEL, place_cells, sheet_look
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.names import BREAK, choose_classes, short_names
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.parts import panels
from depthviz.charts.look.thumbnails import need_pictures, picture_addresses
from depthviz.charts.reading import Source, parts_of, read_source, some_examples
from depthviz.checks import whole_number
from depthviz.difficulty import MEASURES, first_in_words, is_falling
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study

__all__ = ["contact_sheet", "contact_sheet_table"]

By = Literal["group", "class", "split", "correct"]
HARDEST = "hardest"
DEPTHS = {
    "validation_depth": "Depth: the mean over networks that held an example out",
    "train_depth": "Depth: the mean over networks that trained on an example",
    "depth": "",
}
DOUBT = ("label_probability", "confidence")  # the less, the harder, at equal depth
MOST, EACH = 20, 5  # examples of a sheet, and of each part


def contact_sheet_table(
    study: Source,
    *,
    examples: Any = None,
    by: By | None = None,
    classes: Iterable[str] | None = None,
    sort: str | None = HARDEST,
    most: int | None = None,
) -> pd.DataFrame:
    """Choose the examples of a contact sheet, and what their captions say.

    Args:
        study: A study with pictures, or an Explorer.
        examples: Their ids, a mask, or rows of `study.frame()`, such as a query gives
            them; by default all.
        by: Sort them by "group", given label ("class"), "split" or "correct".
        classes: Which of these parts, by name; by default all, of more than 20 the
            commonest.
        sort: "hardest": greatest depth first, of equal ones those with the least
            probability of the label. A column of numbers in `study.frame()`: its hard
            end first, or the largest where it has none. None: in the order given.
        most: How many, of each part; by default 20, or 5 of each part.

    Returns:
        A row for each example: `part`; `place`, from 0 in its part; `example_id`;
        `label`, the name of the given one; `suggested`, that of the suggested label
        where there is more evidence for it, else ""; `depth`; and `more`, how many of
        its part are not listed.

    Raises:
        ArgumentError: If by, classes or sort is unknown, or most no whole number from 1
            on.
        DataError: If examples are not those of the study.
        StudyError: If the study has no pictures, or lacks what it is sorted by.
    """
    study, examples = read_source(study, examples)
    need_pictures(study, "A contact sheet")
    part = some_examples(study, examples)
    parts = parts_of(part, by)
    chosen = choose_classes(parts.names, parts.counts, classes if by else None)
    if not chosen.codes:
        raise StudyError(f"No example is left to draw: none has a known {by}.")
    usual = EACH if by else MOST
    count = whole_number("most", usual if most is None else most, least=1)
    order = _order(part.frame(), sort)
    listed = _captions(part)
    tables = []
    for code in chosen.codes:
        own = order[parts.codes[order] == code]
        table = listed.iloc[own[:count]].reset_index(drop=True)
        table.insert(0, "place", np.arange(len(table)))
        table.insert(0, "part", parts.names[code])
        tables.append(table.assign(more=max(0, len(own) - count)))
    found: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return found


def contact_sheet(
    study: Source,
    *,
    examples: Any = None,
    by: By | None = None,
    classes: Iterable[str] | None = None,
    sort: str | None = HARDEST,
    most: int | None = None,
    **options: Unpack[ChartOptions],
) -> alt.LayerChart | alt.FacetChart:
    """Draw pictures of examples with their id, labels and depth.

    Args:
        study: As for `contact_sheet_table`.
        examples: As for `contact_sheet_table`.
        by: As for `contact_sheet_table`; a panel each.
        classes: As for `contact_sheet_table`.
        sort: As for `contact_sheet_table`.
        most: As for `contact_sheet_table`; of each part by default a row.
        options: As for every chart, see `ChartOptions`; of what is sorted, width and
            height are those of each part.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `contact_sheet_table`, or if an option is out of range.
        DataError: As for `contact_sheet_table`.
        StudyError: As for `contact_sheet_table`.
    """
    row = 4 if options.get("theme") == "print" else EACH
    table = contact_sheet_table(
        study,
        examples=examples,
        by=by,
        classes=classes,
        sort=sort,
        most=row if by and most is None else most,
    )
    own, chosen = read_source(study, examples)
    names = table["part"].unique().tolist()
    shown = dict(zip(names, short_names(names), strict=True))
    look, columns = sheet_look(options, table)
    placed = place_cells(table, look, columns)
    drawn: Any = _layers(placed, look)
    if by:
        drawn = panels(drawn, look, list(shown.values()), columns=1)
    rows = pd.Index(own.frame().index.astype(str)).get_indexer(table["example_id"])
    total, depth = len(some_examples(own, chosen)), _depth(own.frame())
    found: alt.LayerChart | alt.FacetChart = finish(
        drawn,
        look,
        rows={
            "sheet": placed.assign(
                shown=placed["part"].map(shown), picture=picture_addresses(own, rows)
            )
        },
        title=_title(len(table), total, sort if depth or sort != HARDEST else None),
        notes=[DEPTHS.get(depth, "")],
        description=_in_words(table, by),
    )
    return found


def _order(frame: pd.DataFrame, sort: str | None) -> NDArray[np.intp]:
    """Rows of the table, those first that are to come first."""
    if sort is None:
        return np.arange(len(frame))
    if sort == HARDEST:
        depth = frame[_depth(frame)] if _depth(frame) else pd.Series(0.0, frame.index)
        doubt = next((frame[name] for name in DOUBT if name in frame), depth)
        keys = doubt.to_numpy(float), -depth.fillna(-1).to_numpy(float)
        return np.lexsort(keys)
    numbers = frame.select_dtypes("number")
    if sort not in numbers:
        listed = ", ".join(map(repr, numbers))
        raise ArgumentError(
            f"sort must be {HARDEST!r}, None or a column of numbers, got {sort!r}. "
            f"There are: {listed}."
        )
    values = numbers[sort].to_numpy(float)
    return np.argsort(-values if is_falling(sort) else values, kind="stable")


def _depth(frame: pd.DataFrame) -> str:
    """The depth that captions say; "" of none."""
    known = [name for name in DEPTHS if name in frame and frame[name].notna().any()]
    return known[0] if known else ""


def _captions(study: Study) -> pd.DataFrame:
    """What is said of each example."""
    frame, names = study.frame(), np.array([*study.classes, ""], object)
    nobody = np.full(len(frame), -1)
    label = frame["label"].to_numpy(int) if "label" in frame else nobody
    other = nobody
    if "suggested_label" in study.dataset and "suspicion" in frame:
        found = study.dataset["suggested_label"].values.astype(int)
        other = np.where(frame["suspicion"].to_numpy(float) > 0, found, -1)
    depth = frame[_depth(frame)].to_numpy(float) if _depth(frame) else np.nan
    return pd.DataFrame(
        {
            "example_id": frame.index.astype(str),
            "label": names[label],
            "suggested": names[other],
            "depth": depth,
        }
    )


def _layers(placed: pd.DataFrame, look: Look) -> alt.LayerChart:
    side = float(placed["side"].max()) if len(placed) else 4.0
    base = alt.Chart().encode(
        alt.X(
            "left:Q",
            axis=None,
            scale=alt.Scale(domain=[0, look.width], nice=False, zero=False),
        ),
        tooltip=[
            *(
                alt.Tooltip(f"{name}:N")
                for name in ("example_id", "label", "suggested")
            ),
            alt.Tooltip("depth:Q", format=".3f"),
        ],
    )
    down = alt.Scale(domain=[0, look.height], nice=False, zero=False, reverse=True)
    pictures = base.mark_image(
        width=side, height=side, align="left", baseline="top", aria=False
    ).encode(alt.Y("top:Q", axis=None, scale=down), alt.Url("picture:N"))
    words = base.mark_text(
        align="left",
        baseline="top",
        lineHeight=LEVEL * look.font_size,
        lineBreak=BREAK,
        limit=side,
    ).encode(alt.Y("below:Q", axis=None, scale=down), alt.Text("words:N"))
    return alt.LayerChart(
        layer=[pictures, words],
        data=rows_from("sheet"),
        width=look.width,
        height=look.height,
    )


def _title(count: int, total: int, sort: str | None) -> str:
    said = (
        f"{count:,} of {total:,} examples" if count < total else f"{count:,} examples"
    )
    if sort is None:
        return said if count != 1 else "1 example"
    if sort == HARDEST:
        return f"{said}, the hardest first"
    what = MEASURES[sort].title.lower() if sort in MEASURES else sort
    return f"{said}, the {first_in_words(sort)} by {what} first"


def _in_words(table: pd.DataFrame, by: str | None) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    for name, rows in table.groupby("part", sort=False):
        first = [
            f"{row['example_id']} labeled {row['label']}"
            + (f", suggested {row['suggested']}" if row["suggested"] else "")
            for row in rows.head(3).to_dict("records")
        ]
        more = f" and {len(rows) - 3:,} more" if len(rows) > 3 else ""
        said.append((f"{name}: " if by else "") + "; ".join(first) + more)
    return f"Pictures of examples. {'. '.join(said)}."

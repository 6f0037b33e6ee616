"""How many neighbors agree with the prediction: examples by probes, in order.

Many examples are drawn as a few hundred rows, each the mean of those that follow each
other, so that the picture is as large as a screen can show.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import probe_axis
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.options import ChartOptions, Look, read_options
from depthviz.charts.look.parts import layered
from depthviz.charts.reading import Source, need, read_source, some_examples
from depthviz.checks import whole_number
from depthviz.study import Study

__all__ = ["agreement_heatmap", "agreement_heatmap_table"]

MOST_ROWS = 300
OVERLAP = 0.4  # of a row with the next, so that no gap is seen between them
HOW = "Measure it with depthviz.measure."


def agreement_heatmap_table(
    study: Source, *, examples: Any = None, rows: int = MOST_ROWS
) -> pd.DataFrame:
    """List the agreement of the neighbors by example and probe, early ones first.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; of an
            ensemble the agreement is that of the shown member.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.
        rows: Into how many rows examples are put together, at most.

    Returns:
        A row for each place and probe: `place`, from 0, of examples ordered by depth,
        then by their mean agreement, the higher first; `end`, the place of the last
        example of the row and one; `probe`; and `agreement`, the mean share of the
        neighbors whose label is the prediction, in [0, 1].

    Raises:
        ArgumentError: If rows is no whole number from 1 on.
        DataError: If examples are not those of the study.
        StudyError: If the study has no agreement.
    """
    study, examples = read_source(study, examples)
    need(study, "The agreement heat map", "neighbor_agreement", "depth", how=HOW)
    part = some_examples(study, examples)
    most = whole_number("rows", rows, least=1)
    agreement = part.dataset["neighbor_agreement"].values.astype(float)
    order = np.lexsort((-agreement.mean(0), part.dataset["depth"].values))
    edges = np.linspace(0, len(order), min(most, len(order)) + 1).round().astype(int)
    means = [agreement[:, order[begin:end]].mean(1) for begin, end in pairwise(edges)]
    count = len(study.probes)
    return pd.DataFrame(
        {
            "place": np.repeat(edges[:-1], count),
            "end": np.repeat(edges[1:], count),
            "probe": list(study.probes) * (len(edges) - 1),
            "agreement": np.concatenate(means),
        }
    )


def agreement_heatmap(
    study: Source,
    *,
    examples: Any = None,
    rows: int = MOST_ROWS,
    **options: Unpack[ChartOptions],
) -> alt.LayerChart:
    """Draw the agreement of the neighbors, examples from above and probes across.

    Args:
        study: As for `agreement_heatmap_table`.
        examples: As for `agreement_heatmap_table`.
        rows: As for `agreement_heatmap_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `agreement_heatmap_table`, or if an option is out of
            range.
        DataError: As for `agreement_heatmap_table`.
        StudyError: As for `agreement_heatmap_table`.
    """
    study, examples = read_source(study, examples)
    look = read_options(options, width=300, height=380)
    table = agreement_heatmap_table(study, examples=examples, rows=rows)
    count = int(table["end"].max())
    each = count / table["place"].nunique()
    return finish(
        layered(look, _cells(study, look, count)),
        look,
        rows={"cells": table.assign(below=table["end"] + OVERLAP * each)},
        title="Neighbors that agree with the prediction",
        notes=[
            f"{count:,} example{'s' * (count != 1)}, those that settle early above",
            f"a row is the mean of about {each:.0f}" if each > 1 else "",
        ],
        description=_in_words(table),
    )


def _cells(study: Study, look: Look, count: int) -> alt.Chart:
    legend = alt.Legend(
        title=None,
        format="%",
        orient="bottom" if look.on_paper else "right",
        gradientLength=min(look.height, look.width) * 0.6,
        gradientThickness=6 if look.on_paper else 12,
        tickCount=5,
    )
    scheme = alt.Scale(scheme="viridis", domain=[0, 1])
    base = alt.Chart(rows_from("cells")).mark_rect(
        clip=True, width=alt.RelativeBandSize(1 + 1 / look.width)
    )
    numbers = alt.Axis(format=",d", tickCount=6, grid=False)
    cells: alt.Chart = base.encode(
        probe_axis(study.probes, look),
        alt.Y(
            "place:Q",
            title="examples",
            axis=numbers,
            scale=alt.Scale(reverse=True, nice=False, domain=[0, count]),
        ),
        alt.Y2("below:Q"),
        fill=alt.Fill("agreement:Q", scale=scheme, legend=legend),
        tooltip=[
            alt.Tooltip("probe:N"),
            alt.Tooltip("place:Q", title="from example", format=","),
            alt.Tooltip("end:Q", title="to", format=","),
            alt.Tooltip("agreement:Q", format=".1%"),
        ],
    )
    return cells


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    known = table[np.isfinite(table["agreement"])]
    means = known.groupby("probe", sort=False)["agreement"].mean()
    said = ", ".join(f"{name} {share:.0%}" for name, share in means.items())
    return (
        "Share of the neighbors whose label is the prediction, by example and probe. "
        f"Means: {said}."
    )

"""How many mistakes are left if the network may decline what a score finds unsafe."""

from __future__ import annotations

from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.options import ChartOptions, Look, read_options
from depthviz.charts.look.palette import CLASSES
from depthviz.charts.look.parts import layered
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Source, read_source, some_examples
from depthviz.study import describe_failure_detection, failure_detection
from depthviz.study.failures.areas import Ranking
from depthviz.study.failures.detection import held_out_mistakes
from depthviz.study.failures.scores import SOFTMAX

__all__ = ["risk_coverage", "risk_coverage_table"]

PLACES = 100  # coverages that are drawn
RIGHT_FIRST = "right ones first"
RESAMPLES = (50, 300)  # of the sentence's intervals: of many examples fewer
DRAWN = 1_000_000  # examples in all of them


def risk_coverage_table(study: Source, *, examples: Any = None) -> pd.DataFrame:
    """Tell how many mistakes are left among the safest held-out examples, by score.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all. Of
            these the held-out ones count, as for `depthviz.failure_detection`.

    Returns:
        A row for each score and coverage: `score`, and last "right ones first", the
        best that a score could do; `coverage`, the share of the examples that are kept,
        the safest first, in (0, 1]; `risk`, the share of mistakes among these; and the
        number of `examples`. Scores that the study does not tell are left out.

    Raises:
        DataError: If examples are not those of the study.
        StudyError: If no example is held out, or the network is right, or wrong, about
            all of them.
    """
    study, examples = read_source(study, examples)
    some_examples(study, examples)
    found = held_out_mistakes(study, examples)
    scores = {one.name: one.risk for one in found.scores if one.values is not None}
    scores[RIGHT_FIRST] = found.wrong.astype(float)
    count = len(found.wrong)
    kept = np.unique(np.linspace(1, count, min(count, PLACES)).round().astype(int))
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "score": name,
                    "coverage": kept / count,
                    "risk": Ranking(score, found.wrong).risk(kept),
                    "examples": kept,
                }
            )
            for name, score in scores.items()
        ],
        ignore_index=True,
    )


def risk_coverage(
    study: Source, *, examples: Any = None, **options: Unpack[ChartOptions]
) -> alt.LayerChart:
    """Draw how many mistakes are left among the safest held-out examples, by score.

    Args:
        study: As for `risk_coverage_table`.
        examples: As for `risk_coverage_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: If an option is out of range.
        DataError: As for `risk_coverage_table`.
        StudyError: As for `risk_coverage_table`.
    """
    table = risk_coverage_table(study, examples=examples)
    look = read_options(options, width=420, height=280, print_width=130)
    own, some = read_source(study, examples)
    least, most = RESAMPLES
    resamples = min(most, max(least, DRAWN // len(own)))
    areas = failure_detection(own, examples=some, resamples=resamples)
    said, first = describe_failure_detection(areas), areas.iloc[0]
    return finish(
        layered(look, *_layers(table, look), rows="risk"),
        look,
        rows={"risk": table},
        title="Mistakes among the safest held-out examples",
        notes=[f"Of {first['examples']:,}, {first['mistakes']:,} are mistakes"],
        description=f"{_in_words(table)} {said}",
    )


def _layers(table: pd.DataFrame, look: Look) -> list[alt.Chart]:
    inks = inks_of(look)
    names = list(dict.fromkeys(table["score"]))
    others = iter(CLASSES[look.ground])
    fixed = {SOFTMAX: inks.text, RIGHT_FIRST: inks.mark}
    colors = [fixed.get(name) or next(others) for name in names]
    dashes = [[2, 2] if name == RIGHT_FIRST else [1, 0] for name in names]
    coverage = alt.X(
        "coverage:Q",
        title="share of the examples that is kept, the safest first",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    risk = alt.Y(
        "risk:Q",
        title="share of mistakes among them",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format="%", tickCount=5),
    )
    shown = alt.Legend(title=None, symbolType="stroke")
    line = alt.Chart(rows_from("risk")).mark_line(
        strokeWidth=0.8 if look.on_paper else 1.5
    )
    return [
        line.encode(
            coverage,
            risk,
            alt.Color(
                "score:N", scale=alt.Scale(domain=names, range=colors), legend=shown
            ),
            alt.StrokeDash(
                "score:N", scale=alt.Scale(domain=names, range=dashes), legend=shown
            ),
            tooltip=[
                alt.Tooltip("score:N"),
                alt.Tooltip("coverage:Q", format=".0%"),
                alt.Tooltip("risk:Q", format=".2%"),
                alt.Tooltip("examples:Q", format=","),
            ],
        )
    ]


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    for score, rows in table.groupby("score", sort=False):
        half = rows.iloc[(rows["coverage"] - 0.5).abs().argmin()]
        said.append(f"{score} {half['risk']:.1%}")
    every = table["risk"].iloc[len(table) // table["score"].nunique() - 1]
    return (
        f"Share of mistakes, {every:.1%} of all examples, among the safest half: "
        f"{', '.join(said)}."
    )

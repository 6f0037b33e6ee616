"""Sixty classes, a very long name, a column with brackets, one class (D2)."""

import html
import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from depthviz.charts import (
    accuracy_over_training,
    confusion_by_group,
    confusion_by_group_table,
    depth_histogram,
    map_by_probe,
    map_by_probe_table,
    rank_correlations,
)
from depthviz.charts.output.conversion import to_svg
from depthviz.study import Study
from tests.charts.studies import LONG, study_named
from tests.ensembles.synthetic import ensemble_study

COUNT = 60
ODD = "a.b[0]'s"
TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")
MARKS = r'<g class="mark-symbol role-mark [^"]*"[^>]*>(.*?)</g>'


@cache
def sixty() -> Study:
    """Draw an ensemble of sixty classes; one name is very long."""
    data = ensemble_study(examples=1500, members=4, classes=COUNT).dataset
    names = [str(code) for code in range(COUNT)]
    names[7] = LONG[:200]
    size = data.sizes["probe"], data.sizes["example"], 2
    place = np.random.default_rng(0).normal(size=size).astype(np.float32)
    place[:, :11] = np.nan
    found = data.assign(projection=(("probe", "example", "map_axis"), place))
    study = Study(found.assign_coords({"class": names}))
    values = np.linspace(0, 1, len(study))
    values[:3] = [np.nan, np.inf, -np.inf]
    return study.assign(**{ODD: values})


def words_of(chart: Any) -> list[str]:
    """Read all words of a drawing, in the order in which they stand there."""
    return [html.unescape(text) for text in TEXT.findall(to_svg(chart.to_dict()))]


def named(words: list[str]) -> list[str]:
    """Those words that are names of classes; the long one as it is cut."""
    cut = [word for word in words if word.startswith(LONG[:9]) and word.endswith("…")]
    return [word for word in words if word in {*map(str, range(COUNT)), *cut}]


def in_order(found: list[str]) -> bool:
    numbers = [7 if name.endswith("…") else int(name) for name in found]
    return numbers == sorted(numbers)


def test_panels_of_sixty_classes_bear_all_names_in_the_studys_order() -> None:
    study = sixty()
    chart = depth_histogram(study, by="class", classes=study.classes)
    found = named([word for word in words_of(chart) if not word.endswith("%")])
    spec = chart.to_dict()
    shown = spec["facet"]["sort"]
    assert len(set(shown)) == len(shown) == COUNT
    assert in_order(shown)
    assert len({*found} & {*shown} - {shown[7]}) == COUNT - 1


def test_a_map_of_sixty_classes_tells_all_apart_in_its_legend() -> None:
    study = sixty()
    chart = map_by_probe(study, classes=study.classes)
    words = named(words_of(chart))
    assert len({*words}) == len(words) == COUNT
    spec = chart.to_dict()["spec"]["encoding"]
    color, shape = (spec[name]["scale"] for name in ("color", "shape"))
    assert color["domain"] == shape["domain"] == list(study.classes)
    pairs = set(zip(color["range"], map(str, shape["range"]), strict=True))
    assert len(pairs) == COUNT


def test_marks_drawn_and_left_out_are_all_rows() -> None:
    study = sixty()
    chart = map_by_probe(study)
    groups = re.findall(MARKS, to_svg(chart.to_dict()), re.DOTALL)
    drawn = sum(group.count("<path ") for group in groups)
    said = " ".join(chart.to_dict()["title"]["subtitle"])
    lost = int(re.findall(r"([\d,]+) left out", said)[0].replace(",", ""))
    assert drawn == len(map_by_probe_table(study))
    assert drawn + lost == len(study) * len(study.probes)
    assert "… and 40 more classes" in said


@pytest.mark.parametrize("draw", [map_by_probe, depth_histogram, confusion_by_group])
def test_a_name_of_200_letters_is_cut_and_whole_in_the_tooltip(
    draw: Callable[..., Any],
) -> None:
    study = sixty()
    chosen = [study.classes[code] for code in (6, 7, 8)]
    by = {} if draw is confusion_by_group else {"by": "class"}
    chart = draw(study, classes=chosen, **by)
    text = to_svg(chart.to_dict())
    words = re.findall(r">([^<]+)<", text)
    assert [word for word in words if len(word) > 90] == []
    assert [word for word in words if word.endswith("…")]
    whole = " ".join(LONG[:200].split())
    assert f": {whole}" in " ".join(text.replace(";", " ;").split())


def test_axes_of_sixty_classes_say_which_names_they_leave_out() -> None:
    study = sixty()
    chart = confusion_by_group(study, by="split", classes=study.classes)
    spec = chart.to_dict()
    order = spec["spec"]["encoding"]["y"]["sort"]
    assert order == [name for name in study.classes if name in order]
    said = " ".join(spec["title"]["subtitle"])
    written = {*named(words_of(chart))}
    assert f"of the names one in {round(COUNT / len(written))} is written" in said
    few = confusion_by_group(study, by="split", classes=study.classes[10:16])
    assert "is written" not in " ".join(few.to_dict()["title"]["subtitle"])
    assert len({*named(words_of(few))}) == 6


def test_a_column_with_brackets_and_infinity_is_drawn() -> None:
    chart = rank_correlations(sixty(), measures=[ODD, "depth", "train_depth"])
    text = to_svg(chart.to_dict())
    words = [html.unescape(word) for word in TEXT.findall(text)]
    assert words.count(ODD) == 2
    assert words.count("+1.0") >= 3
    assert "NaN" not in words
    own = [row for row in chart.to_dict()["datasets"]["ranks"] if row["one"] == ODD]
    assert {row["examples"] for row in own} == {len(sixty()) - 3}


@pytest.mark.parametrize("draw", [map_by_probe, depth_histogram, confusion_by_group])
def test_a_single_class_is_drawn(draw: Callable[..., Any]) -> None:
    study = study_named("one class")
    by = {} if draw is confusion_by_group else {"by": "class"}
    text = to_svg(draw(study, **by).to_dict())
    assert study.classes[0] in html.unescape(text)
    assert "<path " in text


def test_pairs_drawn_and_left_out_are_all_examples() -> None:
    study = sixty()
    table = confusion_by_group_table(study, by="split")
    assert table["examples"].sum() + table["left_out"].iloc[0] == len(study)
    assert set(table["more"]) == {40}


def test_a_wide_axis_of_steps_begins_at_none() -> None:
    study = study_named("one network")
    chart = accuracy_over_training({0: study, 1: study, 90: study, 5000: study})
    spec = chart.to_dict()
    kinds = re.findall(r'"type": "(log|symlog)"', json.dumps(spec))
    assert set(kinds) == {"symlog"}  # which has a place for 0
    text = to_svg(spec)
    assert "NaN" not in text
    lines = re.findall(r'aria-roledescription="line mark"[^>]* d="([^"]+)"', text)
    assert {line.count("L") for line in lines} == {3}
    words = words_of(chart)
    assert [word for word in words if word in ("0", "1", "90", "5,000")][:4] == [
        "0",
        "1",
        "90",
        "5,000",
    ]

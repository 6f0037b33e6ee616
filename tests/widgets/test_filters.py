"""Filters that a person writes: what is accepted, what is refused, what it finds.

What filters mean is held to shared cases by `test_filter_cases.py`.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import depthviz as dv
from depthviz.errors import DataError
from tests.studies import ensemble_study, tiny_study, vector_study
from tests.widgets.code_runner import run


def view_of(study: dv.Study) -> dv.Explorer:
    return dv.explore(study)


@pytest.fixture(scope="module")
def study() -> dv.Study:
    draw = np.random.default_rng(0)
    weight = draw.random(80)
    weight[::7] = np.nan
    return tiny_study().assign(planted=draw.random(80) < 0.3, weight=weight)


@pytest.mark.parametrize(
    "filters",
    [
        {"label": []},
        {"weight": {"missing": False}},
        {"weight": {"from": 0.5, "missing": False}},
        {"label": {"missing": False}},
        {"example_id": {"contains": " "}},
    ],
)
def test_what_asks_for_nothing_is_no_filter(
    study: dv.Study, filters: dict[str, Any]
) -> None:
    view = view_of(study)
    view.filters = filters
    ends = {"from": 0.5}
    assert view.filters == ({"weight": ends} if "from" in str(filters) else {})
    wanted = study.frame()["weight"] >= ends["from"]
    assert len(view.shown) == (wanted.sum() if view.filters else len(study))


def test_a_range_includes_its_ends_as_the_browser_has_them() -> None:
    view = view_of(tiny_study())
    values = tiny_study().frame()["confidence"]
    low, high = values.iloc[3], values.iloc[17]
    view.filters = {"confidence": {"from": min(low, high), "to": max(low, high)}}
    assert {values.index[3], values.index[17]} <= set(view.shown.index)


def test_groups_under_moved_boundaries() -> None:
    study = ensemble_study()
    view = view_of(study)
    view.filters = {"group": ["ambiguous", "easy"]}
    ends = (0.5, 2.5, 1.0, 3.0)
    before = view.shown
    assert before.equals(
        study.frame()[study.frame()["group"].isin(["ambiguous", "easy"])]
    )
    view.ui_state = {**view.ui_state, "boundaries": list(ends)}
    moved = study.groups(boundaries=ends)
    wanted = [moved.names[code] in ("ambiguous", "easy") for code in moved.codes]
    assert view.shown.index.equals(study.frame().index[wanted])
    assert not view.shown.index.equals(before.index)
    assert run(view.code(), study).index.equals(view.shown.index)


def test_the_code_names_the_selection_and_keeps_it_where_it_alone_is_shown() -> None:
    study = ensemble_study()
    view = dv.explore(study)
    ids = study.frame().index[[5, 2, 9]]
    view.filters, view.selection = {"depth": {"from": 1}}, ids
    assert f"selected = {sorted(ids.tolist())!r}" in view.code()
    assert run(view.code(), study).index.equals(view.shown.index)
    view.ui_state = {"selected_only": True}
    wanted = view.shown.index[view.shown.index.isin(ids)]
    assert run(view.code(), study).index.equals(wanted)
    view.filters = {}
    assert run(view.code(), study).index.equals(view.selected.index)


def test_the_code_finds_ids_that_have_no_words_of_their_own() -> None:
    data = vector_study().dataset
    days = pd.date_range("2020-01-01", periods=data.sizes["example"])
    study = dv.Study(data.assign_coords(example_id=("example", days)))
    view = dv.explore(study)
    view.selection = [days[3]]
    view.ui_state = {"selected_only": True}
    assert run(view.code(), study).index.equals(view.selected.index)


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        ({"nothing": [1]}, "Unknown column 'nothing'. This study has: 'example_id'"),
        ({"label": ["dog"]}, "Unknown value 'dog' of 'label'; it has: 'cat'"),
        ({"label": [7]}, "Unknown value 7"),
        ({"label": [True]}, "Unknown value True"),
        ({"confidence": [0.5]}, "'confidence' is filtered by a range"),
        ({"depth": [99]}, "or whole depths in 0..7, got"),
        ({"confidence": {"from": "a"}}, "'from' of 'confidence' must be a number"),
        ({"confidence": {"from": float("nan")}}, "must be a number, got nan"),
        ({"confidence": {"below": 1}}, "can have from, missing, to, got"),
        ({"label": {"from": 1}}, "can have missing"),
        ({"label": "cat"}, "must be a list of values, or a mapping"),
        ({"confidence": {}}, "can have"),
        ({"confidence": {"missing": "yes"}}, "'missing' of 'confidence' must be True"),
        ({"example_id": {"contains": 5}}, "'contains' of 'example_id' must be text"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(
    filters: dict[str, Any], reason: str
) -> None:
    view = view_of(tiny_study())
    view.filters = {"label": ["cat"]}
    with pytest.raises(DataError, match=reason.replace("(", r"\(")):
        view.filters = filters
    assert view.filters == {"label": ["cat"]}
    view.filters = {}


def test_truth_values_are_values_of_a_column_of_truth(study: dv.Study) -> None:
    view = view_of(study)
    view.filters = {"planted": [True]}
    assert view.filters == {"planted": ["yes"]}
    assert view.shown.equals(study.frame()[study.frame()["planted"]])
    view.filters = {}


def test_no_more_columns_filter_than_a_browser_can_keep(study: dv.Study) -> None:
    many = study.assign(**{f"c{i}": np.arange(80.0) for i in range(33)})
    with pytest.raises(DataError, match="At most 32 columns can filter at once"):
        view_of(many).filters = {f"c{i}": {"from": 1} for i in range(33)}

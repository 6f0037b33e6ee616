"""A state from anywhere: what the study can follow holds, and nothing of it raises."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import depthviz as dv
from depthviz.widgets.ui_state import followed_state
from tests.paths import ROOT
from tests.studies import ensemble_study, tiny_study

STATE = ROOT / "js" / "src" / "store" / "saved_state.ts"
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([10**400, -(10**400), 1e308, float("nan"), float("inf"), True]),
)
VALUES = st.recursive(
    st.one_of(st.none(), NUMBERS, st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(st.sampled_from(["from", "to", "contains", "missing"]), inner),
    ),
    max_leaves=8,
)
COLUMNS = ["label", "depth", "group", "example_id", "split", "__class__", "nothing"]
KEYS = [
    "probe",
    "color",
    "axes",
    "sort",
    "reversed",
    "selected_only",
    "focus",
    "compared",
    "boundaries",
    "size",
    "histograms",
    "frame",
    "other",
]
STATES = st.one_of(
    VALUES,
    st.dictionaries(st.sampled_from(KEYS), VALUES),
    st.fixed_dictionaries({"boundaries": st.lists(NUMBERS, min_size=4, max_size=4)}),
    st.fixed_dictionaries(
        {"filters": st.dictionaries(st.sampled_from(COLUMNS), VALUES)}
    ),
)


@pytest.mark.parametrize(
    ("axes", "followed"),
    [
        (["depth", "confidence"], True),
        (None, True),
        (["depth"], False),
        (["depth", "label"], False),
        (["depth", "gone"], False),
        (["depth", ["confidence"]], False),
        ("de", False),
        (["depth", "confidence", "depth"], False),
    ],
)
def test_axes_are_two_columns_of_numbers_or_none(axes: Any, followed: bool) -> None:
    manifest = dv.explore(tiny_study())._manifest
    expected = {"axes": axes} if followed else {}
    assert followed_state({"axes": axes}, manifest) == expected


@pytest.fixture(scope="module")
def explorer() -> dv.Explorer:
    return dv.explore(ensemble_study())


def from_browser(explorer: dv.Explorer, state: Any) -> None:
    explorer.set_state({"_ui_state": state if isinstance(state, dict) else {"x": 1}})


@given(state=STATES)
def test_no_state_of_a_page_raises(explorer: dv.Explorer, state: Any) -> None:
    from_browser(explorer, state)
    shown = explorer.shown
    json.dumps(explorer.ui_state, allow_nan=False)
    assert set(explorer.filters) <= set(shown.columns) | {"example_id"}
    explorer.save_view("it")
    explorer.restore_view("it")
    assert explorer.shown.index.equals(shown.index)
    tree = ast.parse(explorer.code())
    last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
    names: dict[str, Any] = {"study": explorer.study}
    exec(compile(tree, "code", "exec"), names)
    found = eval(compile(last, "code", "eval"), names)
    assert found.index.equals(shown.index)


@pytest.mark.parametrize(
    "state",
    [
        {"probe": float("nan"), "sort": 5, "boundaries": [float("nan")] * 4},
        {"probe": 10**400, "sort": "__class__", "reversed": []},
        {"probe": "x", "color": {}, "filters": {"depth": {"from": 10**400}}},
    ],
)
def test_a_still_picture_is_drawn_of_any_state(
    explorer: dv.Explorer, state: dict[str, Any], tmp_path: Path
) -> None:
    from_browser(explorer, state)
    assert explorer.to_png(tmp_path / "still.png").stat().st_size > 1000
    assert explorer.to_html(tmp_path / "page.html").is_file()


def test_what_the_study_follows_stays(explorer: dv.Explorer) -> None:
    manifest = explorer._pack.manifest
    state = {
        "probe": 1.5,
        "color": "depth",
        "sort": "depth",
        "reversed": True,
        "selected_only": False,
        "focus": 3,
        "compared": 5,
        "filters": {"label": [0]},
        "boundaries": [1, 2.5, 1, 2],
        "size": "large",
        "histograms": ["confidence"],
        "frame": {"rail": True, "split": 0.4, "panel": "wide"},
    }
    assert followed_state(state, manifest) == state
    empty = {"focus": None, "compared": None, "boundaries": None}
    assert followed_state(empty, manifest) == empty


@pytest.mark.parametrize(
    "state",
    [
        None,
        5,
        {"boundaries": [3, 1, 1, 2]},
        {"boundaries": [1, 2, 3]},
        {"focus": -1},
        {"compared": 10**9},
        {"compared": True},
        {"focus": True},
        {"size": "huge"},
        {"selected_only": "yes"},
        {"histograms": "depth"},
        {"unknown": 1},
    ],
)
def test_what_it_cannot_follow_is_left_out(explorer: dv.Explorer, state: Any) -> None:
    assert followed_state(state, explorer._pack.manifest) == {}


def test_the_keys_are_those_of_the_page(explorer: dv.Explorer) -> None:
    interface = re.search(r"interface UiState \{(.*?)\n\}", STATE.read_text(), re.S)
    assert interface is not None
    keys = re.findall(r"^  (\w+):", interface[1], re.M)
    state = dict.fromkeys(keys)
    values = {"probe": 0, "color": "", "sort": "", "reversed": True, "size": "small"}
    more = {"selected_only": True, "filters": {}, "histograms": [], "frame": {}}
    followed = followed_state({**state, **values, **more}, explorer._pack.manifest)
    assert list(followed) == keys


@pytest.mark.parametrize(
    "view",
    [
        {"selection": 5},
        {"selection": "x"},
        {"selection": [[], {}, None, 7]},
        {"state": 5},
        {"state": [1]},
        {"state": {"boundaries": ["x"] * 4, "probe": {}}},
        {},
    ],
)
def test_a_view_kept_in_another_form_is_restored_as_far_as_it_goes(
    view: dict[str, Any],
) -> None:
    study = ensemble_study()
    study.dataset.attrs["views"] = json.dumps({"odd": view})
    explorer = dv.explore(study)
    explorer.restore_view("odd")
    assert (len(explorer.shown), explorer.selection) == (len(study), [])


def test_pulls_of_any_number_are_answered(explorer: dv.Explorer) -> None:
    sent: list[dict[str, Any]] = []
    explorer.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign]
    names = [
        "tile/" + "9" * 5000,
        "tile/٣",
        "tile/00",
        "tile/-1",
        "../x",
        None,
        10**400,
    ]
    for name in names:
        explorer._handle_custom_msg({"type": "pull", "id": 1, "name": name}, [])
    assert [each["type"] for each in sent] == ["refused"] * len(names)
    sent.clear()
    for offset in (10**400, 2**63, -1, 0.5, float("nan"), None, "0"):
        pull = {"type": "pull", "id": 1, "name": "column/label", "offset": offset}
        explorer._handle_custom_msg(pull, [])
    assert {each["type"] for each in sent} == {"refused"}

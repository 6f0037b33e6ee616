"""A page asks for named views and for code; it may send anything."""

import base64
from typing import Any

import numpy as np
import pytest

import depthviz as dv
from tests.studies import vector_study
from tests.widgets.code_runner import run


@pytest.fixture
def study() -> dv.Study:
    return vector_study()


def ask(view: dv.Explorer, **message: Any) -> dict[str, Any]:
    """Send what a page sends, and return what it gets."""
    answers: list[dict[str, Any]] = []
    view.send = lambda content, buffers=None: answers.append(content)
    view._answer(view, {"type": "views", "id": 7, **message}, [])
    (answer,) = answers
    assert (answer["type"], answer["id"]) == ("views", 7)
    return answer


def test_a_view_is_saved_as_the_page_shows_it_then(study: dv.Study) -> None:
    view = dv.explore(study)
    state = {"filters": {"depth": {"from": 1}}, "compared": 3, "focus": 2}
    answer = ask(view, act="save", name=" mine ", state=state, selection=[1, 4])
    assert answer["views"] == view.saved_views == ["mine"]
    view.filters, view.selection = {}, []
    assert "reason" not in ask(view, act="restore", name="mine")
    assert view.filters == {"depth": {"from": 1}}
    assert view.ui_state["compared"] == 3
    assert view.selection == study.frame().index[[1, 4]].tolist()
    assert ask(view, act="delete", name="mine")["views"] == []


def test_bits_in_base64_are_a_selection_too(study: dv.Study) -> None:
    view = dv.explore(study)
    mask = np.zeros(len(study), bool)
    mask[[0, 5]] = True
    bits = np.packbits(mask, bitorder="little").tobytes()
    text = base64.urlsafe_b64encode(bits).decode().rstrip("=")
    ask(view, act="save", name="a", state={}, selection=text)
    assert view.selection == study.frame().index[[0, 5]].tolist()


def test_the_code_is_that_of_what_the_page_shows(study: dv.Study) -> None:
    view = dv.explore(study)
    state = {"filters": {"depth": {"from": 1}}, "selected_only": True}
    code = ask(view, act="code", state=state, selection=[1, 2, 3])["code"]
    wanted = view.shown.index.intersection(study.frame().index[[1, 2, 3]])
    assert run(code, study).index.equals(wanted)


@pytest.mark.parametrize("name", ["", " ", None, 3, ["a"], {"a": 1}, "x" * 10**6])
@pytest.mark.parametrize("act", ["save", "restore", "delete"])
def test_a_name_of_any_kind_is_answered_with_a_short_reason(
    study: dv.Study, act: str, name: Any
) -> None:
    view = dv.explore(study)
    answer = ask(view, act=act, name=name)
    assert 10 < len(answer["reason"]) < 200
    assert view.saved_views == []


@pytest.mark.parametrize("act", [None, 1, [], {}, "drop", "__class__", "x" * 10**6])
def test_an_unknown_act_does_nothing(study: dv.Study, act: Any) -> None:
    assert "Unknown request" in ask(dv.explore(study), act=act, name="a")["reason"]


@pytest.mark.parametrize("state", [None, 3, [], {"filters": 1, "compared": -1}])
@pytest.mark.parametrize(
    "selection", [None, 3, "§", "AAAA" * 99, [-1, 10**400, True, "1", None, 1.5], {}]
)
def test_odd_states_and_selections_select_nothing(
    study: dv.Study, state: Any, selection: Any
) -> None:
    view = dv.explore(study)
    answer = ask(view, act="save", name="a", state=state, selection=selection)
    assert answer["views"] == ["a"]
    assert view.selection == []


@pytest.mark.parametrize("message", [None, 1, "views", [], {}, {"type": ["views"]}])
def test_what_is_no_request_gets_no_answer(study: dv.Study, message: Any) -> None:
    view = dv.explore(study)
    view.send = lambda *_, **__: pytest.fail("answered")
    view._answer(view, message, [])

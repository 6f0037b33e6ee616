"""A page knows that Python has what it wrote; what is sent twice counts once."""

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

import depthviz as dv
from tests.studies import ensemble_study

STUDY = ensemble_study()


@pytest.fixture
def view() -> dv.Explorer:
    return dv.explore(dv.Study(STUDY.dataset))  # with a session of its own


def bits(*examples: int) -> bytes:
    mask = np.zeros(len(STUDY), bool)
    mask[list(examples)] = True
    return np.packbits(mask, bitorder="little").tobytes()


def answers(view: dv.Explorer, *messages: Any) -> list[dict[str, Any]]:
    """What the view sends when its page sends these: traits, or content and buffers."""
    with patch.object(view, "send") as send:
        for message in messages:
            if isinstance(message, dict):
                view.set_state(message)
            else:
                view._handle_custom_msg(*message)
    return [call.args[0] for call in send.call_args_list]


def again(
    number: int, *examples: int, page: str = "a"
) -> tuple[dict[str, Any], list[Any]]:
    mark = {"page": page, "number": number}
    content = {"type": "write", "written": mark, "ui_state": {"probe": 1}}
    return content, [memoryview(bits(*examples))]


def test_each_write_is_answered_by_its_mark(view: dv.Explorer) -> None:
    mark = {"page": "a", "number": 1}
    assert answers(view, {"_selection": bits(2), "_written": mark}) == [
        {"type": "heard", **mark}
    ]
    assert len(view.selection) == 1


def test_a_callback_that_raises_does_not_keep_the_answer_back(
    view: dv.Explorer,
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("mine")

    view.on_selection(fail)
    mark = {"page": "a", "number": 1}
    with patch.object(view, "send") as send, pytest.raises(RuntimeError, match="mine"):
        view.set_state({"_selection": bits(2), "_written": mark})
    send.assert_called_once_with({"type": "heard", **mark})


def test_what_was_lost_is_taken_when_it_comes_again(view: dv.Explorer) -> None:
    assert answers(view, again(3, 0, 4)) == [
        {"type": "heard", "page": "a", "number": 3}
    ]
    assert view.selection == list(STUDY.frame().index[[0, 4]])
    assert view.ui_state["probe"] == 1


def test_what_only_comes_twice_undoes_nothing(view: dv.Explorer) -> None:
    mark = {"page": "a", "number": 1}
    answers(view, {"_selection": bits(2), "_written": mark})
    view.selection = STUDY.frame().index[[5]]
    assert answers(view, again(1, 2)) == [{"type": "heard", **mark}]
    assert view.selection == list(STUDY.frame().index[[5]])
    answers(view, again(1, 7, page="another"))
    assert view.selection == list(STUDY.frame().index[[7]])


@pytest.mark.parametrize(
    "mark",
    [
        None,
        [],
        {"page": "a"},
        {"page": "", "number": 1},
        {"page": "a" * 65, "number": 1},
        {"page": "a", "number": True},
        {"page": "a", "number": 1.5},
        {"page": "a", "number": 0},
        {"page": "a", "number": 10**400},
        {"page": ["a"], "number": 1},
    ],
)
def test_nonsense_gets_no_answer_and_changes_nothing(
    view: dv.Explorer, mark: Any
) -> None:
    content = {"type": "write", "written": mark, "ui_state": {"probe": 1}}
    before = view.ui_state
    assert answers(view, {"_written": mark}, (content, [bits(1)])) == []
    whole = {"page": "a", "number": 1}
    without = {"type": "write", "written": whole, "ui_state": {}}
    assert answers(view, (without, []), ({**without, "ui_state": 1}, [bits(1)])) == []
    assert (view.selection, view.ui_state) == ([], before)


def test_pages_without_number_take_no_room(view: dv.Explorer) -> None:
    for number in range(1000):
        view.set_state({"_written": {"page": f"page {number}", "number": 1}})
    assert len(view._heard._numbers) == 64

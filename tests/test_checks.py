"""Checks shared by all that takes arguments: old keywords name the new one."""

import inspect
from typing import NamedTuple

import pytest

from depthviz.checks import renamed_keywords
from depthviz.errors import DepthvizError


def vote(index: int, *, include_self: bool = False) -> tuple[int, bool]:
    """Vote."""
    return index, include_self


class Linear:
    @renamed_keywords(classes="num_classes")
    def __init__(self, *, num_classes: int) -> None:
        self.num_classes = num_classes


@renamed_keywords(itself="include_self")
class Choice(NamedTuple):
    include_self: bool = False


checked = renamed_keywords(itself="include_self")(vote)


def test_an_old_keyword_fails_with_the_new_one() -> None:
    line = "The argument 'itself' of vote is now 'include_self'."
    with pytest.raises(TypeError) as error:
        checked(1, itself=True)  # type: ignore[call-arg]
    assert str(error.value) == line
    assert isinstance(error.value, DepthvizError)


def test_the_signature_stays_and_other_calls_go_through() -> None:
    assert inspect.signature(checked) == inspect.signature(vote)
    assert checked(1, include_self=True) == (1, True)
    with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
        checked(1, other=True)  # type: ignore[call-arg]


def test_classes_refuse_an_old_keyword_too() -> None:
    assert Linear(num_classes=3).num_classes == 3
    with pytest.raises(TypeError, match=r"'classes' of .* is now 'num_classes'"):
        Linear(classes=3)  # type: ignore[call-arg]
    assert Choice(include_self=True)._replace(include_self=False) == Choice()
    assert inspect.signature(Choice) == inspect.signature(Choice.__new__).replace(
        parameters=list(inspect.signature(Choice).parameters.values())
    )
    with pytest.raises(TypeError, match="'itself' of Choice is now 'include_self'"):
        Choice(itself=True)  # type: ignore[call-arg]

"""Every measure says which end is harder, if any, and what it needs."""

import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

import depthviz as dv
from depthviz.difficulty import (
    INPUTS,
    MEASURES,
    NEEDS,
    Measure,
    find_measure,
    first_in_words,
    is_falling,
)
from depthviz.difficulty.registry.registering import forget_measure
from depthviz.errors import ArgumentError


@pytest.fixture
def mine():
    yield dv.register_measure("mine", lambda logits: logits[:, 0], harder="smaller")
    forget_measure("mine")


def test_every_measure_is_found_by_its_own_name() -> None:
    assert all(name == measure.name for name, measure in MEASURES.items())
    assert {one.harder for one in MEASURES.values()} == {"larger", "smaller", None}


def test_titles_tell_measures_apart() -> None:
    titles = [measure.title for measure in MEASURES.values()]
    assert len(set(titles)) == len(titles)
    assert all(measure.help.endswith(".") for measure in MEASURES.values())
    assert all(measure.formula for measure in MEASURES.values())


def test_directions_follow_the_definitions() -> None:
    ends = {
        end: {name for name, one in MEASURES.items() if one.harder == end}
        for end in ("smaller", None)
    }
    assert ends["smaller"] == {
        "aum",
        "c_score",
        "confidence",
        "consistency",
        "data_map_confidence",
        "data_map_correctness",
        "input_margin",
        "label_probability",
        "label_quality",
        "output_margin",
        "purity",
        "second_split_forgetting",
    }
    assert ends[None] == {
        "data_map_variability",
        "dual",
        "dynamic_uncertainty",
        "neighborhood_confidence",
    }


def test_what_authors_keep_is_apart_from_what_is_harder() -> None:
    assert MEASURES["dual"].keep == "larger"
    assert MEASURES["held_out_loss"].harder == "larger"
    assert MEASURES["held_out_loss"].keep == "smaller"


def test_needs_are_of_the_closed_list() -> None:
    assert {need for one in MEASURES.values() for need in one.needs} <= set(NEEDS)
    assert {need for need in INPUTS.values() if need} <= set(NEEDS)
    with pytest.raises(ArgumentError, match="'mine' cannot need 'magic'; measures"):
        Measure(name="mine", title="", help="", harder=None, needs=frozenset({"magic"}))


def test_the_registry_is_closed() -> None:
    one = Measure(name="mine", title="Mine", help="Mine.", harder=None)
    with pytest.raises(TypeError):
        MEASURES["mine"] = one  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        one.harder = "larger"  # type: ignore[misc]


def test_ones_own_measure_is_read_like_any_other(mine: Measure) -> None:
    assert MEASURES["mine"] is mine
    assert mine.needs == {"logits"}
    assert mine.title == "Mine"
    assert first_in_words("mine") == "hardest"
    assert not is_falling("mine")


def test_a_name_is_taken_once(mine: Measure) -> None:
    with pytest.raises(ArgumentError, match="'mine' is taken: it is 'Mine'"):
        dv.register_measure("mine")
    with pytest.raises(ArgumentError, match="'label' is taken: a study has"):
        dv.register_measure("label")
    with pytest.raises(ArgumentError, match="'depth' is taken"):
        dv.register_measure("depth", lambda logits: logits)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("no name", {}, "name of a measure must be that of a column"),
        ("own", {"harder": "bigger"}, "harder of 'own' must be 'larger'"),
        ("own", {"compute": lambda image: image}, "asks for 'image'; name its"),
        ("own", {"compute": lambda: 1}, "asks for nothing"),
        ("own", {"compute": 3}, "must be a function, got int"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(name, options, message) -> None:
    with pytest.raises(ArgumentError, match=message):
        dv.register_measure(name, **options)
    assert name not in MEASURES


def test_an_unknown_name_lists_those_that_are_close() -> None:
    with pytest.raises(ArgumentError, match="Did you mean: 'dual'"):
        find_measure("daul")
    with pytest.raises(ArgumentError, match="There are: 'aum'"):
        find_measure("qqqqqq")
    with pytest.raises(ArgumentError, match="Unknown measure 3"):
        find_measure(3)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("depth", ("hardest", "easiest")),
        ("aum", ("hardest", "easiest")),
        ("dual", ("largest", "smallest")),
        ("a column", ("largest", "smallest")),
    ],
)
def test_hardest_is_said_where_an_end_is_harder(name, words) -> None:
    assert (first_in_words(name), first_in_words(name, reversed=True)) == words


def test_the_registry_loads_without_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from depthviz.difficulty import MEASURES, first_in_words\n"
        "assert len(MEASURES) > 30"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

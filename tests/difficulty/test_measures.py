"""Every measure declares which end is the hard one."""

import pytest

from depthviz.difficulty import MEASURES, Measure


def test_every_measure_is_found_by_its_own_name() -> None:
    assert all(name == measure.name for name, measure in MEASURES.items())
    assert {measure.harder for measure in MEASURES.values()} == {"larger", "smaller"}


def test_titles_tell_measures_apart() -> None:
    titles = [measure.title for measure in MEASURES.values()]
    assert len(set(titles)) == len(titles)
    assert all(measure.help.endswith(".") for measure in MEASURES.values())


def test_directions_follow_the_definitions() -> None:
    smaller = {name for name, one in MEASURES.items() if one.harder == "smaller"}
    assert smaller == {
        "aum",
        "c_score",
        "confidence",
        "consistency",
        "input_margin",
        "label_probability",
        "output_margin",
    }


def test_the_registry_is_closed() -> None:
    with pytest.raises(TypeError):
        MEASURES["mine"] = Measure("mine", "Mine", "larger", "Mine.")  # type: ignore[index]

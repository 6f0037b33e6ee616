"""How a study was made is written down, in words that say what was done."""

import pytest

from depthviz.errors import StudyError
from depthviz.study.conventions.definition import Conventions, stored_conventions
from tests.studies import tiny_study, vector_study


def test_what_a_probe_sees_is_written_down():
    attributes = tiny_study().dataset.attrs
    assert attributes["activation"].startswith("full, flattened, float32; copied as")
    assert "in place does not reach it" in attributes["activation"]
    place = {"name": "conv1", "module": "norm1", "at": "output"}
    assert attributes["probes"][1] == place


def test_what_the_depth_of_an_undecided_example_is_is_written_down():
    study = vector_study()
    frame, facts = study.frame(), study.dataset.attrs
    assert facts["undecided_counts_as"] == "P, the number of probes"
    assert (frame["depth"][frame["undecided"]] == len(study.probes)).all()
    assert frame["undecided"].any()


def test_conventions_are_stored_under_the_names_of_the_arguments():
    asked = {"ties": "smallest", "itself": "included", "compare_with": "label"}
    for study, expected in (
        (vector_study(), {}),
        (vector_study(**asked), asked),
    ):
        facts = study.dataset.attrs
        own = {"ties": "nearest", "itself": "excluded", "compare_with": "prediction"}
        assert {name: facts[name] for name in own} == {**own, **expected}
        assert stored_conventions(facts) == Conventions(**{**own, **expected})


def test_conventions_of_earlier_studies_are_read():
    said = {
        "ties": "class of the nearest neighbor among the tied, then smaller index",
        "itself_excluded": "by index",
        "depth_compares_with": "prediction",
    }
    assert stored_conventions(said) == stored_conventions({}) == Conventions()


def test_a_convention_of_a_later_version_is_named():
    with pytest.raises(StudyError, match="measured with ties='fairest', but this"):
        stored_conventions({"ties": "fairest"})

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
    asked = {"ties": "smallest", "include_self": True, "compare_with": "label"}
    for study, expected in (
        (vector_study(), {}),
        (vector_study(**asked), asked),
    ):
        facts = study.dataset.attrs
        own = {"ties": "nearest", "include_self": False, "compare_with": "prediction"}
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
    with pytest.raises(StudyError, match=r"include_self='twice', but .* False, True"):
        stored_conventions({"itself": "twice"})


@pytest.mark.parametrize(("said", "own"), [("excluded", False), ("included", True)])
def test_what_earlier_studies_called_itself_is_read_as_include_self(said, own):
    assert stored_conventions({"itself": said}) == Conventions(include_self=own)

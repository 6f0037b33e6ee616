"""How a study was made is written down, in words that say what was done."""

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

"""A moment's worth of the benchmark: what it says of digits is true.

A network that knows its labels by heart hides wrong ones from the loss and from its
last probe, and not from its hidden ones. Times are the machine's matter.
"""

import json

import numpy as np
import pytest

from depthviz.study import open_study
from tests.benchmarks.label_errors import __main__ as benchmark
from tests.benchmarks.label_errors import runs
from tests.benchmarks.label_errors.figures import Figure
from tests.benchmarks.label_errors.results import _disagreement
from tests.benchmarks.label_errors.scores import EQUAL, LAST, SUSPICION, ensemble_scores


def quick(sets, place):
    benchmark.main(["--quick", "--sets", sets, "--out", str(place)])
    [file] = place.glob(f"{sets}-*/results-*.json")
    return json.loads(file.read_text())


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    place = tmp_path_factory.mktemp("label_errors")
    return place, quick("digits", place)


def figure(part, name, which="auroc"):
    return Figure(*part["scores"][name][which])


def test_suspicion_finds_what_a_network_by_heart_hides_from_the_loss(digits):
    by_heart = digits[1]["by heart"]
    assert by_heart["trained"] >= 0.99
    assert figure(by_heart, SUSPICION).low > 0.95
    assert figure(by_heart, "loss").clear == 1
    assert figure(by_heart, LAST).value < 0.8 < figure(by_heart, EQUAL).value


def test_members_that_hold_out_half_find_them_too(digits):
    found = digits[1]
    assert {"2 members", "groups", "short"} <= set(found)
    assert figure(found["2 members"], SUSPICION).low > 0.9
    assert found["2 members"]["held out"] > 0.5
    assert sum(size for size, _ in found["groups"].values()) == 600


def test_what_is_there_is_not_made_again(digits, monkeypatch, capsys):
    place, found = digits
    monkeypatch.setattr(runs, "_train", None)
    assert quick("digits", place) == found
    printed = capsys.readouterr().out
    for title in ("2 members: AUROC", "by heart: average precision", "Groups"):
        assert f"**{title}" in printed


def test_one_set_of_pictures_goes_through(data_dir, tmp_path):
    found = quick("fashion-symmetric", tmp_path)
    by_heart = found["by heart"]
    assert figure(by_heart, SUSPICION).value > figure(by_heart, "loss").value


def test_suspicion_of_all_members_is_the_study_s(digits):
    [place] = digits[0].glob("digits-*/ensemble-2")
    study = open_study(place)
    ours = ensemble_scores(study, members=2)[SUSPICION]
    np.testing.assert_allclose(ours, study.dataset["suspicion"].values, atol=1e-4)


def test_people_who_agree_have_no_entropy():
    found = _disagreement(np.array([[1, 1, 1], [1, 1, 2], [0, 1, 2]]))
    assert found == pytest.approx([0, 0.6365, np.log(3)], abs=1e-4)

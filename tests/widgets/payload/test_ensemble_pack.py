"""An ensemble's study in the browser: groups, two depths, errors, no clutter."""

import json

import numpy as np
import pytest

from depthviz.study import Study
from depthviz.study.members import held_out_accuracy, is_ensemble
from depthviz.widgets.payload.pack import pack_study
from tests.studies import ensemble_study, tiny_study


def columns() -> dict[str, dict[str, object]]:
    manifest = pack_study(ensemble_study()).manifest
    return {column["name"]: column for column in manifest["columns"]}


def test_groups_are_packed_by_their_names_and_none_is_left_out() -> None:
    study = ensemble_study()
    codes = np.frombuffer(pack_study(study).chunks["column/group"], np.uint8)
    np.testing.assert_array_equal(codes, study.dataset["group"].values)
    assert columns()["group"]["categories"] == study.dataset["group"].attrs["names"]
    assert codes[0] == 255
    one = (
        study.dataset["group"]
        .where(False, 4)
        .assign_attrs(study.dataset["group"].attrs)
    )
    packed = pack_study(Study(study.dataset.assign(group=one))).manifest["columns"]
    [group] = [column for column in packed if column["name"] == "group"]
    assert len(group["categories"]) == 5


def test_no_consensus_is_a_missing_class() -> None:
    study = ensemble_study()
    codes = np.frombuffer(pack_study(study).chunks["column/consensus_class"], "<u2")
    consensus = study.frame()["consensus_class"].to_numpy()
    assert consensus[0] == -1
    np.testing.assert_array_equal(codes, np.where(consensus < 0, 65535, consensus))


def test_errors_are_no_columns_and_keep_their_values() -> None:
    study = ensemble_study()
    assert not [name for name in columns() if name.endswith("_se")]
    chunk = np.frombuffer(pack_study(study).chunks["error/train_depth"], "<u2")
    scale = columns()["train_depth"]["error_scale"]
    errors = np.where(chunk == 65535, np.nan, chunk * float(str(scale)))
    np.testing.assert_allclose(
        errors, study.frame()["train_depth_se"], atol=float(str(scale))
    )
    assert columns()["train_depth"]["members"] == "trained_on"
    assert columns()["validation_depth"]["members"] == "held_out"


def test_a_users_column_that_ends_like_an_error_stays_a_column() -> None:
    study = tiny_study().assign(house=np.arange(80), house_se=np.arange(80))
    packed = [column["name"] for column in pack_study(study).manifest["columns"]]
    assert packed[-2:] == ["house", "house_se"]


def test_what_one_member_measured_says_so() -> None:
    assert columns()["depth"]["title"] == "Prediction depth, member 0"
    assert columns()["depth"]["of_member"] is True
    assert "of_member" not in columns()["validation_depth"]


def test_the_manifest_carries_the_plane_and_stays_strict_json() -> None:
    study = ensemble_study()
    plane = pack_study(study).manifest["plane"]
    group = study.dataset["group"]
    assert plane["boundaries"] == list(group.attrs["boundaries"])
    assert plane["q"] == group.attrs["q"]
    endless = study.dataset["group"].assign_attrs(boundaries=[-np.inf, 2, 1, np.inf])
    manifest = pack_study(Study(study.dataset.assign(group=endless))).manifest
    last = len(study.probes)
    assert manifest["plane"]["boundaries"] == [-1, 2, 1, last + 1]
    json.dumps(manifest, allow_nan=False)


def test_one_network_has_no_plane() -> None:
    assert not is_ensemble(tiny_study().dataset)
    manifest = pack_study(tiny_study()).manifest
    assert manifest["plane"] is None
    assert not [name for name in manifest["chunks"] if name.startswith("error/")]


def test_facts_tell_members_failures_and_accuracy() -> None:
    study = ensemble_study()
    facts = dict(pack_study(study).manifest["facts"])
    assert facts["Members"] == "5"
    assert facts["Failed members"] == "5 (at step 40)"
    data = study.dataset
    held_out = ~data["in_train"].values[:-1]
    right = (data["member_prediction"] == data["label"]).values[:-1]
    assert held_out_accuracy(study.frame()) == pytest.approx(right[held_out].mean())
    assert facts["Right when held out"] == f"{right[held_out].mean():.1%}"
    assert facts["Held out, times"].startswith("0 to ")


def test_accuracy_of_nothing_held_out_is_unknown() -> None:
    frame = ensemble_study().frame()
    assert np.isnan(held_out_accuracy(frame[frame["held_out"] == 0]))


def test_a_suspicion_of_the_earlier_rule_is_described_as_such() -> None:
    study = ensemble_study()
    given = study.dataset["suspicion"].drop_attrs()
    said = {}
    for rule in ({}, {"rule": "label evidence"}):
        one = Study(study.dataset.assign(suspicion=given.assign_attrs(**rule)))
        [column] = [
            column
            for column in pack_study(one).manifest["columns"]
            if column["name"] == "suspicion"
        ]
        said[bool(rule)] = column["title"], column["help"]
    assert said[False][0] == "Label suspicion, earlier rule"
    assert "averaged over the probes" in said[False][1]
    assert said[True][0] == "Label suspicion"
    assert "weighted" in said[True][1]


def test_the_page_says_how_well_members_learned_their_labels() -> None:
    study = ensemble_study()
    accuracy = study.dataset["member_accuracy"]
    facts = {}
    for share in (0.95, 0.5):
        learned = accuracy.copy(data=np.full(accuracy.shape, share, np.float32))
        one = Study(study.dataset.assign(member_accuracy=learned))
        facts[share] = dict(pack_study(one).manifest["facts"])["Labels learned"]
    assert facts[0.95] == "members predict 95% of the labels they trained on"
    assert facts[0.5].endswith("of the others, train_depth is that of another class")

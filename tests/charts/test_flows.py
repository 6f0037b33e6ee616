"""The flow of votes from probe to probe."""

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

from depthviz.charts import vote_flow, vote_flow_table
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study
from tests.charts.studies import study_named


def test_each_pair_of_probes_counts_every_example_once() -> None:
    study = study_named("ensemble")
    table = vote_flow_table(study)
    votes, names = study.dataset["vote"].values, np.array(study.classes)
    counts = table.groupby("from_probe")["examples"].sum()
    assert set(counts) == {len(study)}
    for probe, (before, after) in enumerate(pairwise(votes)):
        rows = table[table["from_probe"] == study.probes[probe]]
        for row in rows.itertuples():
            first = names[before] == row.from_class
            both = first & (names[after] == row.to_class)
            assert row.examples == both.sum()
            assert row.share == pytest.approx(both.sum() / first.sum())


def test_a_label_or_some_examples_are_followed_alone() -> None:
    study = study_named("ensemble")
    label = study.dataset["label"].values == 1
    table = vote_flow_table(study, label=study.classes[1])
    assert table.equals(vote_flow_table(study, examples=label))
    first = table[table["from_probe"] == study.probes[0]]
    assert first["examples"].sum() == label.sum()
    with pytest.raises(ArgumentError, match="Unknown class 'dog'"):
        vote_flow_table(study, label="dog")


def test_classes_that_are_not_chosen_are_one_and_counted() -> None:
    study = study_named("ensemble")
    table = vote_flow_table(study, classes=[study.classes[0]])
    assert {*table["from_class"]} == {study.classes[0], "other classes"}
    assert set(table["more"]) == {2}
    spec = vote_flow(study, classes=[study.classes[0]]).to_dict()
    assert "2 more classes, drawn as one" in " ".join(spec["title"]["subtitle"])


def test_ribbons_fill_the_column_of_each_class() -> None:
    rows = vote_flow(study_named("one network")).to_dict()["datasets"]
    blocks = {(row["place"], row["class"]): row for row in rows["blocks"]}
    found: dict[tuple[int, str], float] = {}
    for row in rows["flows"]:
        if row["place"] % 1 < 0.1:
            key = int(row["place"]), row["from_class"]
            found[key] = found.get(key, 0) + row["below"] - row["top"]
            assert blocks[key]["top"] - 1e-4 <= row["top"]
            assert row["below"] <= blocks[key]["below"] + 1e-4
    for key, high in found.items():
        block = blocks[key]
        assert high == pytest.approx(block["below"] - block["top"], abs=1e-4)


def test_one_probe_has_no_flow() -> None:
    votes = xr.Dataset({"vote": (("probe", "example"), [[0, 1, 1]])})
    ids = ("example", [7, 8, 9])
    coords = {"example_id": ids, "probe": ["input"], "class": ["cat", "dog"]}
    with pytest.raises(StudyError, match="needs two probes"):
        vote_flow(Study(votes.assign_coords(coords)))


def test_examples_without_a_vote_are_said_to_be_left_out() -> None:
    data = study_named("one network").dataset.copy()
    votes = data["vote"].values.astype(np.int16)
    votes[2, :7] = -1
    study = Study(data.assign(vote=(("probe", "example"), votes)))
    assert set(vote_flow_table(study)["left_out"]) == {7}
    assert "7 left out" in " ".join(vote_flow(study).to_dict()["title"]["subtitle"])

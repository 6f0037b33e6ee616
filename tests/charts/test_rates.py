"""Curves by probe, depth and group: their tables against counts the slow way."""

import numpy as np
import pytest

from depthviz.charts import probe_curves, probe_curves_table
from depthviz.errors import StudyError
from depthviz.study import Study
from tests.charts.studies import study_named, without


def pairs_of(study: Study, *, held_out: bool) -> list[tuple[int, int]]:
    data = study.dataset
    return [
        (member, row)
        for member in range(data.sizes["member"])
        for row in range(len(study))
        if data["member_failed"].values[member] < 0
        and data["in_train"].values[member, row] != held_out
    ]


def test_the_rates_of_an_ensemble_count_pairs_of_members_and_examples() -> None:
    study = study_named("planted labels")
    data = study.dataset
    table = probe_curves_table(study).set_index(["part", "over", "measure", "probe"])
    table = table.sort_index()
    suspected = data["suspicion"].values > 0
    vote, label = data["member_vote"].values, data["label"].values
    predicted = data["member_prediction"].values
    for over, held_out in (("held out", True), ("trained on", False)):
        pairs = [
            (member, row)
            for member, row in pairs_of(study, held_out=held_out)
            if suspected[row]
        ]
        for probe, name in enumerate(study.probes):
            right = np.mean([vote[m, probe, i] == label[i] for m, i in pairs])
            agree = np.mean([vote[m, probe, i] == predicted[m, i] for m, i in pairs])
            row, other = (
                table.loc["suspected label", over, measure, name]
                for measure in ("accuracy", "agreement")
            )
            assert row["value"] == pytest.approx(right)
            assert other["value"] == pytest.approx(agree)
            assert row["low"] <= row["value"] <= row["high"]
            assert row["examples"] == len({i for _, i in pairs})


def test_the_rates_of_one_network_are_those_of_its_splits() -> None:
    study = study_named("one network")
    data = study.dataset
    plain = without(study, "suspicion")
    table = probe_curves_table(plain)
    assert set(table["part"]) == {"other labels"}
    held_out = data["split"].values == 1
    right = data["vote"].values[:, held_out] == data["label"].values[held_out]
    found = table[(table["measure"] == "accuracy") & (table["over"] == "held out")]
    assert found["value"].tolist() == pytest.approx(right.mean(1).tolist())
    words = [
        row["words"]
        for row in probe_curves(plain).to_dict()["datasets"]["rates"]
        if row["kind"] == "end"
    ]
    assert set(words) == {"trained on", "held out"}
    with pytest.raises(StudyError, match="needs vote, which this study lacks"):
        probe_curves(without(study, "vote"))

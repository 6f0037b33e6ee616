"""Curves by probe, depth and group: their tables against counts the slow way."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

import depthviz as dv
from depthviz.charts import (
    accuracy_by_depth,
    accuracy_by_depth_table,
    agreement_heatmap_table,
    confusion_by_group,
    confusion_by_group_table,
    group_accuracy,
    group_accuracy_table,
    probe_curves,
    probe_curves_table,
    rank_correlations,
    rank_correlations_table,
    suspect_precision,
    suspect_precision_table,
)
from depthviz.ensembles.analysis.intervals import interval, mean_of
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study
from tests.charts.studies import study_named, without
from tests.relabeling.suspects import with_columns


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


def test_accuracy_by_depth_is_the_mean_of_those_that_settle_there() -> None:
    study = study_named("ensemble")
    frame = study.frame()
    table = accuracy_by_depth_table(study).set_index(["measure", "probe"])
    place = np.floor(frame["validation_depth"].astype(float))
    assert set(table["left_out"]) == {place.isna().sum()}
    for code, probe in enumerate(study.probes):
        own = frame[place == code]
        if own.empty:
            continue
        for measure, column in (("accuracy", "c_score"), ("entropy", "entropy")):
            values = own[column].dropna()
            row = table.loc[(measure, probe)]
            assert row["value"] == pytest.approx(values.mean())
            error = 1.96 * values.std() / np.sqrt(len(values))
            assert row["low"] == pytest.approx(max(0, values.mean() - error))
            assert row["examples"] == len(values)
    assert table.loc["accuracy"]["high"].max() <= 1


def test_of_one_network_accuracy_goes_by_its_own_depth() -> None:
    study = study_named("one network")
    table = accuracy_by_depth_table(study)
    assert set(table["measure"]) == {"accuracy"}
    frame = study.frame()
    mean = frame.groupby("depth")["correct"].mean()
    assert table["value"].tolist() == pytest.approx(mean.tolist())
    with pytest.raises(ArgumentError, match="depth must be one of 'depth'"):
        accuracy_by_depth(study, depth="train_depth")


def test_accuracy_by_group_is_the_packages_with_an_interval() -> None:
    study = study_named("planted labels")
    found = dv.accuracy_by_group(study, over="trained_on")
    table = group_accuracy_table(study, over="trained_on")
    expected = found[found["examples"] > 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(table[found.columns], expected)
    wide = (table["high"] - table["low"]).to_numpy()
    free = ((table["low"] > 0) & (table["high"] < 1)).to_numpy()
    errors = table["accuracy_se"].to_numpy()
    assert wide[free] == pytest.approx(2 * 1.96 * errors[free])
    chart = group_accuracy(study, over="trained_on")
    assert chart.to_dict()["title"]["text"].endswith("by group, trained on")
    rows = chart.to_dict()["datasets"]["rates"]
    ends = [row for row in rows if row["kind"] == "end"]
    assert {row["group"] for row in ends} == set(table["group"])


def test_the_heat_map_has_each_example_in_one_row_early_ones_above() -> None:
    study = study_named("ensemble")
    data = study.dataset
    table = agreement_heatmap_table(study, rows=len(study))
    found = table.pivot(index="place", columns="probe", values="agreement")
    agreement = data["neighbor_agreement"].values.astype(float)
    order = np.lexsort((-agreement.mean(0), data["depth"].values))
    expected = agreement[:, order].T
    assert found[list(study.probes)].to_numpy() == pytest.approx(expected)
    few = agreement_heatmap_table(study, rows=7)
    assert few["place"].nunique() == 7
    sizes = (few["end"] - few["place"]).to_numpy()
    mean = np.average(few["agreement"], weights=sizes)
    assert mean == pytest.approx(expected.mean())
    assert few["end"].max() == len(study)


def test_confusion_counts_each_prediction_once() -> None:
    study = study_named("ensemble")
    frame = study.frame()
    table = confusion_by_group_table(study)
    known = (frame["consensus_class"] >= 0) & frame["group"].notna()
    assert table["examples"].sum() == known.sum()
    assert set(table["left_out"]) == {(~known).sum()}
    row = table.iloc[0]
    label, prediction = (
        study.classes.index(row[name]) for name in ("label", "prediction")
    )
    here = (frame["group"] == row["part"]) & (frame["label"] == label) & known
    assert row["examples"] == (here & (frame["consensus_class"] == prediction)).sum()
    assert row["share"] == pytest.approx(row["examples"] / here.sum())
    one = confusion_by_group_table(study, classes=[study.classes[1]])
    assert set(one["label"]) == {study.classes[1]}
    assert set(one["more"]) == {len(study.classes) - 1}


def test_confusion_of_one_network_is_that_of_its_predictions() -> None:
    study = study_named("one network")
    frame = study.frame()
    table = confusion_by_group_table(study)
    right = table[table["label"] == table["prediction"]]["examples"].sum()
    assert right == frame["correct"].sum()
    nobody = np.full(len(study), -1)
    with pytest.raises(StudyError, match="nothing to draw"):
        confusion_by_group(with_columns(study, prediction=nobody))


def test_ranks_correlate_as_scipys_with_the_hard_end_first() -> None:
    study = study_named("planted labels")
    frame = study.frame()
    table = rank_correlations_table(study).set_index(["one", "other"])
    for one, other, sign in (
        ("suspicion", "validation_depth", 1),
        ("c_score", "entropy", -1),
        ("c_score", "aum", 1),
    ):
        both = frame[[one, other]].astype(float).dropna()
        expected = sign * spearmanr(both[one], both[other]).statistic
        assert table.loc[(one, other), "correlation"] == pytest.approx(expected)
        assert table.loc[(one, other), "examples"] == len(both)
    assert "suspicion_rank" not in table.index.get_level_values(0)


def test_a_column_of_ones_own_is_correlated_whatever_its_name() -> None:
    study = study_named("ensemble")
    name = "a.b[0]'s"
    own = study.assign(**{name: np.arange(len(study)) % 7})
    spec = rank_correlations(own, measures=[name, "entropy", "confidence"]).to_dict()
    assert {row["row"] for row in spec["datasets"]["ranks"]} >= {name}
    assert name in json.dumps(spec["layer"][0]["encoding"]["x"]["sort"])
    with pytest.raises(ArgumentError, match=r"Unknown measure 'colour'\. Columns of"):
        rank_correlations(study, measures=["colour", "entropy"])
    with pytest.raises(StudyError, match="only 'entropy'"):
        rank_correlations(study, measures=["entropy"])


def test_precision_of_the_suspects_is_that_of_relabeling() -> None:
    study = study_named("planted labels")
    found = dv.relabel(study)
    table = suspect_precision_table(study, most=100)
    for row in table.iloc[[0, 10, -1]].itertuples():
        assert (row.examples, row.share, row.low, row.high) == found.precision(
            row.examples
        )
    assert table["examples"].max() == 100
    assert table["suspected"].sum() == (table["examples"] <= len(found)).sum()
    with pytest.raises(StudyError, match=r"Ensemble\(\.\.\., planted=0\.02\)"):
        suspect_precision(study_named("ensemble"))


def test_a_mean_has_an_interval_and_one_example_has_none() -> None:
    assert np.isnan(mean_of(np.array([]))).all()
    alone = mean_of(np.array([0.4, np.nan, np.inf]))
    assert alone.value == 0.4
    assert np.isnan([alone.low, alone.high]).all()
    assert interval(0.99, 0.1).high == 1

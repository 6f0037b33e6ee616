"""Expected precision is compared with the truth of the same examples."""

import numpy as np
import pytest

from tests.benchmarks.label_errors.calibration import (
    calibration_table,
    compare,
    is_calibrated,
)
from tests.relabeling.suspects import many, planted, with_columns


def test_each_row_is_of_the_first_examples_of_the_ranking():
    study = planted(many(examples=600), share=0.3)
    data = study.dataset
    wrong = np.random.default_rng(5).random(600) < 0.2
    ranked = data["suspicion"].to_series()[~data["planted"].values].dropna()
    order = ranked.sort_values(ascending=False, kind="stable").index.to_numpy()
    rows = compare(study, wrong)
    total = wrong[order].sum()
    assert [row["examples"] for row in rows] == [round(total / 2), total, 2 * total]
    for row in rows:
        assert row["truth"] == pytest.approx(wrong[order[: row["examples"]]].mean())
        assert row["within"] == (row["low"] <= row["truth"] <= row["high"])


def test_the_truth_lies_within_where_planted_labels_are_like_the_wrong_ones():
    study, draw = many(examples=2_000), np.random.default_rng(0)
    wrong, mask = draw.random(2_000) < 0.1, draw.random(2_000) < 0.1
    high = wrong | mask
    value = np.where(high, draw.normal(3, 1.5, 2_000), draw.normal(-1, 1, 2_000))
    label = study.dataset["label"].values.astype(int)
    rows = compare(
        with_columns(study, suspicion=value, planted=mask, given_label=label), wrong
    )
    assert is_calibrated({"rows": rows})
    assert rows[0]["truth"] > 0.9
    assert rows[2]["truth"] < 0.6


def test_the_table_has_a_row_for_each_comparison_and_the_target():
    row = {"seed": 1, "examples": 40, "truth": 0.8, "expected": 0.75}
    inside = {"rows": [{**row, "low": 0.6, "high": 0.9, "within": True}]}
    outside = {"rows": [{**row, "low": 0.5, "high": 0.7, "within": False}]}
    text = calibration_table({"digits": inside, "sst2": outside})
    assert "| digits | 1 | 40 | 0.800 | 0.750 | 0.60 to 0.90 | yes |" in text
    assert "| sst2 | 1 | 40 | 0.800 | 0.750 | 0.50 to 0.70 | **no** |" in text
    assert "missed" in text
    assert "missed" not in calibration_table({"digits": inside})

"""The table of decodability equals a slow count, and leaves out what has no value."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score
from statsmodels.stats.proportion import proportion_confint

from depthviz.errors import ArgumentError, DataError, StudyError
from depthviz.study import decodability, decoded_votes
from tests.studies import vector_study
from tests.study.decoding.small import colored, drawn, measured, points

COLUMNS = ["label", "color", "bold", "level"]


def slow_rows(study: Any, column: str, counted: Any) -> list[dict[str, Any]]:
    """Count example by example."""
    frame, votes = study.frame(), decoded_votes(study, column)
    rows = []
    for over, split in (("trained on", "train"), ("held out", "validation")):
        for probe in study.probes:
            pairs, missing = [], 0
            for example in frame.index[counted & (frame["split"] == split)]:
                value, vote = frame[column][example], votes[probe][example]
                if pd.isna(value) or pd.isna(vote):
                    missing += 1
                else:
                    pairs.append((value, vote))
            values = [value for value, _ in pairs]
            right = sum(value == vote for value, vote in pairs)
            low, high = proportion_confint(right, len(pairs), method="wilson")
            texts = [[str(one) for one in side] for side in zip(*pairs, strict=True)]
            rows.append(
                {
                    "column": column,
                    "over": over,
                    "probe": probe,
                    "accuracy": right / len(pairs),
                    "low": low,
                    "high": high,
                    "chance": max(map(values.count, values)) / len(pairs),
                    "balanced_accuracy": balanced_accuracy_score(*texts),
                    "examples": len(pairs),
                    "missing": missing,
                }
            )
    return rows


@pytest.mark.filterwarnings("ignore:y_pred contains classes")
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("part", [1, 3])
def test_the_table_equals_a_count_example_by_example(column: str, part: int) -> None:
    study = colored()
    counted = np.arange(len(study)) % part == 0
    table = decodability(study, column, examples=study.frame().index[counted])
    want = pd.DataFrame(slow_rows(study, column, counted))
    pd.testing.assert_frame_equal(table[want.columns], want, check_exact=False)


def test_several_columns_stand_below_each_other() -> None:
    study = colored()
    table = decodability(study, COLUMNS)
    parts = [decodability(study, column) for column in COLUMNS]
    pd.testing.assert_frame_equal(table, pd.concat(parts, ignore_index=True))
    assert decodability(study, ["bold", "bold"]).equals(decodability(study, "bold"))


def test_the_label_is_read_as_often_as_the_study_says() -> None:
    study = colored()
    table = decodability(study, "label")
    held_out = table[table["over"] == "held out"]["accuracy"]
    assert np.allclose(held_out, study.dataset["probe_accuracy"], atol=1e-6)


def test_one_side_alone_has_its_rows_alone() -> None:
    table = decodability(vector_study(), "label")
    assert set(table["over"]) == {"trained on"}
    assert len(table) == len(vector_study().probes)


def test_a_planted_column_is_read_and_a_random_one_is_not() -> None:
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 2, 300)
    study = measured(labels, k=5)
    inputs = [str(row[0]) for row in points(300)]
    added = study.assign(first=inputs, coin=draw.random(300) < 0.5)
    table = decodability(added, ["first", "coin"]).set_index(
        ["column", "over", "probe"]
    )
    first = table.loc["first", "held out", "input"]
    assert first["low"] > first["chance"]
    coin = table.loc["coin", "held out", "input"]
    assert coin["low"] < 0.5 < coin["high"]


def test_values_that_only_other_examples_have_are_counted_as_values() -> None:
    study = colored()
    red = study.frame().query("color == 'red'").index
    table = decodability(study, "color", examples=red)
    assert set(table["values"]) == {3}
    assert set(table["chance"]) == {1.0}
    assert np.allclose(table["accuracy"], table["balanced_accuracy"])


def test_odd_arguments_are_refused() -> None:
    study = colored()
    for column in ([], {}, 5):
        with pytest.raises(ArgumentError, match="name of a column, or a list"):
            decodability(study, column)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"Unknown column \['color'\]"):
        decodability(study, [["color"]])  # type: ignore[list-item]
    with pytest.raises(DataError, match="Unknown example"):
        decodability(study, "bold", examples=["nobody"])
    unknown = study.frame()["level"].isna()
    with pytest.raises(StudyError, match="Of none of these examples is a value known"):
        decodability(study, "level", examples=unknown)


def test_ten_thousand_categories_are_counted_like_any_other() -> None:
    study = drawn((2, 20_000, 5))
    names = [f"kind {row % 10_000}" for row in range(20_000)]
    table = decodability(study.assign(kind=names), "kind")
    assert set(table["values"]) == {10_000}
    assert (table["accuracy"] < 0.01).all()
    assert np.allclose(table["accuracy"], table["balanced_accuracy"])

"""The risk-coverage chart has the areas of the study's own table."""

import numpy as np
import pytest

from depthviz import charts
from depthviz.charts.diagnosis.failures import RIGHT_FIRST
from depthviz.study import failure_detection
from tests.charts.studies import study_named
from tests.study.failures.test_detection import one_network


def test_a_curve_averages_to_its_area() -> None:
    study = one_network()
    table = charts.risk_coverage_table(study)
    areas = failure_detection(study, resamples=2).set_index("score")
    for score, rows in table.groupby("score"):
        assert rows["examples"].tolist() == list(range(1, 31))
        assert rows["coverage"].to_numpy() == pytest.approx(rows["examples"] / 30)
        if score != RIGHT_FIRST:
            assert rows["risk"].mean() == pytest.approx(areas["aurc"][score])


def test_all_curves_end_at_the_share_of_all_mistakes() -> None:
    table = charts.risk_coverage_table(study_named("planted labels"))
    ends = table.groupby("score")["risk"].last()
    assert np.allclose(ends, ends.iloc[0])
    assert table["coverage"].max() == 1.0
    assert len(table) == 100 * table["score"].nunique()


def test_no_curve_lies_below_that_of_right_ones_first() -> None:
    table = charts.risk_coverage_table(one_network())
    curves = table.pivot_table(index="examples", columns="score", values="risk")
    assert (curves.sub(curves[RIGHT_FIRST], axis=0) >= -1e-12).all(axis=None)


def test_the_chart_says_which_score_is_best() -> None:
    spec = charts.risk_coverage(one_network()).to_dict(validate=True)
    said = spec["description"]
    assert "among 30 held-out examples" in said
    assert "largest softmax" in said
    assert "among the safest half: depth " in said
    [note] = spec["title"]["subtitle"]
    assert note.startswith("Of 30, ")

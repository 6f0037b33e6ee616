"""The table says how many of the study's own depths each convention changes."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from depthviz.study import (
    Conventions,
    Recount,
    open_study,
    stored_sensitivity,
)
from tests.measurement.clouds import Cloud
from tests.measurement.small import measured
from tests.studies import tiny_study, vector_study


@pytest.fixture(scope="module")
def study():
    cloud = Cloud(2, count=60)
    votes = Recount(cloud.study(9)).under(Conventions()).votes
    cloud.prediction[::2] = votes[-1, ::2].tolist()
    return cloud.study(9)


def test_words_come_after_the_numbers(study):
    kinds = stored_sensitivity(study).drop(columns="convention").dtypes
    words = [pd.api.types.is_numeric_dtype(kind) for kind in kinds]
    assert words == sorted(words, reverse=True)
    assert sum(words) == len(words) - 2


@pytest.fixture(scope="module")
def table(study):
    return stored_sensitivity(study).set_index("convention")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ties: smallest", {"ties": "smallest"}),
        ("ties: fewer neighbors", {"ties": "fewer neighbors"}),
        ("include self: True", {"include_self": True}),
        ("compare with: label", {"compare_with": "label"}),
        ("compare with: last probe", {"compare_with": "last probe"}),
        ("weights: inverse distance", {"weights": "inverse distance"}),
        ("votes above 62%", {"share": 0.62}),
        ("k = 8", {"k": 8}),
        ("k = 1", {"k": 1}),
        ("without p0", {"left_out": (0,)}),
        ("without p3", {"left_out": (3,)}),
        ("half the probes, first", {"left_out": (1, 3)}),
        ("half the probes, second", {"left_out": (0, 2)}),
        ("depth 0 and 1 merged", {"least": 1}),
    ],
)
def test_a_row_counts_what_its_convention_changes(study, table, name, options):
    row, own = table.loc[name], study.dataset["depth"].values
    recount = Recount(study)
    found, before = recount.under(Conventions(**options)), recount.under(Conventions())
    changed = int((found.depth != own).sum())
    assert row["changed"] == changed > 0
    assert row["share"] == changed / 60
    bounds = stats.binomtest(changed, 60).proportion_ci(method="wilson")
    assert (row["low"], row["high"]) == pytest.approx((bounds.low, bounds.high))
    rank = stats.spearmanr(found.depth, own).statistic
    assert row["rank_correlation"] == pytest.approx(rank)
    votes = (found.votes != before.votes[found.places]).mean()
    assert row["votes_changed"] == votes
    assert row["no_depth"] == 0


def test_nothing_changes_as_measured(table):
    row = table.iloc[0]
    assert row.name == "as measured"
    assert (row["changed"], row["low"], row["votes_changed"]) == (0, 0, 0)
    assert row["rank_correlation"] == pytest.approx(1)


def test_scaling_changes_every_depth_but_0_and_no_order(study, table):
    row = table.loc["depth scaled"]
    assert row["changed"] == (study.dataset["depth"].values > 0).sum()
    assert row["rank_correlation"] == pytest.approx(1)
    assert row["votes_changed"] == 0


def test_what_is_not_told_is_listed_with_the_reason(table):
    untold = table[table["changed"].isna()]
    assert {"metric: cosine", "k > 9", "other pooling"} <= set(untold.index)
    numbers = untold.drop(columns=["differs", "untold"])
    assert numbers.isna().all(axis=None)
    assert untold["untold"].str.len().min() > 0
    assert untold.loc["k > 9", "untold"].startswith("9 are stored.")


@pytest.mark.parametrize("own", [False, True])
def test_a_study_by_other_conventions_is_compared_with_itself(own):
    study = vector_study(
        24, k=5, ties="smallest", include_self=own, compare_with="last probe"
    )
    table = stored_sensitivity(study).set_index("convention")
    assert table["changed"]["as measured"] == 0
    assert {"ties: nearest", "compare with: prediction"} <= set(table.index)
    assert "ties: smallest" not in table.index
    assert f"include self: {own}" not in table.index


def test_what_a_measurement_by_another_convention_finds_is_foretold():
    one = measured()
    table = stored_sensitivity(one).set_index("convention")
    for options in (
        {"ties": "smallest"},
        {"include_self": True},
        {"compare_with": "label"},
        {"compare_with": "last probe"},
    ):
        ((argument, value),) = options.items()
        other = measured(**options)
        changed = (one.dataset["depth"] != other.dataset["depth"]).sum()
        name = f"{argument.replace('_', ' ')}: {value}"
        assert table.loc[name, "changed"] == int(changed)
        assert table.loc[name, "votes_changed"] == float(
            (one.dataset["vote"] != other.dataset["vote"]).mean()
        )


def test_a_saved_study_gives_the_same_table(tmp_path):
    study = tiny_study()
    study.save(tmp_path / "one")
    again = stored_sensitivity(open_study(tmp_path / "one"))
    pd.testing.assert_frame_equal(again, stored_sensitivity(study))


def test_one_probe_one_neighbor_one_class_are_no_trouble():
    data = Cloud(0, probes=1, classes=1).study(1)
    table = stored_sensitivity(data).set_index("convention")
    assert np.isnan(table.loc["as measured", "rank_correlation"])
    assert "without p0" not in table.index
    assert "k = 0" not in table.index

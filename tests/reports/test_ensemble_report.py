"""The report of many networks shows members, groups and both depths."""

from pathlib import Path

import numpy as np
import pytest

import depthviz as dv
from depthviz.errors import StudyError
from depthviz.reports import group_table, member_table, probe_table
from depthviz.reports.findings import describe_findings, describe_ties, how_to_read
from depthviz.reports.table_text import format_table
from depthviz.reports.tables import provenance_table
from depthviz.study import Study
from tests.studies import ensemble_study, tiny_study, vector_study


def test_group_table_counts_every_grouped_example_once() -> None:
    study = ensemble_study()
    frame, table = study.frame(), group_table(study)
    assert table["group"].tolist() == study.dataset["group"].attrs["names"]
    assert table["examples"].sum() == frame["group"].notna().sum() < len(frame)
    np.testing.assert_allclose(table["share"].sum(), 1)
    for row in table.itertuples():
        rows = frame[frame["group"] == row.group]
        assert row.examples == len(rows)
        np.testing.assert_allclose(row.train_depth, rows["train_depth"].mean())


def test_accuracy_of_a_group_counts_each_held_out_prediction_once() -> None:
    data = ensemble_study().dataset
    held_out = ~data["in_train"].values[:-1]
    right = (data["member_prediction"] == data["label"]).values[:-1]
    table = group_table(ensemble_study())
    for code, accuracy in enumerate(table["accuracy"]):
        inside = data["group"].values == code
        if inside.any():
            expected = right[:, inside][held_out[:, inside]].mean()
            np.testing.assert_allclose(accuracy, expected)
        else:
            assert np.isnan(accuracy)


def test_member_table_shows_who_failed_and_when() -> None:
    study = ensemble_study()
    table = member_table(study)
    assert table["failed_at"].tolist() == [""] * 5 + ["step 40"]
    assert (table["trained_on"] + table["held_out"] == len(study)).all()
    assert np.isnan(table["train_accuracy"].iloc[-1])


def test_one_network_has_neither_groups_nor_members() -> None:
    with pytest.raises(StudyError, match="averaged over members"):
        group_table(tiny_study())
    with pytest.raises(StudyError, match="of one network"):
        member_table(vector_study())


def test_findings_name_members_failures_and_groups() -> None:
    study = ensemble_study()
    text = describe_findings(study)
    assert "5 of 6 members" in text
    assert "member 5 at step 40" in text
    assert f"held out by 0 to {study.frame()['held_out'].max()} (mean" in text
    table = group_table(study)
    for row in table.itertuples():
        assert f"{row.group} {row.examples} ({row.share:.1%}" in text
    whole = study.dataset["member_failed"] * 0 - 1
    assert ", 6 members." in describe_findings(
        Study(study.dataset.assign(member_failed=whole))
    )


def test_reading_of_one_network_says_nothing_of_groups() -> None:
    assert "ambiguous" not in how_to_read(tiny_study())
    assert "ambiguous" in how_to_read(ensemble_study())
    assert "of the same split" in how_to_read(tiny_study())
    assert "of the same split" not in how_to_read(ensemble_study())


def test_provenance_lists_the_boundaries_of_the_groups() -> None:
    facts = provenance_table(ensemble_study()).set_index("what")["value"]
    assert facts["group q"] == "0.3"
    boundaries = facts["group boundaries"]
    assert boundaries.startswith("train depth: low at or below ")
    assert ", high at or above " in boundaries


@pytest.mark.parametrize(
    ("end", "explained"),
    [
        (0.0, "everything above it high"),
        (9.0, "everything below it low"),
        (2.5, "that depth itself is neither"),
    ],
)
def test_boundaries_that_meet_are_explained(end: float, explained: str) -> None:
    data = ensemble_study().dataset
    depths = np.linspace(0, 9, data.sizes["example"], dtype=np.float32)
    data = data.assign(train_depth=("example", depths))
    attrs = {**data["group"].attrs, "boundaries": [end, end, 1.0, 4.0]}
    study = Study(data.assign(group=data["group"].assign_attrs(attrs)))
    words = describe_ties(study)
    assert words.startswith(f"Of the train depth both boundaries are {end:.3g}, ")
    assert explained in words
    assert "validation" not in words
    assert words in describe_findings(study)
    attrs["boundaries"] = [1.0, 2.0, 1.0, 4.0]
    apart = Study(data.assign(group=data["group"].assign_attrs(attrs)))
    assert describe_ties(apart) == ""


def test_formatted_numbers_are_percent_depths_and_counts() -> None:
    table = group_table(ensemble_study())
    text = format_table(table)
    assert text["share"].iloc[0] == f"{table['share'].iloc[0]:.1%}"
    assert text["train_depth"].iloc[0] == f"{table['train_depth'].iloc[0]:.2f}"
    assert format_table(table.iloc[:0]).empty
    assert format_table(probe_table(tiny_study()))["settled"].str.endswith("%").all()


def test_a_long_list_of_members_is_folded(tmp_path: Path) -> None:
    study = ensemble_study(24)
    text = dv.report(study, tmp_path / "r.html").read_text("utf-8")
    assert "<summary><b>Networks</b>" in text
    assert "member 23 at step 40" in text
    failing = study.dataset["member_failed"] * 0 + 7
    assert "member 4 at step 7 and 19 more" in describe_findings(
        Study(study.dataset.assign(member_failed=failing))
    )


def test_report_of_many_networks_holds_the_tables(tmp_path: Path) -> None:
    study = ensemble_study()
    text = dv.report(study, tmp_path / "r.html").read_text("utf-8")
    assert "<b>Groups</b>" in text
    assert "<b>Networks</b>" in text
    assert "step 40" in text
    assert "Of member 0." in text
    one = dv.report(tiny_study(), tmp_path / "one.html").read_text("utf-8")
    assert "<b>Groups</b>" not in one
    assert "Groups</h2>" not in one
    assert "Of member" not in one

"""The histogram of depths, the plane of two, and the maps: their tables and legends."""

import numpy as np
import pandas as pd
import pytest

from depthviz.charts import (
    depth_histogram,
    depth_histogram_table,
    depth_plane,
    depth_plane_table,
    map_by_probe,
    map_by_probe_table,
)
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study
from tests.charts.studies import LONG, study_named, without
from tests.relabeling.suspects import with_columns
from tests.studies import vector_study


def depths(*values: float) -> Study:
    """Make a study of one network with these depths, and labels 0, 1, 0, …."""
    study = vector_study(len(values))
    return with_columns(study, depth=np.array(values, np.float32))


def test_each_example_is_counted_once_where_it_settles() -> None:
    study = depths(0, 0, 1, 1.6, 9, np.nan, np.inf)
    table = depth_histogram_table(study)
    last = len(study.probes)
    counts = dict(zip(table["probe"], table["examples"], strict=True))
    assert counts == {**dict.fromkeys(study.probes, 0), "undecided": 1} | {
        study.probes[0]: 2,
        study.probes[1]: 2,
    }
    assert len(table) == last + 1
    assert table["share"].sum() == pytest.approx(1)
    assert set(table["left_out"]) == {2}
    spec = depth_histogram(study).to_dict()
    assert spec["title"]["subtitle"] == ["2 left out: they have no depth"]
    assert "undecided 20%" in spec["description"]


def test_examples_are_sorted_by_class_split_and_correctness() -> None:
    study = depths(0, 1, 1, 2)
    frame = study.frame()
    by_class = depth_histogram_table(study, by="class").set_index(["part", "probe"])
    zero, one = study.classes[:2]
    assert by_class.loc[(zero, study.probes[0]), "examples"] == 1
    assert by_class.loc[(one, study.probes[1]), "share"] == 0.5
    by_right = depth_histogram_table(study, by="correct").groupby("part")
    counts = by_right["examples"].sum().to_dict()
    assert counts.get("right", 0) == frame["correct"].sum()
    assert set(depth_histogram_table(study, by="split")["part"]) == {"train"}
    with pytest.raises(StudyError, match=r"has no group.*Run depthviz\.Ensemble"):
        depth_histogram_table(study, by="group")
    with pytest.raises(ArgumentError, match="by must be one of None, 'class'"):
        depth_histogram_table(study, by="colour")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="depth must be one of 'depth'"):
        depth_histogram_table(study, depth="train_depth")


def test_of_sixty_classes_twenty_are_drawn_and_the_rest_is_said() -> None:
    study = study_named("1,000 classes")
    present = study.frame()["label"].nunique()
    spec = depth_histogram(study, by="class").to_dict()
    assert len({row["part"] for row in spec["datasets"]["depths"]}) == 20
    said = f"… and {present - 20} more classes"
    assert said in spec["title"]["subtitle"]
    chosen = depth_histogram_table(study, by="class", classes=["a.b[0]'s"])
    assert set(chosen["part"]) == {"a.b[0]'s"}
    assert chosen["examples"].sum() == (study.frame()["label"] == 2).sum()


def test_a_long_name_is_cut_in_the_panel_and_whole_in_the_tooltip() -> None:
    study = study_named("1,000 classes")
    names = [LONG + "one", LONG + "two", "a.b[0]'s"]
    spec = depth_histogram(study, by="class", classes=names).to_dict()
    rows = spec["datasets"]["depths"]
    assert {row["part"] for row in rows} == set(names)
    shown = {row["shown"] for row in rows}
    assert len(shown) == 3
    assert sum("…" in name for name in shown) == 2
    assert {"field": "part", "type": "nominal"} in spec["spec"]["encoding"]["tooltip"]


def test_the_plane_counts_each_example_with_both_depths_once() -> None:
    study = study_named("ensemble")
    frame = study.frame()
    side = frame["train_depth"].astype(float)
    known = side.notna() & frame["validation_depth"].notna()
    table = depth_plane_table(study)
    assert table["examples"].sum() == known.sum()
    assert set(table["left_out"]) == {(~known).sum()}
    row = table.iloc[0]
    here = (side.round(3) == row["trained_on"]) & (frame["group"] == row["group"])
    here &= frame["validation_depth"].astype(float).round(3) == row["held_out"]
    assert here.sum() == row["examples"]
    with pytest.raises(
        StudyError, match=r"needs .*validation_depth.*depthviz\.Ensemble"
    ):
        depth_plane(study_named("one network"))


def test_the_plane_has_the_boundaries_of_the_study() -> None:
    study = study_named("ensemble")
    rows = depth_plane(study).to_dict()["datasets"]["places"]
    rows = [row for row in rows if row["end"] is not None]
    ends = study.dataset["group"].attrs["boundaries"]
    assert [row["end"] for row in rows] == pytest.approx(ends, abs=1e-4)
    assert [row["kind"] for row in rows] == 2 * ["trained_on"] + 2 * ["held_out"]


def test_the_map_has_a_point_for_each_example_and_probe_that_has_a_place() -> None:
    study = study_named("ensemble")
    table = map_by_probe_table(study, probes=[study.probes[-1]])
    place = study.dataset["projection"].values[-1]
    assert table[["x", "y"]].to_numpy() == pytest.approx(place)
    labels = study.dataset["label"].values
    assert table["part"].tolist() == [study.classes[label] for label in labels]
    with pytest.raises(
        ArgumentError, match=r"Unknown probe 'conv9'\. This study has: 'inp"
    ):
        map_by_probe(study, probes=["conv9"])
    with pytest.raises(StudyError, match="A map needs projection, which this study"):
        map_by_probe(without(study, "projection"))


def test_points_drawn_and_left_out_are_all() -> None:
    study = study_named("ensemble")
    place = study.dataset["projection"].values.copy()
    place[:, :7] = np.nan
    data = study.dataset.assign(projection=(study.dataset["projection"].dims, place))
    spec = map_by_probe(Study(data)).to_dict()
    drawn = len(spec["datasets"]["map"])
    lost = 7 * len(study.probes)
    assert drawn + lost == len(study) * len(study.probes)
    assert spec["title"]["subtitle"] == [f"{lost} left out: points without a place"]


def test_the_legend_of_the_map_names_all_or_says_how_many_more() -> None:
    spec = map_by_probe(study_named("1,000 classes")).to_dict()
    scale = spec["spec"]["encoding"]["color"]["scale"]
    shapes = spec["spec"]["encoding"]["shape"]["scale"]["range"]
    assert len(scale["domain"]) == len(scale["range"]) == 21
    assert scale["domain"][-1] == "others"
    assert "more classes" in spec["title"]["subtitle"][0]
    assert len(set(zip(scale["range"], map(str, shapes), strict=True))) >= 20
    assert "\\u2026" in spec["spec"]["encoding"]["color"]["legend"]["labelExpr"]


def test_of_very_many_points_the_same_examples_are_drawn_at_every_probe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = study_named("ensemble")
    probes = len(study.probes)
    monkeypatch.setattr("depthviz.charts.maps.MOST_IN_PANELS", 30 * probes)
    spec = map_by_probe(study).to_dict()
    rows = spec["datasets"]["map"]
    drawn = {
        probe: [row["example_id"] for row in rows if row["probe"] == probe]
        for probe in study.probes
    }
    assert all(ids == drawn[study.probes[0]] for ids in drawn.values())
    assert len(rows) == 30 * probes
    lost = (len(study) - 30) * probes
    said = " ".join(spec["title"]["subtitle"])
    assert said == f"{lost} left out: points of all but 30 examples, chosen by chance"
    assert spec["title"]["text"] == f"{len(study)} examples at each probe"
    alone = map_by_probe(study, probes=[study.probes[0]]).to_dict()
    assert len(alone["datasets"]["map"]) == len(study)
    assert map_by_probe(study).to_dict() == spec


def test_the_most_typical_examples_of_a_corner_are_pictured_in_it() -> None:
    study = study_named("ensemble")
    frame = study.frame()
    rows = depth_plane(study).to_dict()["datasets"]["places"]
    found = [row for row in rows if row["kind"] == "picture"]
    ids = frame.index.astype(str)
    for group, part in pd.DataFrame(found).groupby("group"):
        own = frame[(frame["group"] == group) & frame["validation_depth"].notna()]
        assert len(part) == min(3, len(own))
        least = own["group_confidence"].nlargest(3).min()
        kept = frame["group_confidence"].to_numpy()[ids.get_indexer(part["example_id"])]
        assert (kept >= least).all()
        assert part["picture"].str.startswith("data:image/png;base64,").all()
        assert (part["low"] > 0).all() == group.startswith("ambiguous")
    for bare in (
        depth_plane(study, pictures=False),
        depth_plane(without(study, "image")),
    ):
        plain = bare.to_dict()["datasets"]["places"]
        assert all(row["kind"] != "picture" for row in plain)

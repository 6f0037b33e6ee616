"""Contact sheets: which examples, in which order, and their own pictures."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from depthviz.charts import contact_sheet, contact_sheet_table, save
from depthviz.errors import ArgumentError, StudyError
from depthviz.study.pictures import to_picture
from tests.charts.studies import study_named


def test_the_hardest_come_first() -> None:
    study = study_named("ensemble")
    table = contact_sheet_table(study, most=12)
    frame = study.frame()
    depths = frame["validation_depth"].dropna().sort_values(ascending=False)
    assert table["depth"].tolist() == depths.tolist()[:12]
    assert set(table["more"]) == {len(study) - 12}


def test_hardest_is_said_of_measures_with_a_harder_end() -> None:
    study = study_named("ensemble")
    study = study.assign(dual=np.arange(len(study)), aum=np.arange(len(study)))
    words = {"dual": "the largest by dual first", "aum": "the hardest by area under"}
    for name, said in words.items():
        assert said in str(contact_sheet(study, sort=name, most=3).to_dict())
    first = contact_sheet_table(study, sort="dual", most=1)["example_id"]
    assert first.tolist() == [str(study.frame().index[-1])]


def test_a_measure_sorts_from_its_hard_end() -> None:
    study = study_named("ensemble")
    frame = study.frame()
    for name, rising in (("confidence", True), ("entropy", False)):
        expected = frame[name].sort_values(ascending=rising, kind="stable")
        found = contact_sheet_table(study, sort=name, most=5)["example_id"]
        assert found.tolist() == expected.index[:5].astype(str).tolist()
    with pytest.raises(ArgumentError, match="sort must be 'hardest', None or a column"):
        contact_sheet_table(study, sort="split")


def test_chosen_examples_keep_their_order_where_none_is_asked() -> None:
    study = study_named("one network")
    ids = study.frame().index[[9, 3, 30]]
    table = contact_sheet_table(study, examples=ids, sort=None)
    assert table["example_id"].tolist() == ids.astype(str).tolist()


def test_each_part_has_as_many_as_are_asked_for() -> None:
    table = contact_sheet_table(study_named("ensemble"), by="group", most=2)
    counts = table.groupby("part")["place"].agg(["size", "max"])
    assert (counts["size"] == 2).any()
    assert (counts["size"] <= 2).all()
    assert (counts["max"] == counts["size"] - 1).all()


def test_a_label_that_is_likelier_is_suggested() -> None:
    study = study_named("ensemble")
    frame = study.frame()
    table = contact_sheet_table(study, most=len(study)).set_index("example_id")
    for one, row in frame.iterrows():
        said = table.loc[str(one)]
        code = int(
            study.dataset["suggested_label"].sel(example=frame.index.get_loc(one))
        )
        other = study.classes[code] if row["suspicion"] > 0 else ""
        assert (said["suggested"], said["label"]) == (
            other,
            study.classes[row["label"]],
        )


def test_every_caption_stands_below_the_picture_of_its_example() -> None:
    study = study_named("ensemble")
    rows = contact_sheet(study, by="class", most=4).to_dict()["datasets"]["sheet"]
    ids = study.frame().index.astype(str)
    images = study.dataset["image"].values
    for row in rows:
        data = base64.b64decode(row["picture"].removeprefix("data:image/png;base64,"))
        with Image.open(io.BytesIO(data)) as picture:
            own = to_picture(images[ids.get_loc(row["example_id"])])
            assert np.array_equal(np.asarray(picture), np.asarray(own))
        assert row["words"].startswith(row["example_id"])


def test_a_picture_stands_once_in_a_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    chart = contact_sheet(study_named("ensemble"), most=3)
    first = chart.to_dict()["datasets"]["sheet"][0]["picture"]
    svg = save(chart, tmp_path / "a.svg").read_text("utf-8")
    assert svg.count(first) == 1
    assert save(chart, tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert first in save(chart, tmp_path / "a.html").read_text("utf-8")


def test_a_study_without_pictures_says_so() -> None:
    with pytest.raises(StudyError, match="A contact sheet needs pictures, and this"):
        contact_sheet(study_named("no pictures"))

"""Any name, any text and any nested attribute is stored, or refused by its name."""

import datetime
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import zarr

from depthviz.errors import StudyError
from depthviz.study import Study, open_study

NAMES = [
    "meta/source",
    "crops\\left",
    "..",
    ".",
    "",
    "zarr.json",
    "views.json",
    ".hidden",
    "__private",
    "trailing.",
    "two words",
    "Größe",
    "Gro\u0308ße",
    "ID",
    "id",
    "Depth",
    "con",
    "COM1",
    "column-0",
    "line\nbreak",
    "nul\x00",
    "x" * 300,
    "c",
]


def test_columns_of_any_name_come_back(study, tmp_path):
    named = study.assign(**{name: range(n, n + 9) for n, name in enumerate(NAMES)})
    path = named.save(tmp_path / "study.zarr")
    pd.testing.assert_frame_equal(open_study(path).frame(), named.frame())
    folders = [each.name for each in path.iterdir()]
    assert len({name.lower() for name in folders}) == len(folders)
    assert all(name.replace(".", "").isascii() for name in folders)
    again = open_study(path).assign(more=range(9)).save(path, overwrite=True)
    assert list(open_study(again).frame()) == [*named.frame(), "more"]


def test_the_root_says_which_column_is_which(study, tmp_path):
    path = study.assign(**{"a/b": range(9)}).save(tmp_path / "study.zarr")
    root = zarr.open_group(path, mode="r")
    assert root.attrs["stored_names"] == {"column-0": "a/b"}
    assert root["column-0"][:].tolist() == list(range(9))


def test_a_dimension_and_its_values_may_have_such_a_name(study, tmp_path):
    data = study.dataset.assign_coords({"by/hand": [1, 2]})
    path = Study(data).save(tmp_path / "study.zarr")
    assert open_study(path).dataset.sel({"by/hand": 2})["by/hand"] == 2


@pytest.mark.parametrize("name", [3, ("a", "b")])
def test_a_name_that_is_no_text_is_refused(study, tmp_path, name):
    odd = Study(study.dataset.assign({name: ("example", range(9))}))
    with pytest.raises(StudyError, match="must be text to be saved"):
        odd.save(tmp_path / "study.zarr")
    assert not any(tmp_path.iterdir())


BROKEN = "caf\udce9.png"


def test_text_that_is_not_utf8_is_refused_wherever_it_is(study, tmp_path):
    data = study.dataset
    # Without a type pandas would have Arrow read it, where that is installed.
    ids = pd.Index([*"abcdefgh", BROKEN], dtype=object)
    for odd, message in [
        (
            data.assign_coords(example_id=("example", ids)),
            "'example_id' holds .* value 8",
        ),
        (data.assign_coords({"class": ["a", "b", BROKEN]}), "'class' holds .* value 2"),
        (data.assign(file=("example", [BROKEN] * 9)), "'file' holds text"),
        (data.assign_attrs(title=BROKEN), r"attrs\['title'\] holds text"),
        (data.assign_attrs(a={"b": [1, BROKEN]}), r"attrs\['a'\]\['b'\]\[1\] holds"),
        (data.assign({BROKEN: ("example", range(9))}), "name .* holds text"),
    ]:
        with pytest.raises(StudyError, match=message) as refusal:
            Study(odd).save(tmp_path / "study.zarr")
        assert "latin-1" in str(refusal.value)
    assert not any(tmp_path.iterdir())


def test_a_column_is_refused_before_it_is_there(study):
    with pytest.raises(
        StudyError, match=r"Column 'file' holds .* value 0, 'caf\\udce9"
    ):
        study.assign(file=[BROKEN] * 9)
    with pytest.raises(StudyError, match="The name of column"):
        study.assign(**{BROKEN: range(9)})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.arange(3), [0, 1, 2]),
        (np.array(["a"]), ["a"]),
        ((1, (2, 3)), [1, [2, 3]]),
        ({3, 1}, [1, 3]),
        (Path("a") / "b", str(Path("a/b"))),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (np.datetime64("2026-01-02"), "2026-01-02"),
        (None, None),
        ({"deep": [{"er": np.int64(3)}]}, {"deep": [{"er": 3}]}),
    ],
)
def test_attributes_come_back_as_json_has_them(study, tmp_path, value, expected):
    odd = Study(study.dataset.assign_attrs(config={"value": value}))
    opened = open_study(odd.save(tmp_path / "study.zarr"))
    assert opened.dataset.attrs["config"] == {"value": expected}


def test_what_is_no_number_stays_none(study, tmp_path):
    odd = Study(study.dataset.assign_attrs(config={"value": np.float32("nan")}))
    opened = open_study(odd.save(tmp_path / "study.zarr"))
    assert np.isnan(opened.dataset.attrs["config"]["value"])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), r"attrs\['config'\]\['value'\] is of type object"),
        (b"a", "is of type bytes"),
        ({0: "cat"}, "has the key 0, of type int"),
        ({1, "a"}, "have no order"),
        (json, "is of type module"),
    ],
)
def test_attributes_that_would_be_others_are_refused(study, tmp_path, value, message):
    odd = Study(study.dataset.assign_attrs(config={"value": value}))
    with pytest.raises(StudyError, match=message):
        odd.save(tmp_path / "study.zarr")
    assert not any(tmp_path.iterdir())


def test_attributes_of_a_variable_and_a_circle_are_refused_by_place(study, tmp_path):
    circle: dict[str, object] = {}
    circle["self"] = circle
    data = study.dataset.copy()
    data["depth"].attrs["by"] = object()
    with pytest.raises(StudyError, match=r"'depth'\.attrs\['by'\] is of type"):
        Study(data).save(tmp_path / "study.zarr")
    with pytest.raises(StudyError, match="or holds itself"):
        Study(study.dataset.assign_attrs(a=circle)).save(tmp_path / "study.zarr")


@pytest.mark.parametrize("name", ["files", "variables", "stored_names"])
def test_an_attribute_that_the_folder_has_itself_is_refused(study, tmp_path, name):
    odd = Study(study.dataset.assign_attrs({name: ["mine"]}))
    with pytest.raises(
        StudyError, match=f"attribute '{name}' is the study folder's own"
    ):
        odd.save(tmp_path / "study.zarr")


@pytest.mark.parametrize(
    "values",
    [
        np.array([1, None] * 4 + [2], object),
        np.arange(9) * 1j,
        np.arange(9).astype("m8[s]"),
        np.array([b"a"] * 9),
        np.arange(9, dtype=np.longdouble),
    ],
)
def test_a_variable_of_another_type_is_refused_by_name(study, tmp_path, values):
    if values.dtype == float:
        pytest.skip("this machine has no longer floats")
    odd = Study(study.dataset.assign(mine=("example", values)))
    with pytest.raises(StudyError, match=r"'mine' holds .* of type .*study\.assign"):
        odd.save(tmp_path / "study.zarr")


def test_a_column_with_a_unit_is_no_date(study, tmp_path):
    seconds = ("example", np.arange(9.0), {"units": "seconds"})
    opened = open_study(
        Study(study.dataset.assign(t=seconds)).save(tmp_path / "s.zarr")
    )
    assert opened.frame()["t"].tolist() == list(range(9))

"""The Parquet file of a study, as pyarrow reads it."""

import io
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xarray as xr
from PIL import Image
from pyarrow import parquet

from depthviz.errors import DataError, DependencyError, DiskError, StudyError
from depthviz.exchange import arrow
from depthviz.exchange.columns import class_names
from depthviz.study import Study
from tests.studies import (
    ensemble_study,
    named_study,
    repeated,
    tiny_study,
    vector_study,
)


def written(study: Study, folder: Path, **options: Any) -> pd.DataFrame:
    path = study.to_parquet(folder / "study.parquet", **options)
    return pd.read_parquet(path)


def test_file_has_the_frame_with_classes_by_name(tmp_path: Path) -> None:
    study = tiny_study()
    table, frame = written(study, tmp_path), study.frame()
    assert table["example_id"].tolist() == frame.index.tolist()
    names = np.array(study.classes)
    for name in ("label", "prediction", "suggested_label"):
        assert table[name].tolist() == names[frame[name]].tolist()
    for name in ("depth", "suspicion", "confidence", "undecided"):
        assert np.array_equal(table[name], frame[name])
    assert table["split"].tolist() == frame["split"].astype(str).tolist()
    assert "label_name" not in table


def test_file_has_groups_by_name_and_null_where_nothing_is_known(
    tmp_path: Path,
) -> None:
    study = ensemble_study()
    table, frame = written(study, tmp_path), study.frame()
    assert table["group"].dropna().tolist() == frame["group"].dropna().tolist()
    unknown = frame["consensus_class"] < 0
    assert unknown.any()
    assert table["consensus_class"].isna().tolist() == unknown.tolist()
    stored = parquet.read_table(tmp_path / "study.parquet")
    nan = frame["validation_depth"].isna()
    assert stored["validation_depth"].null_count == nan.sum() > 0
    infinite = np.isinf(frame["input_margin"]).to_numpy()
    assert infinite.any()
    assert np.array_equal(np.isinf(table["input_margin"]), infinite)


def test_file_has_the_place_in_the_map_of_every_probe(tmp_path: Path) -> None:
    study = tiny_study()
    table = written(study, tmp_path)
    places = study.dataset["projection"].values
    for row, probe in enumerate(study.probes):
        for column, axis in enumerate("xy"):
            found = table[f"projection_{axis}_{probe}"]
            assert np.array_equal(found, places[row, :, column])


def test_thumbnails_are_pictures_without_loss(tmp_path: Path) -> None:
    study = named_study()
    table = written(study, tmp_path)
    for image, held in zip(study.dataset["image"].values, table["image"], strict=True):
        assert np.array_equal(Image.open(io.BytesIO(held["bytes"])), image)
    assert table["image"][1]["path"] == f"{study.frame().index[1]}.png"
    assert "image" not in written(study, tmp_path, thumbnails=False)
    assert "image" not in written(vector_study(), tmp_path)


def test_grey_pictures_stay_grey(tmp_path: Path) -> None:
    data = tiny_study().dataset
    study = Study(data.isel(image_channel=[1]))
    held = written(study, tmp_path)["image"][3]["bytes"]
    picture = Image.open(io.BytesIO(held))
    assert picture.mode == "L"
    assert np.array_equal(picture, data["image"].values[3, :, :, 1])


def test_texts_rows_and_other_columns_of_the_users_are_kept(tmp_path: Path) -> None:
    day = np.datetime64("2024-05-01") + np.arange(12)
    half = np.arange(12, dtype=np.float16)
    kinds = pd.Categorical(["a", "c", "b"] * 4)
    study = vector_study().assign(
        text=[f"text {row} é" for row in range(12)], half=half, kind=kinds
    )
    study = study.with_preview({"age": np.arange(12), "day": day.astype(str)})
    table = written(study, tmp_path)
    assert table["text"][3] == "text 3 é"
    assert table["half"].tolist() == half.tolist()
    assert table["kind"].tolist() == ["a", "c", "b"] * 4
    assert table["day"][1] == "2024-05-02"
    assert table["age"].tolist() == list(range(12))


def test_rows_are_written_group_by_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 0

    def counted(images: Any, ids: Any) -> Any:
        nonlocal most
        most = max(most, len(images))
        return pictures(images, ids)

    pictures = arrow._pictures
    monkeypatch.setattr(arrow, "_pictures", counted)
    study = Study(repeated(tiny_study().dataset, 2_500))
    path = study.to_parquet(tmp_path / "study.parquet")
    file = parquet.ParquetFile(path)
    assert file.metadata.num_rows == 2_500
    assert file.metadata.num_row_groups == 3
    assert most == arrow.ROWS
    assert file.read()["example_id"].to_pylist() == list(range(2_500))


def test_an_earlier_file_stays_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = tiny_study()
    path = study.to_parquet(tmp_path / "study.parquet", thumbnails=False)
    before = path.read_bytes()

    def fail(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(arrow, "_png", fail)
    with pytest.raises(DiskError, match="Make room"):
        study.to_parquet(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["study.parquet"]


def test_names_that_come_twice_are_told_apart(tmp_path: Path) -> None:
    data = tiny_study().dataset
    study = Study(data.assign_coords({"class": ["cat", "dog", "cat"]}))
    label = data["label"].values
    assert (
        written(study, tmp_path)["label"][0] == ["cat (0)", "dog", "cat (2)"][label[0]]
    )


def test_a_column_that_bears_a_needed_name_is_refused(tmp_path: Path) -> None:
    twice = tiny_study().assign(projection_x_input=np.zeros(80))
    with pytest.raises(StudyError, match="'projection_x_input'"):
        twice.to_parquet(tmp_path / "study.parquet")
    assert list(tmp_path.iterdir()) == []


def test_values_that_arrow_has_not_are_refused_by_column(tmp_path: Path) -> None:
    data = vector_study().dataset
    wave = ("example", np.full(12, 1j), {"origin": "user"})
    files = np.array(["caf\udce9", *map(str, range(11))])
    for odd, name in (
        (data.assign(wave=wave), "wave"),
        (data.assign_coords(example_id=("example", files)), "example_id"),
    ):
        with pytest.raises(StudyError, match=f"Column '{name}' cannot be one"):
            Study(odd).to_parquet(tmp_path / "study.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="folder"):
        tiny_study().to_parquet(tmp_path)


def test_without_pyarrow_the_line_that_installs_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(DependencyError, match=r"torch-depthviz\[arrow\]"):
        tiny_study().to_parquet(tmp_path / "study.parquet")


def test_arrow_reads_a_study_as_a_table() -> None:
    study = tiny_study()
    table = pa.table(study)
    assert table.num_rows == len(study)
    assert "image" not in table.column_names
    assert table["depth"].to_pylist() == study.frame()["depth"].tolist()


def test_a_stream_is_cast_to_the_types_that_are_asked_for() -> None:
    schema = pa.table(tiny_study()).schema
    place = schema.get_field_index("depth")
    asked = schema.set(place, pa.field("depth", pa.int32()))
    table = pa.table(tiny_study(), schema=asked)
    assert table.schema.field("depth").type == pa.int32()
    assert table["depth"].to_pylist() == tiny_study().frame()["depth"].tolist()


def test_pictures_of_examples_named_by_paths_are_files_of_one_folder(
    tmp_path: Path,
) -> None:
    data = tiny_study().dataset.isel(example=slice(4))
    ids = np.array(["cats/1.jpg", "/data/cats_1.jpg", "..\\a:b", "猫 1%2F"], object)
    study = Study(data.assign_coords(example_id=("example", ids)))
    names = [image["path"] for image in written(study, tmp_path)["image"]]
    assert names == [
        "cats%2F1.jpg.png",
        "%2Fdata%2Fcats_1.jpg.png",
        "..%5Ca%3Ab.png",
        "猫 1%252F.png",
    ]


def test_a_name_that_another_gets_by_its_number_is_told_apart() -> None:
    names = class_names(xr.Dataset(coords={"class": ["a", "a", "a (0)", "b"]}))
    assert len({*names}) == 4
    assert names[3] == "b"


def test_many_classes_are_named_at_once() -> None:
    many = [str(number // 2) for number in range(40_000)]
    start = perf_counter()
    assert len({*class_names(xr.Dataset(coords={"class": many}))}) == 40_000
    assert perf_counter() - start < 5

"""A study on disk: it comes back as it was, or is refused; none is lost."""

import json
import os
import pickle
import shutil

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import zarr

from depthviz.errors import FormatError, StudyError
from depthviz.study import FORMAT_VERSION, Study, open_study


def edit_root(path, **attributes):
    root = json.loads((path / "zarr.json").read_text("utf-8"))
    root["attributes"] |= attributes
    (path / "zarr.json").write_text(json.dumps(root), "utf-8")


def chunk_files(path, variable):
    return [file for file in (path / variable / "c").rglob("*") if file.is_file()]


def test_a_saved_study_comes_back_as_it_was(study, tmp_path):
    study = study.assign(note=["é", "", "</script>"] * 3, flag=[True] * 9)
    path = study.save(tmp_path / "deep" / "study.zarr")
    opened = open_study(str(path))
    pd.testing.assert_frame_equal(opened.frame(), study.frame())
    assert list(opened.dataset) == list(study.dataset)
    for name, array in study.dataset.variables.items():
        assert opened.dataset[name].dims == array.dims
        assert np.array_equal(opened.dataset[name].values, array.values), name
        if array.dtype.kind not in "UO":
            assert opened.dataset[name].dtype == array.dtype, name
        assert opened.dataset[name].attrs == array.attrs
    attributes = {**study.dataset.attrs, "format_version": FORMAT_VERSION}
    assert opened.dataset.attrs == attributes
    assert opened.classes == study.classes


def test_nothing_else_is_left_beside_a_study(study, tmp_path):
    study.save(tmp_path / "study.zarr")
    study.save(tmp_path / "study.zarr", overwrite=True)
    assert os.listdir(tmp_path) == ["study.zarr"]


def test_zarr_alone_reads_it(study, tmp_path):
    study.save(tmp_path / "study.zarr")
    group = zarr.open_group(tmp_path / "study.zarr", mode="r")
    assert group.metadata.zarr_format == 3
    assert np.array_equal(group["image"][:], study.dataset["image"].values)
    assert list(group["class"][:]) == list(study.classes)


def test_opening_reads_no_array_of_the_examples(study, tmp_path, monkeypatch):
    study.save(tmp_path / "study.zarr")
    asked = []
    get = zarr.storage.LocalStore.get

    async def watched_get(self, key, *arguments, **options):
        asked.append(key)
        return await get(self, key, *arguments, **options)

    monkeypatch.setattr(zarr.storage.LocalStore, "get", watched_get)
    opened = open_study(tmp_path / "study.zarr")
    chunks = {key.split("/")[0] for key in asked if "/c/" in key}
    assert chunks <= {"probe", "class"}
    asked.clear()
    _ = opened.dataset["image"].isel(example=0).values
    assert {key.split("/")[0] for key in asked if "/c/" in key} == {"image"}


def test_one_image_of_many_reads_a_part(tmp_path):
    images = np.ones((3000, 2, 2, 3), np.uint8)
    dimensions = ("example", "image_height", "image_width", "image_channel")
    dataset = xr.Dataset(
        {"image": (dimensions, images)},
        {"example_id": ("example", np.arange(3000))},
    )
    Study(dataset).save(tmp_path / "study.zarr")
    assert len(chunk_files(tmp_path / "study.zarr", "image")) == 3


def test_an_opened_study_saves_over_itself(study, tmp_path):
    path = study.save(tmp_path / "study.zarr")
    opened = open_study(path).assign(more=np.arange(9))
    opened.save(path, overwrite=True)
    for each in (open_study(path), opened):
        assert each.frame()["more"].tolist() == list(range(9))
        assert np.array_equal(each.dataset["image"], study.dataset["image"])


@pytest.mark.parametrize("harm", ["removed", "emptied", "replaced", "moved"])
def test_an_opened_study_whose_folder_is_gone_gives_no_numbers(study, tmp_path, harm):
    path = study.save(tmp_path / "study.zarr")
    opened = open_study(path)
    if harm == "removed":
        shutil.rmtree(path)
    elif harm == "emptied":
        for variable in ("depth", "image"):
            shutil.rmtree(path / variable)
    elif harm == "replaced":
        other = study.dataset.assign(depth=study.dataset["depth"] * 0)
        Study(other).save(path, overwrite=True)
    else:
        path.rename(tmp_path / "elsewhere.zarr")
    for variable in ("depth", "image"):
        with pytest.raises(FormatError, match=r"study\.zarr was .* open it again"):
            _ = opened.dataset[variable].values
    with pytest.raises(FormatError, match="open it again"):
        opened.frame()


def test_an_opened_study_does_not_depend_on_the_working_folder(
    study, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    opened = open_study(study.save("study.zarr"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    pd.testing.assert_frame_equal(opened.frame(), study.frame())


def test_an_opened_study_can_be_pickled(study, tmp_path):
    opened = open_study(study.save(tmp_path / "study.zarr"))
    copy = pickle.loads(pickle.dumps(opened))
    pd.testing.assert_frame_equal(copy.frame(), study.frame())


def test_a_study_is_replaced_only_when_told_to(study, tmp_path):
    path = study.save(tmp_path / "study.zarr")
    with pytest.raises(StudyError, match=r"holds a study; save.*overwrite=True"):
        study.assign(b=range(9)).save(path)
    assert "b" not in open_study(path).frame()


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"format_version": "2"}, "exists and is no study"),
        ({"format_version": None}, "exists and is no study"),
        ({"files": None}, "exists and is no study"),
        ({"files": ["depth/zarr.json"]}, "exists and is no study"),
        ({"format_version": FORMAT_VERSION + 1}, "a study of format 2, newer than"),
    ],
)
def test_what_no_save_of_ours_wrote_is_never_replaced(
    study, tmp_path, attributes, message
):
    path = study.save(tmp_path / "study.zarr")
    edit_root(path, **attributes)
    before = (path / "zarr.json").read_text("utf-8")
    with pytest.raises(StudyError, match=message):
        study.save(path, overwrite=True)
    assert (path / "zarr.json").read_text("utf-8") == before


@pytest.mark.parametrize("stray", ["notes.txt", "depth/c/notes.txt"])
@pytest.mark.parametrize("link", [False, True])
def test_a_file_of_the_user_in_a_study_is_never_lost(study, tmp_path, stray, link):
    path = study.save(tmp_path / "study.zarr")
    if link:
        (path / stray).symlink_to(tmp_path)
    else:
        (path / stray).write_text("mine")
    with pytest.raises(StudyError, match=rf"{stray} is no part of the study"):
        study.save(path, overwrite=True)
    assert (path / stray).exists()
    (path / stray).unlink()
    study.save(path, overwrite=True)


def test_what_is_no_study_is_never_replaced(study, tmp_path):
    folder, file = tmp_path / "thesis", tmp_path / "thesis.txt"
    folder.mkdir()
    (folder / "chapter").write_text("one")
    file.write_text("two")
    for path in (folder, file):
        with pytest.raises(StudyError, match="exists and is no study"):
            study.save(path, overwrite=True)
    assert (folder / "chapter").read_text() == "one"
    assert file.read_text() == "two"


def test_an_empty_folder_is_filled(study, tmp_path):
    (tmp_path / "study.zarr").mkdir()
    assert len(open_study(study.save(tmp_path / "study.zarr"))) == 9


def test_a_link_to_a_study_is_followed(study, tmp_path):
    study.save(tmp_path / "real.zarr")
    (tmp_path / "link.zarr").symlink_to(tmp_path / "real.zarr")
    study.assign(b=range(9)).save(tmp_path / "link.zarr", overwrite=True)
    assert (tmp_path / "link.zarr").is_symlink()
    assert "b" in open_study(tmp_path / "real.zarr").frame()


def test_a_newer_format_is_refused_with_the_reason(study, tmp_path):
    path = study.save(tmp_path / "study.zarr")
    edit_root(path, format_version=FORMAT_VERSION + 1, depthviz_version="9.1")
    with pytest.raises(
        FormatError, match=r"format 2, written by depthviz 9\.1; .*to f"
    ):
        open_study(path)


@pytest.mark.parametrize(
    "content", ["", "{}", "[1]", '{"attributes": 3}', '{"attributes": {"a": 1}}']
)
def test_a_folder_that_is_no_study_is_refused(tmp_path, content):
    (tmp_path / "zarr.json").write_text(content)
    with pytest.raises(FormatError, match="is no study, or was never finished"):
        open_study(tmp_path)


def test_a_path_without_anything_is_refused(tmp_path):
    with pytest.raises(FormatError, match="There is no study at"):
        open_study(tmp_path / "study.zarr")


@pytest.mark.parametrize("variable", ["depth", "image", "class", "neighbor_index"])
@pytest.mark.parametrize("harm", ["cut", "lost"])
def test_a_damaged_study_is_refused(study, tmp_path, variable, harm):
    path = study.save(tmp_path / "study.zarr")
    chunk = chunk_files(path, variable)[0]
    if harm == "cut":
        chunk.write_bytes(chunk.read_bytes()[:-1])
    else:
        chunk.unlink()
    with pytest.raises(FormatError, match=rf"1 of its \d+ files .* {variable}/c/"):
        open_study(path)

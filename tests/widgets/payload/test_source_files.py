"""Picture files reach a live view at full size, and no page."""

import io
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import depthviz as dv
from depthviz.errors import DataError
from depthviz.study import Study, open_study
from depthviz.widgets.pages.page_payload import fit_payload
from depthviz.widgets.payload.pack import Pack, pack_study
from tests.studies import tiny_study


def with_files(folder: Path) -> Study:
    """tiny_study, as if it came from files: the second is none, the third is text."""
    data = tiny_study().dataset
    paths = [str(folder / f"{row}.png") for row in range(data.sizes["example"])]
    pixels = np.random.default_rng(0).integers(0, 256, (90, 70, 3), np.uint8)
    Image.fromarray(pixels).save(paths[0])
    Path(paths[2]).write_text("no picture")
    return Study(data.assign(path=("example", np.array(paths, object))))


def test_the_file_comes_as_it_is(tmp_path: Path) -> None:
    pack = pack_study(with_files(tmp_path))
    assert pack.chunks["source/0"] == (tmp_path / "0.png").read_bytes()
    assert Image.open(io.BytesIO(pack.chunks["source/0"])).size == (70, 90)


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_no_picture_is_refused(tmp_path: Path, number: int) -> None:
    pack = pack_study(with_files(tmp_path))
    with pytest.raises(DataError, match="cannot be read"):
        pack.chunks[f"source/{number}"]


def test_a_page_carries_no_files(tmp_path: Path) -> None:
    study = with_files(tmp_path)
    payload = fit_payload(study, pack_study(study))
    assert not [name for name in payload.chunks if name.startswith("source/")]
    assert payload.left_out == ""


def test_paths_that_lead_nowhere_offer_nothing(tmp_path: Path) -> None:
    study = with_files(tmp_path)
    (tmp_path / "0.png").unlink()
    assert "source" not in pack_study(study).manifest["families"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
def test_a_pipe_in_the_place_of_a_picture_keeps_nobody_waiting(tmp_path: Path) -> None:
    pack = pack_study(with_files(tmp_path))
    os.mkfifo(tmp_path / "1.png")
    with pytest.raises(DataError, match="no regular file"):
        pack.chunks["source/1"]


def test_a_picture_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = pack_study(with_files(tmp_path))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(DataError, match="cannot be read"):
        pack.chunks["source/0"]


def reopened(study: Study, place: Path, **given: Path) -> Pack:
    study.save(place / "study.zarr", overwrite=True)
    return pack_study(open_study(place / "study.zarr", **given))


def test_an_opened_study_shows_files_of_its_folder_and_of_the_one_that_is_named(
    tmp_path: Path,
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "other").mkdir()
    study = with_files(tmp_path / "own")
    assert reopened(study, tmp_path / "own").chunks["source/0"]
    assert "source" not in reopened(study, tmp_path / "other").manifest["families"]
    named = reopened(study, tmp_path / "own", pictures=tmp_path)
    assert named.chunks["source/0"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_a_path_that_leaves_the_folder_is_refused_with_the_remedy(
    tmp_path: Path,
) -> None:
    (tmp_path / "own").mkdir()
    study = with_files(tmp_path / "own")
    (tmp_path / "private.png").write_bytes((tmp_path / "own" / "0.png").read_bytes())
    (tmp_path / "own" / "1.png").symlink_to(tmp_path / "private.png")
    (tmp_path / "own" / "3.png").symlink_to("3.png")
    paths = study.dataset["path"].values.copy()
    paths[4] = "../private.png"
    paths[5] = "0.png"
    pack = reopened(
        Study(study.dataset.assign(path=("example", paths))), tmp_path / "own"
    )
    for number in (1, 4):
        with pytest.raises(DataError, match=r"open the study with .*pictures=FOLDER"):
            pack.chunks[f"source/{number}"]
    with pytest.raises(DataError, match="no regular file"):
        pack.chunks["source/3"]
    assert pack.chunks["source/5"] == pack.chunks["source/0"]


def test_rows_of_an_opened_study_have_no_more_leave_than_it(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with_files(tmp_path).save(tmp_path / "other" / "study.zarr")
    opened = open_study(tmp_path / "other" / "study.zarr")
    ids = opened.frame().index
    rows = opened.subset(ids[:3])
    joined = dv.concat([opened.subset(ids[:1]), opened.subset(ids[3:])])
    for study in (rows, joined, Study(opened.dataset.isel(example=[0, 1]))):
        assert "source" not in pack_study(study).manifest["families"]

"""Thumbnails of picture files of any size, mode and orientation."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.utils.data import Dataset

import depthviz as dv
from depthviz.datasets.forms import as_examples
from depthviz.errors import ArgumentError, DataError
from depthviz.measurement.examples.originals import read_originals
from tests.measurement.small import measured

SIDE = 96


def corner(picture):
    """The colors of the four corners of a thumbnail that fills its square."""
    return [picture[y, x].tolist() for y in (8, -9) for x in (8, -9)]


def halves(mode, size=(120, 120)):
    """A picture that is dark above and light below."""
    width, height = size
    values = np.zeros((height, width), np.uint8)
    values[height // 2 :] = 255
    return Image.fromarray(values).convert(mode)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK"])
def test_every_mode_shows_the_same_picture(mode, tmp_path):
    path = tmp_path / ("x.tif" if mode == "CMYK" else "x.png")
    halves(mode).save(path)
    black, white = [0, 0, 0], [255, 255, 255]
    found = read_originals([str(path)])[0]
    assert corner(found) == [black, black, white, white]


@pytest.mark.parametrize("kind", ["I;16", "I", "F"])
def test_deep_pictures_are_neither_black_nor_white(kind, tmp_path):
    values = np.full((30, 30), 128 if kind == "F" else 128 * 257)
    kinds = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
    path = tmp_path / "x.tif"
    Image.fromarray(values.astype(kinds[kind])).save(path)
    assert set(read_originals([str(path)])[0][48, 48].tolist()) == {128}


def test_what_is_transparent_is_white(tmp_path):
    layer = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    layer.save(tmp_path / "a.png")
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([255, 0, 0])
    palette.save(tmp_path / "b.png", transparency=0)
    paths = [str(tmp_path / name) for name in ("a.png", "b.png")]
    assert (read_originals(paths) == 255).all()


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_camera_that_was_turned_shows_upright(turn, tmp_path):
    upright = np.zeros((100, 100, 3), np.uint8)
    upright[:50, :50] = [255, 0, 0]
    upright[50:, 50:] = [0, 0, 255]
    stored = {  # how the sensor saw it, by the definition of the tag
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1),
        7: upright[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }[turn]
    exif = Image.Exif()
    exif[0x0112] = turn
    path = tmp_path / "x.png"
    Image.fromarray(np.ascontiguousarray(stored)).save(path, exif=exif)
    expected = [[255, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 255]]
    assert corner(read_originals([str(path)])[0]) == expected


@pytest.mark.parametrize("size", [(300, 30), (30, 300), (5, 5), (1, 4000)])
def test_pictures_of_any_size_are_fitted_into_one_square(size, tmp_path):
    Image.new("RGB", size, "black").save(tmp_path / "x.png")
    found = read_originals([str(tmp_path / "x.png")])[0]
    assert found.shape == (SIDE, SIDE, 3)
    width, height = ((found < 128).any(axis=(axis, 2)).sum() for axis in (0, 1))
    scale = min(1, SIDE / max(size))
    assert abs(width - max(1, size[0] * scale)) <= 1
    assert abs(height - max(1, size[1] * scale)) <= 1


class Files(Dataset):
    """Files of several sizes; the network sees one number of each."""

    def __init__(self, folder: Path, count: int = 20) -> None:
        self.paths = [str(folder / f"{i}.png") for i in range(count)]
        for i, path in enumerate(self.paths):
            Image.new("L", (20 + i, 150), 10 * i).save(path)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        pixels = np.asarray(Image.open(self.paths[index]), np.float32)
        return torch.full((3, 4, 4), pixels.mean() / 64 - 1), index % 2


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(48, 4), nn.ReLU(), nn.Linear(4, 2))


def test_a_study_shows_the_files_and_not_what_the_network_saw(tmp_path):
    study = measured(network(), Files(tmp_path), None, images="files")
    assert study.dataset["image"].shape == (20, SIDE, SIDE, 3)
    assert study.dataset["image"].values[:, 48, 48, 0].tolist() == [*range(0, 200, 10)]
    plain = measured(network(), Files(tmp_path), None)
    assert study.frame().equals(plain.frame())


def test_an_ensemble_shows_them_too(tmp_path):
    options = {"members": 2, "holdout": 0.5, "k": 3, "projection": None}
    ensemble = dv.Ensemble(
        network,
        Files(tmp_path),
        images="files",
        recipe=dv.Recipe(epochs=1),
        **options,
    )
    study = ensemble.run(tmp_path / "run", progress=False)
    assert study.dataset["image"].values[:, 48, 48, 0].tolist() == [*range(0, 200, 10)]


def test_data_without_paths_have_no_files():
    with pytest.raises(ArgumentError, match="needs data that keep the path"):
        measured(images="files")


def test_a_file_that_is_no_picture_is_named(tmp_path):
    (tmp_path / "x.png").write_text("no picture")
    with pytest.raises(DataError, match=r"x\.png cannot be read"):
        read_originals([str(tmp_path / "x.png")])


def test_a_list_of_paths_is_told_what_to_become():
    with pytest.raises(
        DataError, match=r"texts or paths, such as 'a\.png'.*PictureFiles"
    ):
        as_examples((["a.png", "b.png"], [0, 1]))

"""Picture files by a list of paths: what the network gets, and what the page shows."""

import numpy as np
import pytest
import torch
from PIL import Image, UnidentifiedImageError
from torch import nn

import depthviz as dv
from depthviz.datasets import PictureFiles
from depthviz.errors import DataError, ShapeError

MODES = ["L", "P", "RGBA", "1", "RGB"]


def files(folder, count=10, size=(9, 7)):
    """Grey pictures of any mode, the even ones dark."""
    paths = []
    for row in range(count):
        shade = 30 if row % 2 == 0 else 220
        picture = Image.new("L", size, shade).convert(MODES[row % len(MODES)])
        paths.append(folder / f"{row}.png")
        picture.save(paths[-1])
    return paths


def network(picture):
    return torch.as_tensor(np.asarray(picture.resize((4, 4)), np.float32) / 255)


def test_files_of_any_mode_are_measured_and_shown(tmp_path):
    paths = files(tmp_path)
    names = ["dark", "light"] * 5
    data = PictureFiles(paths, names, network)
    model = nn.Sequential(nn.Flatten(), nn.Linear(48, 2))
    study = dv.measure(
        model, data, k=2, projection=None, images="files", progress=False
    )
    frame = study.frame()
    assert study.classes == ("dark", "light")
    assert frame["label_name"].tolist() == names
    assert frame["path"].tolist() == [str(path) for path in paths]
    middle = study.dataset["image"].values[:, 48, 48, 0]
    assert middle[2] == 30
    assert middle[9] == 220


def test_without_a_transform_it_gives_floats_between_0_and_1(tmp_path):
    data = PictureFiles(files(tmp_path, 2), [0, 1])
    picture, label = data[1]
    assert picture.shape == (3, 7, 9)
    assert picture.dtype == torch.float32
    assert picture.unique().tolist() == pytest.approx([220 / 255])
    assert (label, len(data), data.classes) == (1, 2, None)


def test_a_picture_is_turned_as_its_file_says_and_16_bits_are_kept(tmp_path):
    turned = Image.new("RGB", (9, 7))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(tmp_path / "a.jpg", exif=exif)
    deep = Image.fromarray(np.full((5, 5), 128 * 257, np.uint16))
    deep.save(tmp_path / "b.png")
    data = PictureFiles([tmp_path / "a.jpg", tmp_path / "b.png"], [0, 1])
    assert data[0][0].shape == (3, 9, 7)
    assert data[1][0].unique().tolist() == pytest.approx([128 / 255])


def test_a_broken_file_is_named_or_left_out(tmp_path):
    paths = files(tmp_path)
    paths[3].write_text("no picture")
    data = PictureFiles(paths, [0, 1] * 5, network)
    model = nn.Sequential(nn.Flatten(), nn.Linear(48, 2))
    options = {"k": 2, "projection": None, "progress": False}
    with pytest.raises(UnidentifiedImageError, match=r"3\.png"):
        dv.measure(model, data, **options)
    study = dv.measure(model, data, on_error="skip", **options)
    assert len(study) == 9
    assert str(paths[3]) not in study.frame()["path"].tolist()


def test_names_are_numbered_as_the_network_does():
    data = PictureFiles(["a", "b"], ["owl", "cat"], classes=["owl", "bee", "cat"])
    assert data.labels == [0, 2]
    assert data.classes == ["owl", "bee", "cat"]
    with pytest.raises(DataError, match="'dog' is none of classes"):
        PictureFiles(["a"], ["dog"], classes=["owl"])


def test_what_is_no_list_of_files_with_labels_is_refused():
    with pytest.raises(ShapeError, match="2 paths and 1 labels"):
        PictureFiles(["a", "b"], [0])
    with pytest.raises(DataError, match="empty"):
        PictureFiles([], [])
    with pytest.raises(DataError, match=r"got 0\.5 first"):
        PictureFiles(["a"], [0.5])

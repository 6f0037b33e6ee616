"""A folder of pictures keeps the path of each and the names of its classes."""

import os
import sys

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.utils.data import ConcatDataset, Subset

import depthviz as dv
from depthviz.training import Indexed
from tests.measurement.small import measured

torchvision = pytest.importorskip("torchvision")

NAMES = [*(f"{i}.png" for i in range(9)), "é ω.png"]


@pytest.fixture
def folder(tmp_path):
    """Twenty pictures of two classes."""
    from torchvision.transforms import ToTensor

    draw = np.random.default_rng(0)
    for name in ("cat", "dog"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for file in NAMES:
            pixels = draw.integers(0, 256, (8, 8, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pictures" / name / file)
    return torchvision.datasets.ImageFolder(tmp_path / "pictures", ToTensor())


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(192, 4), nn.ReLU(), nn.Linear(4, 2))


def paths(data):
    return [path for path, _ in data.samples]


def test_paths_and_names_stand_in_the_table(folder, tmp_path):
    study = measured(network(), folder, Subset(folder, [3, 19, 0]))
    frame = study.frame()
    assert list(frame.columns[:4]) == ["split", "label", "label_name", "path"]
    every = paths(folder)
    assert frame["path"].tolist() == [*every, every[3], every[19], every[0]]
    named = [os.path.basename(os.path.dirname(path)) for path in frame["path"]]
    assert frame["label_name"].tolist() == named
    opened = dv.open_study(study.save(tmp_path / "study"))
    assert opened.frame().equals(frame)


def test_parts_and_several_folders_keep_theirs(folder):
    some = ConcatDataset([Subset(folder, range(15, 20)), folder])
    every = paths(folder)
    found = measured(network(), some, Indexed(folder)).frame()["path"]
    assert found.tolist() == [*every[15:], *every, *every]


def test_validation_without_files_has_no_paths(folder):
    arrays = np.zeros((3, 3, 8, 8), np.float32), [0, 1, 0]
    found = measured(network(), folder, arrays).frame()["path"]
    assert found.tolist() == [*paths(folder), "", "", ""]


def test_a_path_may_be_replaced_by_another(folder):
    study = measured(network(), folder, None)
    relative = [os.path.relpath(path, folder.root) for path in paths(folder)]
    assert study.assign(path=relative).frame()["path"].tolist() == relative


@pytest.mark.skipif(sys.platform == "win32", reason="names there are Unicode")
def test_a_file_whose_name_is_no_utf_8_is_kept_readably(folder, tmp_path):
    from torchvision.transforms import ToTensor

    odd = os.fsencode(tmp_path / "pictures" / "cat") + b"/caf\xe9.png"
    os.rename(paths(folder)[0], odd)
    again = torchvision.datasets.ImageFolder(tmp_path / "pictures", ToTensor())
    study = measured(network(), again, None)
    opened = dv.open_study(study.save(tmp_path / "study"))
    named = [path for path in opened.frame()["path"] if path.endswith("caf\\xe9.png")]
    assert len(named) == 1


def test_an_ensemble_keeps_them_in_the_order_of_the_data(folder, tmp_path):
    study = dv.Ensemble(
        network,
        folder,
        members=2,
        holdout=0.5,
        k=3,
        projection=None,
        recipe=dv.Recipe(epochs=1),
    ).run(tmp_path / "run", progress=False)
    frame = study.frame()
    assert frame["path"].tolist() == paths(folder)
    assert frame["label_name"].tolist() == ["cat"] * 10 + ["dog"] * 10


def test_the_page_has_them_as_columns(folder):
    study = measured(network(), folder, None)
    columns = {
        each["name"]: each for each in dv.explore(study)._pack.manifest["columns"]
    }
    assert columns["label_name"]["categories"] == ["cat", "dog"]
    assert columns["path"]["kind"] == "text"

"""What the inspector asks for is what the study holds."""

import io

import numpy as np
import pytest
from PIL import Image

from depthviz.study import Study
from depthviz.widgets.payload import details as module
from depthviz.widgets.payload.pack import pack_study
from tests.studies import ensemble_study, tiny_study, vector_study


def test_neighbors_come_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PER_BLOCK", 32)
    pack, data = pack_study(tiny_study()), tiny_study().dataset
    assert pack.manifest["families"]["neighbors"] == 3
    for block in range(3):
        rows = slice(32 * block, 32 * (block + 1))
        expected = data["neighbor_index"].values[:, rows]
        found = np.frombuffer(pack.chunks[f"neighbors/{block}"], "<u4")
        np.testing.assert_array_equal(found, expected.ravel())


def test_failed_members_are_left_out() -> None:
    study = ensemble_study()
    pack, data = pack_study(study), study.dataset
    info = pack.manifest["details"]["members"]
    assert info["count"] == data.sizes["member"] - 1
    found = np.frombuffer(pack.chunks["members/0"], "<u2")
    depth, trained, prediction = found.reshape(3, info["count"], len(study))
    np.testing.assert_array_equal(depth, data["member_depth"].values[:-1])
    np.testing.assert_array_equal(trained, data["in_train"].values[:-1])
    np.testing.assert_array_equal(prediction, data["member_prediction"].values[:-1])


def test_pictures_too_large_for_a_thumbnail_come_without_loss() -> None:
    data = tiny_study().dataset.drop_vars("image")
    images = np.random.default_rng(0).integers(0, 256, (80, 90, 70, 3), dtype=np.uint8)
    dimensions = ("example", "image_height", "image_width", "image_channel")
    pack = pack_study(Study(data.assign(image=(dimensions, images))))
    original = pack.manifest["details"]["original"]
    assert original["size"] == [70, 90]
    picture = Image.open(io.BytesIO(pack.chunks["original/79"]))
    np.testing.assert_array_equal(np.asarray(picture), images[79])


def test_small_pictures_are_lossless_already() -> None:
    pack = pack_study(tiny_study())
    assert pack.manifest["images"]["lossless"]
    assert "original" not in pack.manifest["families"]


def test_without_pictures_or_members_nothing_of_them_is_offered() -> None:
    details = pack_study(vector_study()).manifest["details"]
    assert details["original"] is details["members"] is None
    assert details["neighbors"]["k"] == 2

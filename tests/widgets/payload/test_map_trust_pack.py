"""How far maps can be trusted, packed for the browser."""

import numpy as np
import pytest

from depthviz.study import Study
from depthviz.widgets.payload.pack import pack_study
from tests.studies import tiny_study, vector_study


def test_each_map_has_two_numbers_and_each_example_two_bytes_a_probe():
    data, pack = tiny_study().dataset, pack_study(tiny_study())
    described = pack.manifest["map"]
    assert described["trust_k"] == 5
    assert described["trust_sample"] == len(data["example"])
    for name in ("trustworthiness", "continuity"):
        assert described[name] == pytest.approx(data[name].values, abs=1e-4)
        packed = np.frombuffer(pack.chunks[f"trust/{name}"], np.uint8)
        expected = data[f"point_{name}"].values
        assert packed.reshape(expected.shape) / 254 == pytest.approx(expected, abs=3e-3)


def test_only_examples_with_a_number_travel():
    data = tiny_study().dataset.copy()
    for name in ("point_trustworthiness", "point_continuity"):
        values = data[name].values.copy()
        values[:, 3:] = np.nan
        values[0, 1] = np.nan
        data[name] = data[name].dims, values
    pack = pack_study(Study(data))
    examples = np.frombuffer(pack.chunks["trust/examples"], "<u4")
    assert examples.tolist() == [0, 1, 2]
    packed = np.frombuffer(pack.chunks["trust/continuity"], np.uint8)
    assert packed.reshape(-1, 3)[0, 1] == 255
    assert (packed == 255).sum() == 1


def test_a_study_from_before_has_a_map_and_no_word_of_trust():
    data = tiny_study().dataset
    old = Study(data.drop_vars([name for name in data if "continuity" in str(name)]))
    pack = pack_study(old)
    assert "neighbors_kept" in pack.manifest["map"]
    assert "trustworthiness" not in pack.manifest["map"]
    assert "trust/examples" not in pack.chunks
    assert pack_study(vector_study()).manifest["map"] is None


def test_points_without_a_place_do_not_spoil_the_map_of_the_others():
    data = tiny_study().dataset.copy()
    points = data["projection"].values.copy()
    whole = np.frombuffer(pack_study(tiny_study()).chunks["map"], "<u2")
    inner = abs(points[0] - points[0].mean(axis=0)).sum(axis=1).argmin()
    points[0, inner] = np.nan
    data["projection"] = data["projection"].dims, points
    packed = np.frombuffer(pack_study(Study(data)).chunks["map"], "<u2")
    there, before = packed.reshape(points.shape), whole.reshape(points.shape)
    assert there[0, inner].tolist() == [0, 0]
    others = np.arange(points.shape[1]) != inner
    assert (there[0, others] == before[0, others]).all()
    data["projection"] = data["projection"].dims, np.full_like(points, np.nan)
    assert set(pack_study(Study(data)).chunks["map"]) == {0}

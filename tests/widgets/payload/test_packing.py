"""The pack of a study says what it holds and holds what it says."""

import json

import numpy as np
import pytest

from depthviz.errors import StudyError
from depthviz.widgets.payload.pack import pack_study
from tests.studies import tiny_study, vector_study


def test_every_chunk_has_the_size_the_manifest_gives() -> None:
    pack = pack_study(tiny_study())
    sizes = {name: len(chunk) for name, chunk in pack.chunks.items()}
    families = pack.manifest["families"]
    assert families == {"tile": 1, "neighbors": 1, "sides": 1}
    made = {name: sizes[name] for name in ("tile/0", "neighbors/0", "sides/0")}
    assert {**pack.manifest["chunks"], **made} == sizes
    assert pack.manifest["count"] == 80
    assert sizes["map"] == len(pack.manifest["probes"]) * 80 * 2 * 2


def test_the_manifest_is_strict_json() -> None:
    json.dumps(pack_study(tiny_study()).manifest, allow_nan=False)


def test_columns_are_those_of_the_frame_in_its_order() -> None:
    study = tiny_study()
    names = [column["name"] for column in pack_study(study).manifest["columns"]]
    assert names == ["example_id", *study.frame().columns]


def test_the_map_fits_the_square_and_keeps_its_shape() -> None:
    study = tiny_study()
    packed = np.frombuffer(pack_study(study).chunks["map"], "<u2").astype(float)
    points = study.dataset["projection"].values
    packed = packed.reshape(points.shape)
    assert packed.min() == 0 or packed.max() == 65535
    scale = np.polyfit(points.ravel() - points.mean(), packed.ravel(), 1)[0]
    for axis in (0, 1):
        slope = np.polyfit(points[..., axis].ravel(), packed[..., axis].ravel(), 1)[0]
        np.testing.assert_allclose(slope, scale, rtol=0.2)


def test_votes_and_agreement_are_those_of_the_study() -> None:
    study = tiny_study()
    chunks = pack_study(study).chunks
    votes = np.frombuffer(chunks["votes"], "<u2").reshape(-1, 80)
    np.testing.assert_array_equal(votes, study.dataset["vote"].values)
    shares = np.frombuffer(chunks["agreement"], np.uint8).reshape(-1, 80) / 255
    np.testing.assert_allclose(
        shares, study.dataset["neighbor_agreement"].values, atol=1 / 255
    )


def test_a_path_is_no_study() -> None:
    with pytest.raises(StudyError, match="got str; open a saved one with depthviz"):
        pack_study("study.zarr")  # type: ignore[arg-type]


def test_a_study_without_pictures_or_map_is_packed_without_them() -> None:
    manifest = pack_study(vector_study()).manifest
    assert manifest["map"] is None
    assert manifest["images"] is None
    assert not [name for name in manifest["chunks"] if name.startswith(("map", "tile"))]

"""What a page carries: all where it fits, else the most wanted, and it says so."""

import base64
import io
import re
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import depthviz as dv
from depthviz.errors import DataError
from depthviz.study import Study
from depthviz.widgets.pages.page_payload import PagePayload, fit_payload
from depthviz.widgets.payload.evidence import split_block
from depthviz.widgets.payload.pack import pack_study
from tests.studies import ensemble_study, repeated, tiny_study


@cache
def many(count: int = 2500) -> Study:
    """tiny_study, repeated, with pictures of noise, which nothing compresses."""
    data = tiny_study().dataset
    many_times = repeated(data, count)
    noise = np.random.default_rng(0).integers(0, 256, (count, 16, 16, 3), np.uint8)
    kept = {"neighbor_index": many_times["neighbor_index"] % 60}
    changed = many_times.assign(kept).assign(image=(many_times["image"].dims, noise))
    return Study(changed.assign_coords(example_id=("example", np.arange(count))))


def loaded(study: Study, **options: object) -> PagePayload:
    return fit_payload(study, pack_study(study), **options)  # type: ignore[arg-type]


def least(study: Study) -> int:
    """Find how many bytes the columns and maps alone take."""
    with pytest.raises(DataError) as caught:
        loaded(study, max_bytes=1)
    [size] = re.findall(r"take ([\d,]+) bytes", str(caught.value))
    return int(size.replace(",", ""))


def unpacked(payload: PagePayload, name: str) -> bytes:
    chunk = payload.chunks[name]
    return zlib.decompress(chunk, -15) if name in payload.deflated else chunk


@pytest.mark.parametrize("study", [tiny_study, ensemble_study])
def test_small_studies_are_carried_whole_and_nothing_is_left_out(study: object) -> None:
    pack = pack_study(study())  # type: ignore[operator]
    payload = fit_payload(study(), pack)  # type: ignore[operator]
    assert payload.left_out == ""
    assert {name: unpacked(payload, name) for name in payload.chunks} == dict(
        pack.chunks
    )
    assert payload.manifest["images"] == pack.manifest["images"]
    assert payload.manifest["chunks"] == {n: len(c) for n, c in pack.chunks.items()}


@pytest.mark.parametrize("size", [320_000, 800_000, 1_500_000])
def test_a_page_keeps_below_its_bytes_and_uses_them(tmp_path: Path, size: int) -> None:
    path = dv.explore(many()).to_html(tmp_path / "page.html", max_bytes=size)
    assert 0.6 * size < path.stat().st_size <= size
    assert "This page is kept below" in path.read_text(encoding="utf-8")


def test_the_selected_and_the_hardest_are_whole_and_without_loss() -> None:
    study = many()
    wanted = np.array([7, 2044])
    payload = loaded(study, max_bytes=500_000, first=wanted)
    whole = [int(n.split("/")[1]) for n in payload.chunks if n.startswith("original/")]
    assert {7, 2044} < set(whole)
    assert len(whole) < len(study)
    for number in whole:
        picture = Image.open(io.BytesIO(unpacked(payload, f"original/{number}")))
        stored = study.dataset["image"].values[number]
        np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), stored)
    frame = study.frame()
    hard = frame["suspicion_rank"].to_numpy()
    others = np.setdiff1d(np.arange(len(frame)), whole)
    assert hard[np.setdiff1d(whole, wanted)].min() >= hard[others].max() - 1e-12
    assert f"{len(whole):,} pictures whole" in payload.left_out


def test_examples_without_a_picture_are_named_by_bits() -> None:
    payload = loaded(many(), max_bytes=least(many()) + 40_000, first=np.array([2499]))
    images = payload.manifest["images"]
    bits = np.frombuffer(base64.b64decode(images["pictured"]), np.uint8)
    pictured = np.unpackbits(bits, bitorder="little")[: len(many())].astype(bool)
    assert pictured[2499]
    assert f"pictures of {pictured.sum():,} of 2,500 examples" in payload.left_out
    for number in np.flatnonzero(pictured) // 1024:
        assert f"tile/{number}" in payload.chunks


def test_every_example_has_a_thumbnail_where_a_lower_quality_makes_room() -> None:
    payload = loaded(many(), max_bytes=700_000)
    assert not payload.manifest["images"]["lossless"]
    assert "pictured" not in payload.manifest["images"]


def test_neighbors_are_carried_of_some_and_missing_of_the_others() -> None:
    study = many()
    payload = loaded(study, max_bytes=300_000)
    k = payload.manifest["details"]["neighbors"]["k"]
    stored = study.dataset["neighbor_index"].transpose("probe", "example", "neighbor")
    carried = 0
    for name in payload.chunks:
        if not name.startswith("neighbors/"):
            continue
        start = 1024 * int(name.split("/")[1])
        probes = len(payload.manifest["probes"])
        block = np.frombuffer(unpacked(payload, name), "<u4").reshape(probes, -1, k)
        here = (block != 2**32 - 1).any((0, 2))
        whole = stored.values[:, start : start + block.shape[1], :k]
        np.testing.assert_array_equal(block[:, here], whole[:, here])
        carried += int(here.sum())
    assert 0 < carried <= len(study)


def test_too_few_bytes_for_the_columns_are_refused() -> None:
    with pytest.raises(DataError, match=r"columns and maps of 80 .*max_bytes is 100\."):
        loaded(tiny_study(), max_bytes=100)
    with pytest.raises(DataError, match=r"max_bytes must be a number of bytes"):
        loaded(tiny_study(), max_bytes=True)


def test_a_page_starts_with_selection_and_filters(tmp_path: Path) -> None:
    explorer = dv.explore(tiny_study())
    explorer.selection = explorer.study.frame().index[:2].tolist()
    explorer.ui_state = {"filters": {"label": [1]}, "probe": 1}
    text = explorer.to_html(tmp_path / "page.html").read_text(encoding="utf-8")
    assert '"selection": "Aw' in text
    assert '"ui_state": {"filters": {"label": [1]}, "probe": 1}' in text


def test_all_neighbors_are_carried_where_they_fit() -> None:
    pack = pack_study(many())
    whole = sum(len(pack.chunks[f"neighbors/{number}"]) for number in range(3))
    roomy = loaded(many(), max_bytes=least(many()) + 30 * whole)
    k = many().dataset.sizes["neighbor"]
    assert roomy.manifest["details"]["neighbors"]["k"] == k
    assert "nearest of" not in roomy.left_out


def test_the_curves_of_the_first_examples_are_carried_before_their_neighbors() -> None:
    payload = loaded(many(), max_bytes=least(many()) + 60_000)
    names = payload.manifest["details"]["sides"]["names"]
    probes = len(payload.manifest["probes"])
    carried = 0
    for number in range(3):
        if f"sides/{number}" not in payload.chunks:
            continue
        block = unpacked(payload, f"sides/{number}")
        facts, _ = split_block(block, len(names), probes)
        carried += int((facts[0, 0] != 65535).sum())
    assert 0 < carried < len(many())
    assert f"the curves of {carried:,} of 2,500 examples" in payload.left_out


def test_the_bytes_of_a_page_are_spent(tmp_path: Path) -> None:
    path = dv.explore(many()).to_html(tmp_path / "page.html", max_bytes=2_400_000)
    assert "compressed with loss" in path.read_text(encoding="utf-8")
    assert 0.9 * 2_400_000 < path.stat().st_size <= 2_400_000

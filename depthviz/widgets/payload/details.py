"""What the inspector asks for of one example: neighbors, votes, members, the picture.

Too much to send for every example, and little for the one that somebody looks at. So
these are families of chunks, made when an example of theirs is inspected. Arrays of a
lazily opened study are read block by block. Counts nothing, knows nothing of pages.
"""

import io
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.study.pictures import to_picture
from depthviz.widgets.payload.chunks import Family
from depthviz.widgets.payload.evidence import side_names, sides_block
from depthviz.widgets.payload.source_files import SOURCE, SourceFiles, offers_sources

__all__ = ["NO_CODE", "NO_NEIGHBOR", "PER_BLOCK", "Details", "pack_details"]

PER_BLOCK = 1024
NO_NEIGHBOR = np.iinfo(np.uint32).max
NO_CODE = np.iinfo(np.uint16).max
_FAMILIES = ("neighbors", "sides", "members", "original")
_MEMBERS = ("member_depth", "in_train", "member_prediction")


class Details(NamedTuple):
    """Families of chunks, and what the manifest holds about each."""

    manifest: dict[str, Any]
    families: dict[str, Family]


def pack_details(data: xr.Dataset, *, sprites: dict[str, Any] | None) -> Details:
    """Offer the details of examples that a study has.

    Args:
        data: The study's dataset.
        sprites: The description of the thumbnails, where there are pictures.

    Returns:
        `neighbors/i`: positions of the nearest neighbors of 1,024 examples, shape
        `(P, B, K)`, uint32, 4294967295 where the
        neighbor is none of the study's examples. `members/i`: for each
        member (failed ones left out) depth, whether it trained on the example, and
        prediction, three arrays of shape `(M, B)`, uint16, 65535 where missing.
        `sides/i`: what networks and neighbors say of the classes in question, as
        `sides_block` packs it.
        `original/i`: the stored picture of example i, lossless, where its thumbnail is
        not. `source/i`: the picture file of example i, where it can be read. All
        little-endian.
    """
    manifest: dict[str, Any] = dict.fromkeys(_FAMILIES)
    families: dict[str, Family] = {}
    blocks = -(-data.sizes["example"] // PER_BLOCK)
    if "neighbor_index" in data:
        manifest["neighbors"] = {
            "per_block": PER_BLOCK,
            "k": data.sizes["neighbor"],
        }
        families["neighbors"] = Family(blocks, _Neighbors(data).block)
    if sides := side_names(data):
        manifest["sides"] = {"per_block": PER_BLOCK, "names": sides}
        families["sides"] = Family(blocks, _Sides(data).block)
    if set(_MEMBERS) <= set(data):
        valid = _valid_members(data)
        manifest["members"] = {"per_block": PER_BLOCK, "count": len(valid)}
        families["members"] = Family(blocks, _Members(data, valid).block)
    if "image" in data and sprites is not None:
        stored = [data.sizes["image_width"], data.sizes["image_height"]]
        source = data["image"].attrs.get("source_size") or stored[::-1]
        manifest["original"] = {"size": stored, "source": [*map(int, source)][::-1]}
        if not (sprites["lossless"] and sprites["cell"] == stored):
            families["original"] = Family(data.sizes["example"], _Originals(data).one)
    if offers_sources(data):
        families[SOURCE] = Family(data.sizes["example"], SourceFiles(data).one)
    return Details(manifest, families)


class _Neighbors(NamedTuple):
    data: xr.Dataset

    def block(self, number: int) -> bytes:
        index = self.data["neighbor_index"].isel(example=_span(number))
        found = index.transpose("probe", "example", "neighbor").values.astype(np.int64)
        here = (found >= 0) & (found < self.data.sizes["example"])
        return np.where(here, found, NO_NEIGHBOR).astype("<u4").tobytes()


class _Sides(NamedTuple):
    data: xr.Dataset

    def block(self, number: int) -> bytes:
        return sides_block(self.data, _span(number), _valid_members(self.data))


class _Members(NamedTuple):
    data: xr.Dataset
    valid: NDArray[np.intp]

    def block(self, number: int) -> bytes:
        rows = [
            self.data[name]
            .isel(example=_span(number), member=self.valid)
            .transpose("member", "example")
            .values.astype(np.int64)
            for name in _MEMBERS
        ]
        codes = [np.where((row < 0) | (row > NO_CODE), NO_CODE, row) for row in rows]
        return np.stack(codes).astype("<u2").tobytes()


class _Originals(NamedTuple):
    data: xr.Dataset

    def one(self, number: int) -> bytes:
        picture = self.data["image"].isel(example=number).values
        encoded = io.BytesIO()
        to_picture(picture).save(encoded, "PNG")
        return encoded.getvalue()


def _valid_members(data: xr.Dataset) -> NDArray[np.intp]:
    if "member_failed" not in data:
        return np.arange(data.sizes.get("member", 0))
    return np.flatnonzero(data["member_failed"].values < 0)


def _span(number: int) -> slice:
    return slice(number * PER_BLOCK, (number + 1) * PER_BLOCK)

"""The pictures of an offline page: thumbnails as good as fit, and some whole."""

import base64
import io
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.study.pictures import to_picture
from depthviz.widgets.pages.size_budget import SizeBudget, size_in_page
from depthviz.widgets.payload.sprites import PER_TILE, encode_tile
from depthviz.widgets.selection import pack_mask

__all__ = ["add_pictures", "add_whole_pictures"]

_LEVELS = ((1, 80), (1, 60), (0.75, 80), (0.75, 60), (0.75, 40), (0.5, 60))
_THUMBNAILS, _WHOLE, _MARGIN = 0.8, 0.4, 0.97  # of what is left each time


class Level(NamedTuple):
    """Width and height of a thumbnail, and WebP's quality; None for no loss."""

    cell: tuple[int, int]
    quality: int | None


def add_pictures(
    data: xr.Dataset,
    manifest: dict[str, Any],
    budget: SizeBudget,
    order: NDArray[np.intp],
) -> list[str]:
    """Add thumbnails and whole pictures; describe what was left out.

    Args:
        data: The study's dataset.
        manifest: The page's, whose `images` it changes.
        budget: Where the pictures are added.
        order: Positions of the examples, the most wanted first, shape `(N,)`.

    Returns:
        Parts of a sentence; none where nothing was left out.
    """
    described = manifest["images"]
    if described is None:
        return []
    images = data["image"].values
    level = _best_level(images, described, budget.left * _THUMBNAILS)
    shown = budget.fill(
        order, lambda some: _tiles(images, some, level), share=_THUMBNAILS
    )
    manifest["images"] = _describe(described, level, order, shown)
    if not shown:
        return ["no pictures"]
    count = len(images)
    left_out = [f"pictures of {shown:,} of {count:,} examples"] * (shown < count)
    if level.quality is None and level.cell == _stored_size(data):
        return left_out
    budget.fill(order[:shown], lambda some: _originals(images, some), share=_WHOLE)
    return [*left_out, _describe_loss(level)]


def add_whole_pictures(
    data: xr.Dataset,
    manifest: dict[str, Any],
    budget: SizeBudget,
    order: NDArray[np.intp],
) -> str:
    """Spend what is left on more whole pictures; say how many there are in all."""
    described = manifest["images"]
    if described is None or _is_whole(data, described):
        return ""
    images = data["image"].values
    carried = [f"original/{number}" in budget.chunks for number in order]
    budget.fill(
        order[~np.array(carried)], lambda some: _originals(images, some), share=1
    )
    whole = sum(name.startswith("original/") for name in budget.chunks)
    return (
        f"{whole:,} pictures whole and without loss, of the examples that were "
        "selected and of the hardest"
    )


def _is_whole(data: xr.Dataset, described: dict[str, Any]) -> bool:
    return described["lossless"] and tuple(described["cell"]) == _stored_size(data)


def _stored_size(data: xr.Dataset) -> tuple[int, int]:
    return data.sizes["image_width"], data.sizes["image_height"]


def _describe(
    described: dict[str, Any], level: Level, order: NDArray[np.intp], shown: int
) -> dict[str, Any] | None:
    """Describe the thumbnails of the first examples for the manifest."""
    if not shown:
        return None
    changed = {"cell": list(level.cell), "lossless": level.quality is None}
    if shown < len(order):
        pictured = np.zeros(len(order), bool)
        pictured[order[:shown]] = True
        changed["pictured"] = base64.b64encode(pack_mask(pictured)).decode()
    return {**described, **changed}


def _describe_loss(level: Level) -> str:
    quality = f", compressed with loss (quality {level.quality} of 100)"
    return (
        f"thumbnails of {level.cell[0]} by {level.cell[1]} pixels"
        f"{quality if level.quality else ''}"
    )


def _best_level(
    images: NDArray[np.uint8], described: dict[str, Any], room: float
) -> Level:
    """Find the best level at which all thumbnails are likely to fit."""
    width, height = described["cell"]
    levels: list[tuple[float, int | None]] = list(_LEVELS)
    if described["lossless"]:
        levels.insert(0, (1, None))
    start = max(0, len(images) // 2 - PER_TILE // 2)
    sample = images[start : start + PER_TILE]
    for scale, quality in levels:
        cell = max(1, round(width * scale)), max(1, round(height * scale))
        size = size_in_page("", encode_tile(sample, cell, quality=quality))
        if size * len(images) / len(sample) < room * _MARGIN:
            break
    return Level(cell, quality)


def _tiles(
    images: NDArray[np.uint8], chosen: NDArray[np.intp], level: Level
) -> dict[str, bytes]:
    """Encode the tiles that hold the chosen examples, with all others black."""
    kept = np.zeros(len(images), bool)
    kept[chosen] = True
    tiles = {}
    for number in np.unique(chosen // PER_TILE):
        span = slice(number * PER_TILE, (number + 1) * PER_TILE)
        mask = kept[span, None, None, None]
        tile = images[span] if mask.all() else images[span] * mask
        tiles[f"tile/{number}"] = encode_tile(tile, level.cell, quality=level.quality)
    return tiles


def _originals(images: NDArray[np.uint8], chosen: NDArray[np.intp]) -> dict[str, bytes]:
    return {f"original/{number}": _lossless(images[number]) for number in chosen}


def _lossless(image: NDArray[np.uint8]) -> bytes:
    encoded = io.BytesIO()
    to_picture(image).save(encoded, "WEBP", lossless=True, exact=True, method=2)
    return encoded.getvalue()

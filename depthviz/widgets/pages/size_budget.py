"""What an offline page takes along of a study: all that fits below a number of bytes.

Columns, votes and maps come first, since everything is counted from them. Then
pictures: every thumbnail at the best quality that fits, and without loss those of the
examples that a person selected and of the hardest. Then what the inspector asks for, in
the same order. What is left at home is told in words, never silently. Writes no page.
"""

import base64
import io
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from PIL import Image

from depthviz.errors import DataError
from depthviz.study import Study
from depthviz.widgets.payload.details import PER_BLOCK
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.payload.sprites import PER_TILE, encode_tile

__all__ = ["Cargo", "deflate", "load_cargo"]

_USUAL_BYTES = 6_000_000
_LEAST_FOR_PICTURES = 3_000_000  # where columns and maps alone fill the usual page
_LEVELS = ((1, 80), (1, 60), (0.75, 80), (0.75, 60), (0.75, 40), (0.5, 60))
_FEW, _TRIES, _FULL = 64, 6, 0.93
_PICTURES, _LOSSLESS, _NEIGHBORS = 0.8, 0.4, 0.8  # of what is left each time
_NEAREST = 10
_NO_NEIGHBOR = np.iinfo(np.uint32).max
_NO_CODE = np.iinfo(np.uint16).max


class Cargo(NamedTuple):
    """What a page carries.

    Attributes:
        manifest: The study's, without what is left out.
        chunks: Bytes by name, as they are sent: some deflated.
        deflated: Names of those.
        words: What was left out, in sentences; empty where nothing was.
    """

    manifest: dict[str, Any]
    chunks: dict[str, bytes]
    deflated: list[str]
    words: str


class _Hold:
    """Room for chunks, which only shrinks."""

    def __init__(self, room: float) -> None:
        self.left = room
        self.chunks: dict[str, bytes] = {}
        self.deflated: list[str] = []
        self.sizes: dict[str, int] = {}

    def put(self, chunks: dict[str, bytes], share: float = 1.0) -> bool:
        """Take chunks aboard, all or none."""
        packed = {name: deflate(name, data) for name, data in chunks.items()}
        size = sum(_size(name, data) for name, data in packed.items())
        if size > self.left * share:
            return False
        self.left -= size
        self.chunks |= packed
        self.deflated += [
            name for name in packed if len(packed[name]) < len(chunks[name])
        ]
        self.sizes |= {name: len(data) for name, data in chunks.items()}
        return True

    def fill(
        self,
        order: NDArray[np.intp],
        make: Callable[[NDArray[np.intp]], dict[str, bytes]],
        share: float,
    ) -> int:
        """Take aboard what is made of as many of the first examples as fit."""
        room, most = self.left * share, len(order)
        few = min(most, _FEW)
        count = min(most, int(few * room / max(1, _total(make(order[:few])))))
        best: dict[str, bytes] = {}
        taken, too_many = 0, most + 1
        for _ in range(_TRIES):
            if not taken < count < too_many:
                break
            chunks = make(order[:count])
            size = _total(chunks)
            if size <= room:
                best, taken = chunks, count
                if size > _FULL * room:
                    break
            else:
                too_many = count
            count = min(most, int(count * 0.97 * room / size))
        self.put(best)
        return taken


def load_cargo(
    study: Study,
    pack: Pack,
    *,
    besides: int = 0,
    max_bytes: int | None = None,
    first: NDArray[np.intp] | None = None,
) -> Cargo:
    """Choose what a page carries.

    Args:
        study: The study.
        pack: The study, packed.
        besides: Bytes of the page that are not the study's.
        max_bytes: Bytes of the whole page; by default 6,000,000, and more where the
            columns and maps of a large study leave less than half of that.
        first: Positions of the examples that come before the hardest.

    Returns:
        The cargo.

    Raises:
        DataError: If not even the columns and maps fit below `max_bytes`.
    """
    _check_size(max_bytes)
    ready = {name: pack.chunks[name] for name in pack.manifest["chunks"]}
    hold = _Hold(float("inf"))
    hold.put(ready)
    least = besides + sum(_size(name, data) for name, data in hold.chunks.items())
    limit = max_bytes or max(_USUAL_BYTES, least + _LEAST_FOR_PICTURES)
    if least > limit:
        raise DataError(
            f"The columns and maps of {len(study):,} examples take {least:,} bytes, "
            f"max_bytes is {limit:,}. Allow more, or write a folder with to_site()."
        )
    hold.left = limit - least
    manifest = {**pack.manifest, "details": {**pack.manifest["details"]}}
    if _take_all(pack, hold):
        words: list[str] = []
    else:
        order = _order(study, first)
        words = [
            *_take_pictures(study.dataset, manifest, hold, order),
            *_take_neighbors(pack, manifest, hold, order),
            *_take_members(pack, manifest, hold, order),
        ]
    manifest |= {"chunks": hold.sizes, "families": {}}
    told = f"This page is kept below {limit / 1e6:.1f} MB. It carries "
    said = told + "; ".join(words) + "." if words else ""
    return Cargo(manifest, hold.chunks, hold.deflated, said)


def deflate(name: str, data: bytes) -> bytes:
    """Deflate a chunk, where that makes it shorter.

    Args:
        name: The name of the chunk; pictures are compressed already.
        data: Its bytes.

    Returns:
        The raw deflated bytes, or the same where those are not shorter.
    """
    if name.startswith(("tile/", "original/")):
        return data
    shorter = zlib.compress(data, 6, -zlib.MAX_WBITS)
    return shorter if len(shorter) < len(data) else data


def _check_size(max_bytes: object) -> None:
    whole = isinstance(max_bytes, int) and not isinstance(max_bytes, bool)
    if max_bytes is not None and (not whole or max_bytes < 1):  # type: ignore[operator]
        raise DataError(f"max_bytes must be a number of bytes, got {max_bytes!r}.")


def _take_all(pack: Pack, hold: _Hold) -> bool:
    """Take every family whole, where all of them fit."""
    taken: dict[str, bytes] = {}
    size = 0
    for family, count in pack.manifest["families"].items():
        for number in range(count):
            name = f"{family}/{number}"
            taken[name] = pack.chunks[name]
            size += _size(name, deflate(name, taken[name]))
            if size > hold.left:
                return False
    return hold.put(taken)


def _order(study: Study, first: NDArray[np.intp] | None) -> NDArray[np.intp]:
    """The examples that come first, then the others, hardest first."""
    frame = study.frame()
    if "suspicion" in frame:
        hard = np.argsort(-frame["suspicion"].to_numpy(float), kind="stable")
    else:
        sure = frame["confidence"] if "confidence" in frame else frame["depth"] * 0
        hard = np.lexsort((sure.to_numpy(float), -frame["depth"].to_numpy(float)))
    wanted = np.zeros(len(frame), bool)
    wanted[[] if first is None else first] = True
    return np.concatenate([hard[wanted[hard]], hard[~wanted[hard]]]).astype(np.intp)


def _take_pictures(
    data: xr.Dataset, manifest: dict[str, Any], hold: _Hold, order: NDArray[np.intp]
) -> list[str]:
    described = manifest["images"]
    if described is None:
        return []
    images = data["image"].values
    count = len(images)
    cell, quality = _level(images, described, hold.left * _PICTURES)

    def thumbnails(chosen: NDArray[np.intp]) -> dict[str, bytes]:
        return _tiles(images, chosen, cell, quality)

    shown = hold.fill(order, thumbnails, _PICTURES)
    if not shown:
        manifest["images"] = None
        return ["no pictures"]
    stored = [data.sizes["image_width"], data.sizes["image_height"]]
    manifest["images"] = {
        **described,
        "cell": list(cell),
        "lossless": quality is None,
    }
    if shown < count:
        manifest["images"]["pictured"] = _bits(order[:shown], count)
    words = [f"pictures of {shown:,} of {count:,} examples"] if shown < count else []
    if quality is None and list(cell) == stored:
        return words
    whole = hold.fill(order[:shown], lambda some: _originals(images, some), _LOSSLESS)
    size = f"{cell[0]} by {cell[1]} pixels"
    return [
        *words,
        f"thumbnails of {size}"
        + (f", compressed with loss (quality {quality} of 100)" if quality else "")
        + f"; {whole:,} pictures whole and without loss, of the examples that were "
        "selected and of the hardest",
    ]


def _level(
    images: NDArray[np.uint8], described: dict[str, Any], room: float
) -> tuple[tuple[int, int], int | None]:
    """Find the best cell and quality at which all thumbnails are likely to fit."""
    width, height = described["cell"]
    levels: list[tuple[float, int | None]] = list(_LEVELS)
    if described["lossless"]:
        levels.insert(0, (1, None))
    start = max(0, len(images) // 2 - PER_TILE // 2)
    sample = images[start : start + PER_TILE]
    for scale, quality in levels:
        cell = max(1, round(width * scale)), max(1, round(height * scale))
        size = _size("", encode_tile(sample, cell, quality=quality))
        if size * len(images) / len(sample) < room * 0.97:
            break
    return cell, quality


def _tiles(
    images: NDArray[np.uint8],
    chosen: NDArray[np.intp],
    cell: tuple[int, int],
    quality: int | None,
) -> dict[str, bytes]:
    kept = np.zeros(len(images), bool)
    kept[chosen] = True
    tiles = {}
    for number in np.unique(chosen // PER_TILE):
        span = slice(number * PER_TILE, (number + 1) * PER_TILE)
        mask = kept[span, None, None, None]
        tile = images[span] if mask.all() else images[span] * mask
        tiles[f"tile/{number}"] = encode_tile(tile, cell, quality=quality)
    return tiles


def _originals(images: NDArray[np.uint8], chosen: NDArray[np.intp]) -> dict[str, bytes]:
    return {f"original/{number}": _lossless(images[number]) for number in chosen}


def _lossless(image: NDArray[np.uint8]) -> bytes:
    channels = np.broadcast_to(image, (*image.shape[:2], 3))
    encoded = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(channels)).save(
        encoded, "WEBP", lossless=True, exact=True, method=2
    )
    return encoded.getvalue()


def _take_neighbors(
    pack: Pack, manifest: dict[str, Any], hold: _Hold, order: NDArray[np.intp]
) -> list[str]:
    info = manifest["details"]["neighbors"]
    if info is None:
        return []
    probes, k = len(manifest["probes"]), min(info["k"], _NEAREST)

    def block(number: int) -> NDArray[np.generic]:
        found = np.frombuffer(pack.chunks[f"neighbors/{number}"], "<u4")
        return found.reshape(probes, -1, info["k"])[:, :, :k]

    def make(chosen: NDArray[np.intp]) -> dict[str, bytes]:
        return _blocks("neighbors", block, chosen, axis=1, missing=_NO_NEIGHBOR)

    taken = hold.fill(order, make, _NEIGHBORS)
    manifest["details"]["neighbors"] = {**info, "k": k}
    nearest = f", the {k} nearest of {info['k']}" if k < info["k"] else ""
    if taken == len(order) and not nearest:
        return []
    return [f"the neighbors of {taken:,} of {len(order):,} examples{nearest}"]


def _take_members(
    pack: Pack, manifest: dict[str, Any], hold: _Hold, order: NDArray[np.intp]
) -> list[str]:
    info = manifest["details"]["members"]
    if info is None:
        return []

    def block(number: int) -> NDArray[np.generic]:
        codes = np.frombuffer(pack.chunks[f"members/{number}"], "<u2")
        return codes.reshape(3, info["count"], -1)

    def make(chosen: NDArray[np.intp]) -> dict[str, bytes]:
        return _blocks("members", block, chosen, axis=2, missing=_NO_CODE)

    taken = hold.fill(order, make, 1.0)
    if taken == len(order):
        return []
    return [f"what each member found of {taken:,} of {len(order):,} examples"]


def _blocks(
    family: str,
    block: Callable[[int], NDArray[np.generic]],
    chosen: NDArray[np.intp],
    *,
    axis: int,
    missing: int,
) -> dict[str, bytes]:
    """The blocks that hold the chosen examples, with all others missing."""
    blocks = {}
    for number in np.unique(chosen // PER_BLOCK):
        codes = block(int(number)).copy()
        left_out = np.ones(codes.shape[axis], bool)
        left_out[chosen[chosen // PER_BLOCK == number] - number * PER_BLOCK] = False
        codes[(slice(None),) * axis + (left_out,)] = missing
        blocks[f"{family}/{number}"] = codes.tobytes()
    return blocks


def _bits(chosen: NDArray[np.intp], count: int) -> str:
    mask = np.zeros(count, bool)
    mask[chosen] = True
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()


def _size(name: str, data: bytes) -> int:
    """Bytes in the page: base64, the name three times, and the size."""
    return 4 * -(-len(data) // 3) + 3 * len(name) + 40


def _total(chunks: dict[str, bytes]) -> int:
    return sum(_size(name, deflate(name, data)) for name, data in chunks.items())

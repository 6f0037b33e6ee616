"""How an array is laid out, read from its metadata and checked before it is used.

Zarr takes what an array says of itself on trust: a shape of 10^12 is allocated, a codec
of any name looked up. Here an array must be of the few kinds that a study has, and of
no more elements than its files can hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple, TypeGuard

import numpy as np

from depthviz.errors import FormatError
from depthviz.study.storage.reading.packed_chunks import COMPRESSORS, unpacked_size

__all__ = ["TEXT", "Layout", "parse_layout", "read_layout"]

TEXT = "string"
WHOLE = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
NUMBERS = ["bool", *WHOLE, "float16", "float32", "float64"]
LARGEST_CHUNK = 2**31  # bytes; the compressors take no more
LARGEST_SIZE = 2**48
LENGTH = 4  # bytes of a text's length, and of the count of texts
CHECKSUM = 4  # bytes that crc32c adds
NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")  # of a chunk
SMALL = 2**30  # bytes; an array of this size may be of one value
NAMES = 2**20  # bytes; names of this size, which differ, may shrink to nothing


class Layout(NamedTuple):
    """An array of a study.

    Attributes:
        name: Of its folder.
        data_type: That of Zarr.
        shape: Sizes.
        chunks: Sizes of a chunk.
        dimensions: Names.
        codecs: Names, in the order of writing.
        attributes: What was kept with it.
    """

    name: str
    data_type: str
    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dimensions: tuple[str, ...]
    codecs: tuple[str, ...]
    attributes: dict[str, Any]

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of its elements in memory."""
        if self.data_type != TEXT:
            return np.dtype(self.data_type)
        texts = getattr(np.dtypes, "StringDType", None)
        return np.dtype(object) if texts is None else texts()

    @property
    def item_size(self) -> int:
        """Bytes of an element as it is stored, and at least those of a text."""
        return LENGTH if self.data_type == TEXT else np.dtype(self.data_type).itemsize

    @property
    def grid(self) -> tuple[int, ...]:
        """Number of chunks along each dimension."""
        return tuple(
            -(-size // chunk)
            for size, chunk in zip(self.shape, self.chunks, strict=True)
        )

    def has_chunk(self, name: str) -> bool:
        """Whether a file of the array's folder is one of its chunks."""
        first, *numbers = name.split("/")
        return (
            first == "c"
            and len(numbers) == len(self.grid)
            and all(
                NUMBER.fullmatch(number) and int(number) < count
                for number, count in zip(numbers, self.grid, strict=True)
            )
        )

    def check_chunk(self, data: memoryview) -> str:
        """Say why a chunk's bytes cannot be what its array needs; "" if they can."""
        size, codecs = len(data), list(self.codecs)
        while codecs and codecs[-1] == "crc32c":
            codecs.pop()
            size -= CHECKSUM
        packed = next((name for name in codecs if name in COMPRESSORS), None)
        if packed is not None:
            size = unpacked_size(data, packed, limit=LARGEST_CHUNK)
            codecs = codecs[: codecs.index(packed)]
        needed = prod(self.chunks) * self.item_size + CHECKSUM * codecs.count("crc32c")
        if self.data_type == TEXT:
            right = needed + LENGTH <= size <= LARGEST_CHUNK
        else:
            right = size == needed
        says = "an unknown number of" if size < 0 else f"{size:,}"
        return "" if right else f"it holds {says} bytes, and {needed:,} are needed"


def read_layout(
    name: str, metadata: Mapping[str, Any], files: Mapping[str, int], *, complete: bool
) -> Layout:
    """Read an array's layout from its metadata, and check it by its files.

    Args:
        name: Of its folder.
        metadata: What its `zarr.json` holds.
        files: Bytes of each file in the folder, by its name there.
        complete: Whether chunks of zeros alone have files, too.

    Returns:
        The layout.

    Raises:
        FormatError: If it is no array of a study; names the fact.
    """
    layout = parse_layout(name, metadata)
    problem = _problem_of_files(layout, files, complete=complete)
    if problem:
        raise FormatError(problem)
    return layout


def parse_layout(name: str, metadata: Mapping[str, Any]) -> Layout:
    """Read an array's layout from its metadata, whichever files there are.

    Args:
        name: Of its folder.
        metadata: What its `zarr.json` holds.

    Returns:
        The layout.

    Raises:
        FormatError: If it is no array of a study; names the fact.
    """
    problem = _problem(metadata)
    if problem:
        raise FormatError(problem)
    return Layout(
        name,
        metadata["data_type"],
        tuple(metadata["shape"]),
        tuple(metadata["chunk_grid"]["configuration"]["chunk_shape"]),
        tuple(metadata.get("dimension_names") or ()),
        tuple(codec["name"] for codec in metadata["codecs"]),
        metadata.get("attributes", {}),
    )


def _problem(metadata: Mapping[str, Any]) -> str:
    """Describe the first fact of the metadata that no array of a study has."""
    possible: dict[str, tuple[Any, ...]] = {
        "zarr_format": (3,),
        "node_type": ("array",),
        "data_type": (*NUMBERS, TEXT),
    }
    for fact, values in possible.items():
        if metadata.get(fact) not in values:
            return f"{fact} is {_short(metadata.get(fact))}, which no study has"
    if not isinstance(metadata.get("attributes", {}), dict):
        return "its attributes are no object"
    return (
        _problem_of_shape(metadata)
        or _problem_of_chunks(metadata, metadata["shape"])
        or _problem_of_codecs(metadata)
    )


def _problem_of_shape(metadata: Mapping[str, Any]) -> str:
    shape, names = metadata.get("shape"), metadata.get("dimension_names") or []
    if not _are_sizes(shape, least=0):
        return f"shape {_short(shape)} is no list of sizes"
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        return f"dimension_names {_short(names)} is no list of names"
    if len(names) != len(shape) or len(set(names)) != len(names):
        return f"dimension_names {_short(names)} do not fit the shape {_short(shape)}"
    return ""


def _problem_of_chunks(metadata: Mapping[str, Any], shape: list[int]) -> str:
    grid, keys = metadata.get("chunk_grid"), metadata.get("chunk_key_encoding")
    inner = grid.get("configuration") if isinstance(grid, dict) else None
    chunks = inner.get("chunk_shape") if isinstance(inner, dict) else None
    if not isinstance(grid, dict) or grid.get("name") != "regular":
        return f"chunk_grid {_short(grid)} is not regular"
    if not _are_sizes(chunks, least=1) or len(chunks or []) != len(shape):
        return f"chunk_shape {_short(chunks)} does not fit the shape {_short(shape)}"
    usual = {"name": "default", "configuration": {"separator": "/"}}
    if keys not in (usual, {"name": "default"}):
        return f"chunk_key_encoding {_short(keys)} is not the default"
    if metadata.get("storage_transformers"):
        return "it has storage_transformers"
    return ""


def _problem_of_codecs(metadata: Mapping[str, Any]) -> str:
    codecs = metadata.get("codecs")
    if not isinstance(codecs, list) or not all(
        isinstance(each, dict) for each in codecs
    ):
        return f"codecs {_short(codecs)} is no list of objects"
    names = [each.get("name") for each in codecs]
    rest = names[1:] if names[:1] == ["transpose"] else names
    first = "vlen-utf8" if metadata["data_type"] == TEXT else "bytes"
    if rest[:1] != [first]:
        return f"its codecs {_short(names)} do not begin with {first!r}"
    packed = [name for name in rest[1:] if name != "crc32c"]
    if len(packed) > 1 or any(name not in COMPRESSORS for name in packed):
        return (
            f"of its codecs {_short(names)} this depthviz reads one of "
            f"{', '.join(COMPRESSORS)}, with or without crc32c"
        )
    return ""


def _problem_of_files(
    layout: Layout, files: Mapping[str, int], *, complete: bool
) -> str:
    """Describe how an array claims more than its files can hold; "" if it does not."""
    size = prod(layout.chunks) * layout.item_size
    if size > LARGEST_CHUNK:
        return f"a chunk of shape {list(layout.chunks)} would have {size:,} bytes"
    chunks = [count for name, count in files.items() if layout.has_chunk(name)]
    missing = prod(layout.grid) - len(chunks)
    different = layout.name == "example_id" or layout.dimensions == (layout.name,)
    # Failed members have no chunks, and earlier versions left out those of nothing but
    # zeros; names are no two alike.
    by_member = layout.dimensions[:1] == ("member",) and missing <= 100 * len(chunks)
    left_out = not complete and (not different or prod(layout.chunks) == 1)
    if missing and not (by_member or (left_out and missing * size <= SMALL)):
        return (
            f"its shape {list(layout.shape)} has {prod(layout.grid):,} chunks, of "
            f"which {missing:,} are missing"
        )
    stored, declared = sum(chunks), prod(layout.shape) * layout.item_size
    if different and declared > NAMES and declared > 256 * stored and not missing:
        return (
            f"its shape {list(layout.shape)} would fill {declared:,} bytes from files "
            f"of {stored:,}"
        )
    largest = max(chunks, default=0)
    return f"a chunk has {largest:,} bytes" if largest > 2 * LARGEST_CHUNK else ""


def _are_sizes(values: Any, *, least: int) -> TypeGuard[list[int]]:
    return isinstance(values, list) and all(
        type(each) is int and least <= each <= LARGEST_SIZE for each in values
    )


def _short(value: Any) -> str:
    return f"{value!r:.80}"

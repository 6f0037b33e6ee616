"""How many bytes a stored chunk unpacks to, asked before it is unpacked.

A few kilobytes may unpack to gigabytes. Each compressor says in the head of its frame,
or by reading without keeping, how many there will be; a chunk whose bytes are not those
of its array's shape is refused before any memory is taken for them.
"""

from __future__ import annotations

import zlib

__all__ = ["COMPRESSORS", "UNKNOWN", "unpacked_size"]

COMPRESSORS = ("zstd", "gzip", "blosc")
UNKNOWN = -1
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_HEAD, BLOSC_HEAD = 18, 16  # bytes at most
GZIP = 31  # window bits of zlib, for the format of gzip
BLOCK = 2**16


def unpacked_size(data: memoryview, compressor: str, *, limit: int) -> int:
    """Find how many bytes a chunk unpacks to, without unpacking it.

    Args:
        data: The chunk as it is stored.
        compressor: One of `COMPRESSORS`.
        limit: What is more than this is as good as endless.

    Returns:
        The number of bytes, -1 where the chunk does not say; beyond the limit any
        number that is.
    """
    if compressor == "zstd":
        return _zstd(data[:ZSTD_HEAD])
    if compressor == "blosc":
        return int.from_bytes(data[4:8], "little") if len(data) >= BLOSC_HEAD else -1
    return _gzip(data, limit)


def _zstd(head: memoryview) -> int:
    """Read the size from the head of a frame (RFC 8878, 3.1.1.1)."""
    if len(head) < len(ZSTD_MAGIC) + 1 or head[:4] != ZSTD_MAGIC:
        return UNKNOWN
    flags = head[4]
    single_segment = flags >> 5 & 1
    width = (single_segment, 2, 4, 8)[flags >> 6]
    start = 5 + (1 - single_segment) + (0, 1, 2, 4)[flags & 3]
    size = head[start : start + width]
    if not width or len(size) < width:
        return UNKNOWN
    return int.from_bytes(size, "little") + (256 if width == 2 else 0)


def _gzip(stored: memoryview, limit: int) -> int:
    size, data = 0, bytes(stored)
    try:
        while data:
            stream = zlib.decompressobj(GZIP)
            while not stream.eof:
                if not (part := stream.decompress(data, BLOCK)):
                    return UNKNOWN if not stream.eof else size
                size += len(part)
                if size > limit:
                    return size
                data = stream.unconsumed_tail
            data = stream.unused_data
    except zlib.error:
        return UNKNOWN
    return size

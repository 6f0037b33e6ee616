"""The log of a training record: an append-only file of small checked blocks.

Training is killed at any time, so nothing that was written is ever touched again; and a
log may be read while it grows: what is there when the reading begins is read. A block
is the records of one call, with their number and a checksum before them: a last block
that was cut short is seen and left out. The file begins with the number of classes,
which decides the size of a record: 24 bytes up to 65,535 classes, 28 above, and 4 more
a class where the logits are kept; a block adds 12. Logs of the first format have no
norms of errors, 4 bytes less a record.

The bytes are plain numbers, little-endian; reading them runs no code of the file's.
Knows nothing of tensors, steps or measures.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import FormatError

__all__ = [
    "BLOCK_HEAD",
    "Block",
    "Layout",
    "Run",
    "find_runs",
    "read_blocks",
    "read_layout",
]

FILE_MARK, BLOCK_MARK, VERSION = b"DVRECORD", b"DVRB", 2
FIRST_WITH_ERRORS = 2
FILE_HEAD = struct.Struct("<8sHHI")  # mark, version, whether logits are kept, classes
CHECK = struct.Struct("<I")
BLOCK_HEAD = struct.Struct("<4sII")  # mark, number of records, checksum
FILE_BYTES = FILE_HEAD.size + CHECK.size


class Layout(NamedTuple):
    """What each record of a log holds.

    Attributes:
        classes: C.
        keep_logits: Whether the logits follow the records of a block.
        version: Format of the log.
    """

    classes: int
    keep_logits: bool
    version: int = VERSION

    @property
    def has_errors(self) -> bool:
        """Whether the norms of the errors are recorded."""
        return self.version >= FIRST_WITH_ERRORS

    @property
    def record(self) -> np.dtype[Any]:
        """Type of one record; `prediction` is `none` where the logits had a NaN."""
        code = "<u2" if self.classes <= 0xFFFF else "<u4"
        return np.dtype(
            [
                ("index", "<u4"),
                ("step", "<u4"),
                ("prediction", code),
                ("label", code),
                ("margin", "<f4"),
                ("probability", "<f4"),
                *([("error", "<f4")] if self.has_errors else []),
            ]
        )

    @property
    def bytes_of_record(self) -> int:
        """Size of a record with its logits."""
        return self.record.itemsize + 4 * self.classes * self.keep_logits

    @property
    def none(self) -> int:
        """Code of no prediction: the largest number that there is room for."""
        return int(np.iinfo(self.record["prediction"]).max)

    def head(self) -> bytes:
        """Write the beginning of a file."""
        head = FILE_HEAD.pack(FILE_MARK, self.version, self.keep_logits, self.classes)
        return head + CHECK.pack(zlib.crc32(head))

    def block(self, records: NDArray[Any], logits: NDArray[np.float32] | None) -> bytes:
        """Write the records of one call.

        Args:
            records: Of type `record`, shape `(B,)`.
            logits: Shape `(B, C)`, where they are kept.

        Returns:
            The bytes to append.
        """
        body = records.tobytes()
        if logits is not None:
            body += logits.astype("<f4", copy=False).tobytes()
        return BLOCK_HEAD.pack(BLOCK_MARK, len(records), zlib.crc32(body)) + body


class Run(NamedTuple):
    """Blocks of one size that lie behind each other.

    Attributes:
        start: Where the first begins in the file.
        blocks: How many there are.
        count: Records in each.
    """

    start: int
    blocks: int
    count: int  # type: ignore[assignment]  # tuples have a method of that name


class Block(NamedTuple):
    """The records of one call.

    Attributes:
        records: Shape `(B,)`.
        logits: Shape `(B, C)`, where they are kept.
        end: Where the block ends in the file.
    """

    records: NDArray[Any]
    logits: NDArray[np.float32] | None
    end: int


def read_layout(path: Path) -> Layout | None:
    """Read the beginning of a log.

    Args:
        path: The file.

    Returns:
        What its records hold; None where not even that was written.

    Raises:
        FormatError: If it is no log, or of a newer format.
    """
    with path.open("rb") as file:
        return _layout(file, path)


def read_blocks(path: Path) -> Iterator[Block]:
    """Read the blocks of a log, without a last one that was cut short.

    Of a log that is still written, those are read that were whole at the beginning.

    Args:
        path: The file.

    Yields:
        Blocks, in the order in which they were written.

    Raises:
        FormatError: If the file is damaged before its last block.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        layout = _layout(file, path)
        if layout is None:
            return
        for start, count, body in _bodies(file, layout, size):
            end = start + BLOCK_HEAD.size + len(body)
            yield _as_block(layout, count, body, end)


def find_runs(path: Path) -> list[Run]:
    """Check the blocks of a log, and say where they lie.

    Args:
        path: The file.

    Returns:
        Runs of blocks of one size, in their order; nothing of a last block that was cut
        short.

    Raises:
        FormatError: If the file is damaged before its last block.
    """
    runs: list[Run] = []
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        layout = _layout(file, path)
        if layout is None:
            return []
        for start, count, _ in _bodies(file, layout, size):
            if runs and runs[-1].count == count:
                runs[-1] = runs[-1]._replace(blocks=runs[-1].blocks + 1)
            else:
                runs.append(Run(start, 1, count))
    return runs


def _layout(file: BinaryIO, path: Path) -> Layout | None:
    start = file.read(FILE_BYTES)
    if len(start) < FILE_BYTES or not any(start):
        return None
    head, check = start[: FILE_HEAD.size], start[FILE_HEAD.size :]
    mark, version, keep_logits, classes = FILE_HEAD.unpack(head)
    if mark != FILE_MARK:
        raise FormatError(f"{path} is no training record of depthviz.")
    if version > VERSION:
        raise FormatError(
            f"{path} is a training record of format {version}; this depthviz reads up "
            f"to {VERSION}. Update depthviz."
        )
    if CHECK.unpack(check)[0] != zlib.crc32(head):
        raise FormatError(f"{path} is damaged: its first {FILE_BYTES} bytes changed.")
    return Layout(classes, bool(keep_logits), version)


def _bodies(
    file: BinaryIO, layout: Layout, size: int
) -> Iterator[tuple[int, int, bytes]]:
    """Read checked blocks: where each begins, its number of records, and its bytes."""
    start, each = FILE_BYTES, layout.bytes_of_record
    while start + BLOCK_HEAD.size <= size:
        mark, count, check = BLOCK_HEAD.unpack(file.read(BLOCK_HEAD.size))
        end = start + BLOCK_HEAD.size + count * each if mark == BLOCK_MARK else start
        if end > size:
            return
        body = file.read(count * each) if end > start else b""
        if end == start or zlib.crc32(body) != check:
            _check_end(file, start, end, size)
            return
        yield start, count, body
        start = end


def _as_block(layout: Layout, count: int, body: bytes, end: int) -> Block:
    records = np.frombuffer(body, layout.record, count)
    if not layout.keep_logits:
        return Block(records, None, end)
    logits = np.frombuffer(body, "<f4", offset=count * layout.record.itemsize)
    return Block(records, logits.reshape(count, layout.classes), end)


def _check_end(file: BinaryIO, start: int, end: int, size: int) -> None:
    """Refuse a block that is not whole, unless nothing was written behind it.

    A machine that lost its power may leave zeros where its last bytes should be.
    """
    file.seek(end)
    while piece := file.read(min(2**20, size - file.tell())):
        if any(piece):
            raise FormatError(
                f"The training record {file.name} is damaged at byte {start}. A copy "
                f"of it that is cut to {start} bytes holds the records before."
            )

"""The list of a study's files: names, sizes and checksums, as its root keeps them.

Sizes are compared when a study is opened, which costs a look at each file; checksums
when a file is read, or by whoever asks for all. CRC-32 notices every flipped bit and
swapped file and costs less than the disk; it is no proof against forgery.

Studies that were saved without checksums are read as far as their sizes are right.
"""

from __future__ import annotations

import stat
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from depthviz.errors import FormatError
from depthviz.study.storage.sidecars import is_sidecar
from depthviz.study.text import is_text

__all__ = [
    "CHANGED",
    "CHECKSUMS",
    "FILES",
    "REMEDY",
    "FileList",
    "checksum",
    "checksum_of_file",
    "is_inside",
    "read_file_list",
]

FILES, CHECKSUMS = "files", "file_checksums"  # attributes of the root
REMEDY = "Copy it again, or measure again."
CHANGED = "its bytes are not those that were saved"
BLOCK = 2**20
LONGEST_NAME, LONGEST_PATH = 255, 4096


class FileList(NamedTuple):
    """What a study's files are.

    Attributes:
        folder: The study's.
        sizes: Bytes of each file, by its name in the folder.
        checksums: That of each file; none in a study that was saved without them.
    """

    folder: Path
    sizes: Mapping[str, int]
    checksums: Mapping[str, str]

    def check_sizes(self) -> None:
        """Raise FormatError unless each file is there, regular and in full length."""
        damaged = [
            name
            for name, size in self.sizes.items()
            if _size(self.folder / name) != size
        ]
        if damaged:
            raise FormatError(
                f"{self.folder} is damaged: {len(damaged)} of its {len(self.sizes)} "
                f"files are missing or cut short, {damaged[0]} first. {REMEDY}"
            )

    def by_array(self) -> dict[str, dict[str, int]]:
        """Sort the sizes by the folder that a file is in, then by its name there."""
        found: dict[str, dict[str, int]] = {}
        for name, size in self.sizes.items():
            folder, _, rest = name.partition("/")
            if rest:
                found.setdefault(folder, {})[rest] = size
        return found

    def check_content(self, name: str, data: Any) -> None:
        """Raise FormatError if the bytes of a file are not those that were saved."""
        known = self.checksums.get(name)
        if known is not None and checksum(data) != known:
            raise FormatError(
                f"{self.folder / name} is damaged: its bytes are not those that were "
                f"saved, though it is as long. {REMEDY} depthviz info --check lists "
                "all files that are damaged."
            )

    def damaged(self, *, strict: bool = False) -> Iterator[tuple[str, str]]:
        """Read every file, and yield the name of each that is damaged, and how.

        One that the system does not let be read now is no damage where it is `strict`,
        and its OSError is raised.
        """
        for name in self.sizes:
            try:
                damage = self._damage(name)
            except (OSError, FormatError) as error:
                if strict and isinstance(error, OSError):
                    raise
                damage = f"it cannot be read: {error}"
            if damage:
                yield name, damage

    def _damage(self, name: str) -> str:
        """Say how a file is damaged; "" if it is not."""
        found, size = _size(self.folder / name), self.sizes[name]
        if found < 0:
            return "it is missing"
        if found != size:
            return f"it has {found:,} bytes, and had {size:,}"
        known = self.checksums.get(name)
        if known is not None and checksum_of_file(self.folder / name) != known:
            return CHANGED
        return ""


def read_file_list(folder: Path, attributes: Mapping[str, Any]) -> FileList:
    """Read the list from the attributes of a root, and check it.

    Args:
        folder: The study's.
        attributes: Those of its root.

    Returns:
        The list, without saved views: an earlier version counted them in.

    Raises:
        FormatError: If there is none, or a name leaves the folder.
    """
    sizes, sums = attributes.get(FILES), attributes.get(CHECKSUMS, {})
    if not isinstance(sizes, dict):
        raise FormatError(f"{folder} was never finished: it does not list its files.")
    for name, size in sizes.items():
        if not is_inside(name):
            raise FormatError(
                f"{folder} lists a file {name[:80]!r}, which is no name of a file in "
                f"its folder. It is damaged, or made to do harm. {REMEDY}"
            )
        if type(size) is not int or size < 0:
            raise FormatError(
                f"{folder} is damaged: it lists {name!r} with a size of {size!r:.40}. "
                f"{REMEDY}"
            )
    if not isinstance(sums, dict) or not all(
        isinstance(each, str) for each in sums.values()
    ):
        raise FormatError(
            f"{folder} is damaged: its checksums are no text by name. {REMEDY}"
        )
    listed = {name: size for name, size in sizes.items() if not is_sidecar(name)}
    return FileList(folder, listed, sums)


def is_inside(name: str) -> bool:
    """Whether a name is that of a file in a folder, on every system.

    Args:
        name: With slashes between its parts.

    Returns:
        Whether it leads nowhere else.

    Example:
        >>> is_inside("depth/c/0"), is_inside("../depth"), is_inside("C:/depth")
        (True, False, False)
    """
    parts = name.split("/")
    return (
        len(name) <= LONGEST_PATH
        and is_text(name)
        and not set(name) & set("\0\\:")
        and not {"", ".", ".."} & set(parts)
        and all(len(part.encode()) <= LONGEST_NAME for part in parts)
    )


def checksum(data: Any) -> str:
    """Find the checksum of bytes.

    Args:
        data: Any buffer.

    Returns:
        Its CRC-32, 8 hexadecimal digits.

    Example:
        >>> checksum(b"123456789")
        'cbf43926'
    """
    return f"{zlib.crc32(data):08x}"


def checksum_of_file(path: Path) -> str:
    """Find the checksum of a regular file, as `checksum` does.

    Args:
        path: The file.

    Returns:
        Its CRC-32, 8 hexadecimal digits.

    Raises:
        OSError: If it cannot be read.
    """
    found = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found = zlib.crc32(block, found)
    return f"{found:08x}"


def _size(path: Path) -> int:
    """Length of a regular file; -1 where there is none, FormatError for all else."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return -1
    if not stat.S_ISREG(found.st_mode):
        raise FormatError(
            f"{path} is no regular file, but a folder, a pipe or a device, or leads to "
            f"one. Replace it by the file itself. {REMEDY}"
        )
    return found.st_size

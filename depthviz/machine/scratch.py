"""A large temporary file that leaves nothing behind, and a full disk reported in time.

The file has no name: on POSIX the kernel frees it when its last holder is gone, even
when the process is killed; on Windows it is deleted when it is closed. Its space is
reserved when it is made, where the system can do that, so a disk that is too small is
reported before any work.

Reads and writes name their position and are no memory map: what is resident is the
caller's buffer alone, and threads share a file. Knows nothing of what is in it.
"""

import errno
import os
import shutil
import tempfile
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ScratchError
from depthviz.machine.interrupts import interruptible, uninterrupted

__all__ = [
    "ScratchFile",
    "check_takes_files",
    "describe_bytes",
    "free_space",
    "scratch_folder",
]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if os.name == "posix" else set()
_CANNOT_RESERVE = {errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.ENODEV}
_PIECE = 2**28  # bytes reserved at once: an interrupt is heard between two
_MOUNTS = Path("/proc/self/mounts")
_IN_MEMORY = {"tmpfs", "ramfs"}
_ON_DISK = Path("/var/tmp")  # noqa: S108  # where large temporary files belong


class ScratchFile:
    """Bytes at positions of an anonymous file.

    Args:
        nbytes: Size of the file, reserved at once.
        folder: Where the file is made.

    Raises:
        ScratchError: If the folder takes no file, or has too little room.
    """

    def __init__(self, nbytes: int, folder: Path) -> None:
        self._nbytes, self._folder, self._lock = nbytes, folder, Lock()
        self._file: Any = None
        try:
            self._open()
            self._reserve()
        except BaseException as error:
            self.close()
            if isinstance(error, OSError) and not isinstance(error, ScratchError):
                self._refuse(error)
            raise

    def read(self, target: NDArray[Any], offset: int) -> None:
        """Fill a contiguous array with the bytes from `offset` on."""
        view = _bytes(target)
        while view:
            count = self._read(view, offset)
            if not count:
                raise ScratchError("The scratch file was cut short by someone else.")
            view, offset = view[count:], offset + count

    def write(self, source: NDArray[Any], offset: int) -> None:
        """Write a contiguous array from `offset` on.

        Raises:
            ScratchError: If the disk is full after all.
        """
        view = _bytes(source)
        try:
            while view:
                count = self._write(view, offset)
                view, offset = view[count:], offset + count
        except OSError as error:
            self._refuse(error)

    def close(self) -> None:
        """Give the space back to the disk."""
        if self._file is not None:
            self._file.close()

    @uninterrupted  # the system's number of a file must not be lost
    def _open(self) -> None:
        folder = self._folder
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115

    @interruptible  # may take minutes
    def _reserve(self) -> None:
        """Take the space now; where that cannot be done, look whether there is enough.

        Looking comes first in any case: reserving by writing takes minutes to fail.
        """
        if self._nbytes > free_space(self._folder):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._file.truncate(self._nbytes)
        if not self._nbytes or not hasattr(os, "posix_fallocate"):
            return
        try:
            for start in range(0, self._nbytes, _PIECE):
                size = min(_PIECE, self._nbytes - start)
                os.posix_fallocate(self._file.fileno(), start, size)
        except OSError as error:
            if error.errno not in _CANNOT_RESERVE:
                raise

    def _read(self, view: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [view], offset)
        with self._lock:
            self._file.seek(offset)
            return int(self._file.readinto(view))

    def _write(self, view: memoryview, offset: int) -> int:
        if hasattr(os, "pwritev"):
            return os.pwritev(self._file.fileno(), [view], offset)
        with self._lock:
            self._file.seek(offset)
            return int(self._file.write(view))

    def _refuse(self, error: OSError) -> NoReturn:
        if error.errno not in _FULL | {errno.ENOSPC}:
            raise ScratchError(
                f"No scratch file can be written in {self._folder}: {error.strerror}. "
                "Name a folder on a disk with room, with scratch=."
            ) from error
        wanted, free = map(describe_bytes, (self._nbytes, free_space(self._folder)))
        raise ScratchError(
            f"The scratch folder {self._folder} has no room for the embeddings of a "
            f"probe: {wanted} wanted, {free} free ({error.strerror}). Name a folder on "
            "a disk with more room, with scratch=, or store half the bytes, with "
            "scratch_type='float16', if you do not yet."
        ) from error


def scratch_folder() -> Path:
    """Choose a folder for large temporary files.

    Returns:
        The system's temporary folder; `/var/tmp` where that is in memory, as `/tmp` is
        on many a Linux, since what is spilled there would not leave memory.

    Raises:
        ScratchError: If the system has no temporary folder that takes files.
    """
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise ScratchError(
            f"No temporary folder takes files: {error.strerror}. Name a folder on a "
            "disk with room, with scratch=."
        ) from error
    if _kind_of_disk(folder) in _IN_MEMORY and _kind_of_disk(_ON_DISK) is not None:
        return folder if _kind_of_disk(_ON_DISK) in _IN_MEMORY else _ON_DISK
    return folder


@uninterrupted
def check_takes_files(folder: Path) -> None:
    """Make a file without a name in a folder; OSError if none can be made."""
    tempfile.TemporaryFile(dir=folder).close()


def free_space(folder: Path) -> int:
    """Count the bytes that the user may still write into a folder.

    Args:
        folder: An existing folder.

    Returns:
        Free bytes; 0 where the system does not say.
    """
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def describe_bytes(nbytes: float) -> str:
    """Write a number of bytes for people.

    Args:
        nbytes: The number.

    Returns:
        A few words.

    Example:
        >>> describe_bytes(13_107_200_000), describe_bytes(64_000), describe_bytes(12)
        ('13.1 GB', '64.0 kB', '12 bytes')
    """
    for unit, size in {"TB": 1e12, "GB": 1e9, "MB": 1e6, "kB": 1e3}.items():
        if nbytes >= size:
            return f"{nbytes / size:.1f} {unit}"
    return f"{nbytes:.0f} bytes"


def _bytes(array: NDArray[Any]) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def _kind_of_disk(folder: Path) -> str | None:
    """Find the file system of a folder, such as "ext4"; None where it is unknown."""
    if not folder.is_dir():
        return None
    try:
        mounts = [line.split() for line in _MOUNTS.read_text("utf-8").splitlines()]
    except OSError:
        return None
    above = [(len(at), kind) for _, at, kind, *_ in mounts if _is_in(folder, Path(at))]
    return max(above, key=lambda mount: mount[0], default=(0, None))[1]


def _is_in(folder: Path, mount: Path) -> bool:
    return folder.resolve().is_relative_to(mount)

"""A folder of chunks that is read only while it is the folder that was opened.

An opened study reads its arrays when they are used, perhaps hours later. Zarr takes a
chunk that is gone for one of zeros, and one of another study for its own; so each read
is followed by a look at the root's metadata file, which a new folder has anew.

It does not notice chunks that are overwritten one by one: no save does that.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Container
from pathlib import Path
from typing import TYPE_CHECKING

from zarr.storage import LocalStore, WrapperStore

from depthviz.errors import FormatError
from depthviz.machine.paths import is_litter

if TYPE_CHECKING:
    from zarr.abc.store import ByteRequest
    from zarr.core.buffer import Buffer, BufferPrototype

__all__ = ["FolderStore", "GuardedStore", "identify"]


class FolderStore(WrapperStore[LocalStore]):
    """A local store that lists nothing that a file manager left in its folder.

    Args:
        folder: An absolute path.
        read_only: Whether nothing is written.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        super().__init__(LocalStore(folder, read_only=read_only))

    async def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """List a folder's names, without litter."""
        async for name in super().list_dir(prefix):
            if not is_litter(Path(name)):
                yield name


class GuardedStore(FolderStore):
    """A local store that refuses to read once its folder has changed.

    Args:
        folder: An absolute path.
        root: Name of the file that distinguishes the folder from another at its place.
        identity: What `identify` said of that file when the study was opened.
        files: The keys that must be there.
        beside: Whether a name is one of the files that are no part of the hierarchy.
    """

    def __init__(
        self,
        folder: Path,
        *,
        root: str,
        identity: tuple[int, int] | None,
        files: Container[str],
        beside: Callable[[str], bool],
    ) -> None:
        super().__init__(folder, read_only=True)
        self._root = folder / root
        self._identity = identity
        self._files = files
        self._beside = beside

    async def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """List a folder's names, without what lies there outside the hierarchy."""
        async for name in super().list_dir(prefix):
            if prefix or not self._beside(name):
                yield name

    async def get(
        self,
        key: str,
        prototype: BufferPrototype,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        """Read one file, and refuse what is not of the folder that was opened."""
        found = await super().get(key, prototype, byte_range)
        lost = found is None and key in self._files
        if lost or identify(self._root) != self._identity:
            raise FormatError(
                f"The study at {self._root.parent} was replaced, moved or removed "
                "since it was opened; open it again."
            )
        return found


def identify(file: Path) -> tuple[int, int] | None:
    """Tell a file from any other that takes its place.

    Args:
        file: Its path.

    Returns:
        Its number on the disk and the time of its last change; None where it is not.
    """
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns

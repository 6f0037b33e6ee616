"""A folder of chunks on a local disk, and what distinguishes it from another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from zarr.storage import LocalStore, WrapperStore

from depthviz.machine.paths import is_litter

__all__ = ["FolderStore", "identify"]


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

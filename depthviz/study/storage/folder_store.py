"""A folder of chunks on a local disk, and what distinguishes it from another."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import Any

from zarr.storage import LocalStore, WrapperStore

from depthviz.machine.interrupts import restoring
from depthviz.machine.paths import is_litter

__all__ = ["FolderStore", "identify", "writing_store"]


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


@restoring
def writing_store(folder: Path) -> Iterator[FolderStore]:
    """Give a store that writes nothing any more once the context has ended.

    Zarr writes in threads of its own, which a Stop does not reach: it ends the wait for
    them, and they would go on writing into a folder that is being removed.

    Args:
        folder: An absolute path.

    Yields:
        The store.
    """
    store = _WritingStore(folder)
    try:
        yield store
    finally:
        store.end()


class _WritingStore(FolderStore):
    """A folder store that knows which writes are under way."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._changed = Condition()
        self._under_way = 0
        self._ended = False

    async def set(self, key: str, value: Any) -> None:
        """Write a file, unless the store has ended."""
        with self._write():
            await super().set(key, value)

    async def set_if_not_exists(self, key: str, value: Any) -> None:
        """Write a file that is not there, unless the store has ended."""
        with self._write():
            await super().set_if_not_exists(key, value)

    def end(self) -> None:
        """Begin no write any more, and wait for those under way."""
        with self._changed:
            self._ended = True
            self._changed.wait_for(lambda: not self._under_way)

    @contextmanager
    def _write(self) -> Iterator[None]:
        with self._changed:
            if self._ended:
                raise CancelledError
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()


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

"""A folder of chunks that is read only while it is the folder that was opened.

An opened study reads its arrays when they are used, perhaps hours later. Zarr takes a
chunk that is gone for one of zeros, and one of another study for its own; so each read
is followed by a look at the root's metadata file, which a new folder has anew, and by
a comparison with the file's checksum: a flipped bit is named when it is met. A new
folder whose files have the same sizes and checksums, as where a study was saved again,
is read on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from depthviz.errors import FormatError
from depthviz.study.storage.folder_store import FolderStore, identify
from depthviz.study.storage.reading.file_list import (
    REMEDY,
    FileList,
    read_file_list,
)
from depthviz.study.storage.root import read_root

if TYPE_CHECKING:
    from zarr.abc.store import ByteRequest
    from zarr.core.buffer import Buffer, BufferPrototype

    from depthviz.study.storage.reading.layouts import Layout

__all__ = ["GuardedStore"]


class GuardedStore(FolderStore):
    """A local store that refuses to read once its folder has changed, or is damaged.

    Args:
        listed: The files that must be there, and their checksums.
        layouts: Of the arrays, by the names of their folders.
        root: Name of the file that distinguishes the folder from another at its place.
        identity: What `identify` said of that file when the study was opened.
    """

    def __init__(
        self,
        listed: FileList,
        layouts: Mapping[str, Layout],
        *,
        root: str,
        identity: tuple[int, int] | None,
    ) -> None:
        super().__init__(listed.folder, read_only=True)
        self.folder = listed.folder
        self._listed, self._layouts = listed, layouts
        self._root, self._identity = listed.folder / root, identity

    async def get(
        self,
        key: str,
        prototype: BufferPrototype,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        """Read one file, and refuse what is not of the folder that was opened."""
        found = await super().get(key, prototype, byte_range)
        lost = found is None and key in self._listed.sizes
        if lost or not self._is_the_same():
            raise FormatError(
                f"The study at {self.folder} was replaced, moved or removed "
                "since it was opened; open it again."
            )
        if found is not None and byte_range is None:  # parts are of shards: none here
            self._check(key, memoryview(found.as_buffer_like()))
        return found

    def _is_the_same(self) -> bool:
        """Whether the folder holds the files that it held when it was opened."""
        now = identify(self._root)
        if now == self._identity:
            return True
        try:
            listed = read_file_list(self.folder, read_root(self.folder))
        except (FormatError, OSError):
            return False
        if not listed.checksums or listed != self._listed:
            return False
        self._identity = now
        return True

    def _check(self, key: str, data: memoryview) -> None:
        self._listed.check_content(key, data)
        folder, _, name = key.partition("/")
        layout = self._layouts.get(folder)
        if layout is None or not layout.has_chunk(name):
            return
        if problem := layout.check_chunk(data):
            raise FormatError(f"{self.folder / key} is damaged: {problem}. {REMEDY}")

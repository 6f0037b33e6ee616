"""A copy of all events in a file of its own, which appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from depthviz.annotations.events import Event
from depthviz.errors import ArgumentError
from depthviz.machine.disk.failures import writing
from depthviz.machine.paths import local_path

__all__ = ["copy_file"]


def copy_file(
    events: Sequence[Event],
    path: str | os.PathLike[str],
    *,
    open_store: Callable[..., Any],
) -> Path:
    """Write events, in their order, into a new store.

    Args:
        events: All that is to be kept.
        path: The file; it must not exist.
        open_store: Opens a store by its path.

    Returns:
        Its path.

    Raises:
        ArgumentError: If the file exists.
        DiskError: If it cannot be written.
    """
    target = local_path(path)
    if os.path.lexists(target):
        raise ArgumentError(f"{target} exists; give a backup a name of its own.")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open_store(part) as store:
            store.record_many(events)
        with writing(target):
            os.link(part, target)  # refused where the file appeared meanwhile
    except FileExistsError as error:
        raise ArgumentError(f"{target} exists; nothing was written.") from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{part}{ending}").unlink(missing_ok=True)
    return target

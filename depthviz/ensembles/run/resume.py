"""How a run that was killed, or is to have more members, resumes in its folder.

`open_run` takes the folder's lock, refuses a run that is defined differently, and
removes the mark of every member whose files are not all there. The members without a
mark are then `missing_members`; those alone are trained. A member's result depends on
its number and the seed alone, so the resumed run ends with the same study.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from depthviz.ensembles.run.definition import FORMAT, check_same_run
from depthviz.ensembles.run.folder import RunFolder, full_disk
from depthviz.errors import StudyError
from depthviz.machine.disk.failures import writing
from depthviz.machine.disk.locks import lock_folder
from depthviz.study.storage.regions import Region, create_regions, unfinish_regions

__all__ = ["missing_members", "open_run"]


@contextmanager
def open_run(
    folder: RunFolder, definition: Mapping[str, Any], regions: Mapping[str, Region]
) -> Iterator[None]:
    """Begin a run in a folder, or resume it; no other process can run there meanwhile.

    Args:
        folder: The run's folder; it need not exist.
        definition: What decides the result, in types that JSON has.
        regions: The arrays of all members.

    Yields:
        Nothing.

    Raises:
        StudyError: If the folder holds something else, another run, or is in use.
        DiskError: If the folder takes no files.
        ScratchError: If the disk is full.
    """
    with full_disk(folder.path), writing(folder.path):
        check_same_run(folder.path, folder.definition(), definition)
        folder.path.mkdir(parents=True, exist_ok=True)
    with lock_folder(folder.path) as free:
        if free is False:
            raise StudyError(
                f"Another process is running {folder.path}; wait for it, or run "
                "elsewhere."
            )
        earlier = folder.definition()  # again: now no other process begins
        check_same_run(folder.path, earlier, definition)
        with full_disk(folder.path):
            with writing(folder.path):
                _define(folder, earlier, definition)
                _prepare_members(folder, regions)
            yield
        shutil.rmtree(folder.progress, ignore_errors=True)


def missing_members(folder: RunFolder, members: int) -> list[int]:
    """List the members that are not complete yet, of so many that are asked for."""
    complete = folder.members()
    return [member for member in range(members) if member not in complete]


def _define(
    folder: RunFolder, earlier: Mapping[str, Any] | None, now: Mapping[str, Any]
) -> None:
    """Write `run.json` where the run is new, or is to have more members."""
    if earlier is not None and earlier["members"] == now["members"]:
        return
    if folder.study.exists():
        unfinish_regions(folder.study)
    token = (earlier or {}).get("run") or secrets.token_hex(8)
    folder.write_definition({"format": FORMAT, "run": token, **now})


def _prepare_members(folder: RunFolder, regions: Mapping[str, Region]) -> None:
    """Make the arrays of all members, and unmark the members that lost files."""
    shutil.rmtree(folder.progress, ignore_errors=True)
    folder.markers.mkdir(exist_ok=True)
    folder.progress.mkdir(exist_ok=True)
    if folder.finished:
        return
    create_regions(folder.study, regions)
    for member, facts in folder.members().items():
        if not _has_its_files(folder, facts):
            folder.marker(member).unlink()


def _has_its_files(folder: RunFolder, facts: Mapping[str, Any]) -> bool:
    """Whether each file that a member wrote is there in full length."""
    files: Mapping[str, int] = facts["files"]
    return all(_size(folder.study / name) == size for name, size in files.items())


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return -1

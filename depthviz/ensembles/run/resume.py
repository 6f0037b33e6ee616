"""How a run that was killed, or is to have more members, resumes in its folder.

`open_run` takes the folder's lock, refuses a run that is defined differently, and
removes the mark of every member whose files are not those that it wrote: all are read
and compared with their checksums. The members without a mark are then
`missing_members`; those alone are trained. A member's result depends on its number and
the seed alone, so the resumed run ends with the same study.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from depthviz.ensembles.run.definition import FORMAT, check_same_run
from depthviz.ensembles.run.folder import RunFolder, full_disk
from depthviz.ensembles.run.markers import SHOWN, marker_numbers, vouched_files
from depthviz.errors import FormatError, StudyError
from depthviz.machine.disk.failures import writing
from depthviz.machine.disk.locks import lock_folder
from depthviz.machine.interrupts import restoring
from depthviz.study.storage.reading.damage import find_damage, list_files
from depthviz.study.storage.reading.file_list import CHANGED, FILES, checksum_of_file
from depthviz.study.storage.regions import Region, create_regions, unfinish_regions
from depthviz.study.storage.root import ROOT

__all__ = ["missing_members", "open_run"]


@restoring
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
    _check_members(folder)
    if folder.finished:
        return
    create_regions(folder.study, regions)
    _check_shown(folder)


def _check_members(folder: RunFolder) -> None:
    """Unmark every member whose files are not those that it wrote.

    What a power cut or half a copy left is made again without a word. StudyError, once,
    where files hold other bytes of the same length: somebody should look at that disk.
    """
    members = folder.members()
    lost = set(marker_numbers(folder.markers)) - set(members)
    changed: dict[int, str] = {}
    for number, facts in members.items():
        damage = dict(vouched_files(folder.study, facts).damaged(strict=True))
        if damage:
            lost.add(number)
        if CHANGED in damage.values():
            changed[number] = next(each for each in damage if damage[each] == CHANGED)
    for number in lost:
        folder.marker(number).unlink(missing_ok=True)
    if folder.finished and (lost or _is_damaged(folder, members)):
        unfinish_regions(folder.study)
    if changed:
        name = next(iter(changed.values()))
        raise StudyError(
            f"The results of {_plural(changed)} of the run at {folder.path} are "
            f"damaged: {folder.study / name} does not hold the bytes that were "
            "written, though it is as long. A disk may be failing, or somebody changed "
            "files. Run again: what is damaged counts no more, and is made again."
        )


def _is_damaged(folder: RunFolder, members: Mapping[int, Mapping[str, Any]]) -> bool:
    """Whether a file of the finished study is damaged that no member wrote."""
    written = {name for facts in members.values() for name in facts[FILES]}
    listed = list_files(folder.study)
    rest = {name: size for name, size in listed.sizes.items() if name not in written}
    return any(listed._replace(sizes=rest).damaged(strict=True))


def _check_shown(folder: RunFolder) -> None:
    """Raise StudyError unless the study to show is as a member of this run wrote it."""
    if not os.path.lexists(folder.shown):
        return
    roots = {
        number: facts[SHOWN]
        for number, facts in folder.members().items()
        if SHOWN in facts
    }
    member, root = next(iter(roots.items()), (0, None))
    try:
        damage = find_damage(folder.shown)
        other = root is not None and checksum_of_file(folder.shown / ROOT) != root
    except (FormatError, OSError) as error:
        damage, other = {str(folder.shown): str(error)}, True
    if not damage and not other:
        return
    what = next((f" ({each}: {why})" for each, why in damage.items()), "")
    raise StudyError(
        f"{folder.shown} is not the study that member {member} of this run wrote, or "
        f"is damaged{what:.300}. Move that folder elsewhere, and run again: the member "
        "is made again."
    )


def _plural(members: Collection[int]) -> str:
    numbers = ", ".join(map(str, sorted(members)[:8]))
    more = ", …" if len(members) > 8 else ""
    return f"member{'s' * (len(members) > 1)} {numbers}{more}"

"""The folder of a run: where its files are, and how a member's result is saved.

`run.json` defines what is computed. Each member writes its region of `study.zarr`,
flushes it to the disk, and then appears in `members` as a file that is renamed into
place: a member that is half written is never read. A killed run therefore loses only
the members that are under way; `resume` finds out which ones are there.

Every worker needs the same view of the folder: on a cluster it lies on a shared disk.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from depthviz.ensembles.member import Outcome
from depthviz.ensembles.plan import FUSED, Kept
from depthviz.ensembles.run.definition import read_definition
from depthviz.ensembles.run.markers import (
    SHOWN,
    marker_numbers,
    read_marker,
    write_marker,
)
from depthviz.errors import ScratchError, StudyError
from depthviz.machine.disk.failures import reading, writing
from depthviz.machine.files import write_atomically
from depthviz.machine.paths import is_litter, local_path
from depthviz.study import Study, open_study
from depthviz.study.storage.reading.file_list import CHECKSUMS, checksum_of_file
from depthviz.study.storage.regions import is_finished, write_region
from depthviz.study.storage.root import ROOT, RUN

__all__ = ["RunFolder", "full_disk"]

FULL = (errno.ENOSPC, errno.EDQUOT)


class RunFolder:
    """The paths of a run and what is read from them; `resume.open_run` prepares it.

    Args:
        path: Where it is, or will be.

    Attributes:
        path: Its absolute path.
        study: Where the study is.
        shown: Where the study of the shown member alone is.
        data: Where arrays wait for other processes.
        markers: Folder of one file for each member that is complete.
        progress: Folder of the number of epochs of each member that is under way.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(os.path.realpath(local_path(path)))
        self.study, self.shown = self.path / "study.zarr", self.path / "shown.zarr"
        self.data = self.path / "data"
        self.markers, self.progress = self.path / "members", self.path / "progress"

    @property
    def finished(self) -> bool:
        """Whether the study is complete, with all members that are asked for."""
        return is_finished(self.study)

    @property
    def kept(self) -> Kept:
        """What an earlier run here decides for one that goes on."""
        earlier = self.definition()
        if earlier is None:
            return Kept()
        of_old = (self.study / "member_suspicion").exists()
        fused = earlier.get(FUSED) is True
        return Kept(earlier.get("threads"), evidence=not of_old, fused=fused)

    @property
    def token(self) -> str:
        """Random name of this run, unlike that of any other; "" if there is none."""
        earlier = self.definition()
        return "" if earlier is None else str(earlier.get("run", ""))

    def check_token(self, token: str) -> None:
        """Raise StudyError if the folder is gone, or belongs to another run by now."""
        if not (self.path / RUN).exists() or self.token != token:
            raise StudyError(
                f"{self.path} is not the folder of the run that this member is made "
                "for. Every worker must see it, and it must not be replaced meanwhile."
            )

    def definition(self) -> dict[str, Any] | None:
        """Read `run.json`; None in a folder where no run was begun.

        Raises FormatError if it is damaged, StudyError if the folder is another's.
        """
        with reading(self.path):
            if os.path.lexists(self.path / RUN):
                return read_definition(self.path / RUN)
            if self.path.exists() and _holds_something(self.path):
                raise StudyError(
                    f"{self.path} exists and is no run of an ensemble; choose another "
                    "path."
                )
            return None

    def write_definition(self, facts: Mapping[str, Any]) -> None:
        """Write `run.json`."""
        write_atomically(self.path / RUN, json.dumps(facts, indent=1))

    def members(self) -> dict[int, dict[str, Any]]:
        """Read the facts of the members that are complete, by number, ascending."""
        markers = marker_numbers(self.markers).items()
        found = {number: read_marker(path) for number, path in markers}
        return {number: facts for number, facts in found.items() if facts is not None}

    def marker(self, member: int) -> Path:
        """Name the file that marks a member as complete."""
        return self.markers / f"{member:05d}.json"

    def save_member(self, member: int, outcome: Outcome, *, token: str) -> None:
        """Write a member's result; it is there when this returns, or not at all.

        Raises StudyError if the folder is not that of the run with this token,
        ScratchError if the disk is full, and DiskError if it takes no files.
        """
        self.check_token(token)
        with full_disk(self.path), writing(self.path):
            shown = {}
            if outcome.shown is not None:
                outcome.shown.save(self.shown, overwrite=True)
                shown = {SHOWN: checksum_of_file(self.shown / ROOT)}
            files = write_region(self.study, member, outcome.regions)
            self.check_token(token)
            write_marker(self.marker(member), {**outcome.facts, **shown, **files})

    def shown_study(self) -> Study | None:
        """Open the study of the member that is shown, if a member of the run wrote it.

        A member that was made before markers carried checksums does not say.
        """
        facts = self.members().values()
        written = any(SHOWN in each or CHECKSUMS not in each for each in facts)
        return open_study(self.shown) if written and self.shown.exists() else None

    def report_progress(self, member: int, epochs: int) -> None:
        """Note how many epochs of a member are done, for the process with the bar."""
        # A bar that stands still is no reason to stop.
        with suppress(OSError):
            self.progress.mkdir(exist_ok=True)
            (self.progress / str(member)).write_text(str(epochs))

    def read_progress(self) -> dict[int, int]:
        """Read the epochs done of the members that are under way, by number."""
        found = {}
        for path in self.progress.glob("[0-9]*"):
            with suppress(OSError, ValueError):  # it may be written at this moment
                found[int(path.name)] = int(path.read_text())
        return found


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """Turn the error of a full disk into a ScratchError that names the run's folder."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise ScratchError(
            f"The disk that holds {path} is full. Members that are done are kept: make "
            "room there and run again."
        ) from error


def _holds_something(path: Path) -> bool:
    """Whether a path holds more than what a killed beginning of a run left."""
    if not path.is_dir():
        return True
    left = {*path.glob(f".{RUN}.*.part")}
    found = (each for each in path.iterdir() if not is_litter(Path(each.name)))
    return any(each not in left for each in found)

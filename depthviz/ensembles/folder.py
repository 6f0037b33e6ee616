"""The folder of a run: what decides it, the members that are there, and the study.

`run.json` says what is computed. Each member writes its region of `study.zarr`, sees to
it that it is on the disk, and then appears in `members`, by a rename: a member that is
half written is never read. So a run may be killed at any time; the next one goes on
with the members that are missing.

Every worker needs the same view of the folder: on a cluster it lies on a shared disk.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from depthviz.ensembles.member import Outcome
from depthviz.errors import ScratchError, StudyError
from depthviz.machine.folders import flush, lock_folder
from depthviz.study import Study, open_study
from depthviz.study.conventions.definition import current_names
from depthviz.study.storage.regions import (
    Region,
    create_regions,
    is_finished,
    unfinish_regions,
    write_region,
)
from depthviz.study.storage.zarr_folder import RUN

__all__ = ["RunFolder", "full_disk"]

FORMAT = 1
SINGLE = ("format", "members", "run")  # not compared like the rest
DIGITS = 8  # of a digest that are shown
FULL = (errno.ENOSPC, errno.EDQUOT)


class RunFolder:
    """A run's folder.

    Args:
        path: Where it is, or will be.

    Attributes:
        path: Its absolute path.
        study: Where the study is.
        shown: Where the study of the shown member alone is.
        data: Where arrays wait for other processes.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).resolve()
        self.study, self.shown = self.path / "study.zarr", self.path / "shown.zarr"
        self.data = self.path / "data"
        self._members, self._progress = self.path / "members", self.path / "progress"

    @contextmanager
    def opened(
        self, definition: Mapping[str, Any], regions: Mapping[str, Region]
    ) -> Iterator[None]:
        """Begin a run in this folder, or go on with it.

        Args:
            definition: What decides the result.
            regions: The arrays of all members.

        Yields:
            Nothing; meanwhile nobody else can run here.

        Raises:
            StudyError: If the folder holds something else, another run, or is in use.
            ScratchError: If the disk is full.
        """
        self._check(definition)
        with full_disk(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        with lock_folder(self.path) as free:
            if free is False:
                raise StudyError(
                    f"Another process is running {self.path}; wait for it, or run "
                    "elsewhere."
                )
            earlier = self._check(definition)  # again: now nobody else begins
            with full_disk(self.path):
                self._begin(earlier, definition, regions)
                yield
            shutil.rmtree(self._progress, ignore_errors=True)

    def _check(self, definition: Mapping[str, Any]) -> dict[str, Any] | None:
        earlier = self._earlier()
        _check_same(self.path, earlier, definition)
        return earlier

    def _begin(
        self,
        earlier: Mapping[str, Any] | None,
        definition: Mapping[str, Any],
        regions: Mapping[str, Region],
    ) -> None:
        """From here on the folder is this run's; what is there is looked over."""
        shutil.rmtree(self._progress, ignore_errors=True)
        if earlier is None or earlier["members"] != definition["members"]:
            if self.study.exists():
                unfinish_regions(self.study)
            known = {} if earlier is None else earlier
            token = known.get("run") or secrets.token_hex(8)
            facts = {"format": FORMAT, "run": token, **definition}
            _write_json(self.path / RUN, facts)
        self._members.mkdir(exist_ok=True)
        self._progress.mkdir(exist_ok=True)
        if self.finished:
            return
        create_regions(self.study, regions)
        for member in self.members():
            if not self._is_whole(member):
                self._marker(member).unlink()

    @property
    def finished(self) -> bool:
        """Whether the study is whole, with all members that are asked for."""
        return is_finished(self.study)

    @property
    def token(self) -> str:
        """What tells this run from another that took its folder; "" for none."""
        earlier = self._earlier()
        return "" if earlier is None else str(earlier.get("run", ""))

    def keep(self, member: int, outcome: Outcome, *, token: str) -> None:
        """Write what a member left; it is there when this returns, or not at all.

        Args:
            member: Its number.
            outcome: What it left.
            token: That of the run it was made for.

        Raises:
            StudyError: If the folder is another run's by now.
            ScratchError: If the disk is full.
        """
        self.check_token(token)
        with full_disk(self.path):
            if outcome.shown is not None:
                outcome.shown.save(self.shown, overwrite=True)
            files = write_region(self.study, member, outcome.regions)
            self.check_token(token)
            _write_json(self._marker(member), {**outcome.facts, "files": files})

    def check_token(self, token: str) -> None:
        """Refuse to go on for a run whose folder is gone, or another's.

        Args:
            token: That of the run.

        Raises:
            StudyError: If it is not the folder's.
        """
        if not (self.path / RUN).exists() or self.token != token:
            raise StudyError(
                f"{self.path} is not the folder of the run that this member is made "
                "for. Every worker must see it, and it must not be replaced meanwhile."
            )

    def members(self) -> dict[int, dict[str, Any]]:
        """Read what is known of the members that are there.

        Returns:
            Facts by number, in ascending order.
        """
        found = sorted(self._members.glob("[0-9]*.json"))
        return {int(path.stem): json.loads(path.read_text("utf-8")) for path in found}

    def _marker(self, member: int) -> Path:
        return self._members / f"{member:05d}.json"

    def _is_whole(self, member: int) -> bool:
        """Tell whether all that a member wrote is still there."""
        files = self.members()[member]["files"]
        return all(_size(self.study / name) == size for name, size in files.items())

    def shown_study(self) -> Study | None:
        """Open the study of the member that is shown, where there is one."""
        return open_study(self.shown) if self.shown.exists() else None

    def tell(self, member: int, epochs: int) -> None:
        """Note how far a member is, for whoever watches the run.

        Args:
            member: Its number.
            epochs: Epochs done.
        """
        # A bar that stands still is no reason to stop.
        with suppress(OSError):
            self._progress.mkdir(exist_ok=True)
            (self._progress / str(member)).write_text(str(epochs))

    def progress(self) -> dict[int, int]:
        """Read how far members are that are under way.

        Returns:
            Epochs done by number of the member.
        """
        found = {}
        for path in self._progress.glob("[0-9]*"):
            with suppress(OSError, ValueError):  # it may be written at this moment
                found[int(path.name)] = int(path.read_text())
        return found

    def _earlier(self) -> dict[str, Any] | None:
        if (self.path / RUN).exists():
            return dict(json.loads((self.path / RUN).read_text("utf-8")))
        if self.path.exists() and _holds_something(self.path):
            raise StudyError(
                f"{self.path} exists and is no run of an ensemble; choose another path."
            )
        return None

    @property
    def threads(self) -> int | None:
        """The number of threads of an earlier run here, which goes on with it."""
        earlier = self._earlier()
        return None if earlier is None else earlier.get("threads")


def _check_same(
    path: Path, earlier: Mapping[str, Any] | None, now: Mapping[str, Any]
) -> None:
    """Refuse to mix members that were made differently."""
    if earlier is None:
        return
    if earlier.get("format") != FORMAT:
        raise StudyError(
            f"{path} holds a run of format {earlier.get('format')}; this depthviz goes "
            f"on with format {FORMAT}. Choose another path."
        )
    before, after = _flat(current_names(earlier)), _flat(json.loads(json.dumps(now)))
    names = [name for name in {**before, **after} if name not in SINGLE]
    changed = [name for name in names if before.get(name) != after.get(name)]
    if changed:
        differences = "; ".join(
            _difference(name, before.get(name), after.get(name))
            for name in _telling(changed)
        )
        raise StudyError(
            f"{path} holds another run: {differences}. Its members cannot be mixed "
            "with these; choose another path."
        )
    if earlier["members"] > now["members"]:
        raise StudyError(
            f"{path} holds a run of {earlier['members']} members, more than "
            f"{now['members']}; ask for at least as many, or choose another path."
        )


def _telling(changed: list[str]) -> list[str]:
    """Leave out digests that differ because something with a name does."""
    causes = {
        "data: sha256": ("data: examples",),
        "network: initial weights sha256": (
            "network: class",
            "network: parameters",
            "seed",
        ),
    }
    return [
        name
        for name in changed
        if not any(cause in changed for cause in causes.get(name, ()))
    ]


def _difference(name: str, before: Any, after: Any) -> str:
    """Tell one difference; of lists the first entry that differs."""
    if not (isinstance(before, list) and isinstance(after, list)):
        return f"{name} was {_short(name, before)}, now {_short(name, after)}"
    if len(before) != len(after):
        return f"{name}: there were {len(before)}, now {len(after)}"
    pairs = zip(before, after, strict=True)
    was, now = next((a, b) for a, b in pairs if a != b)
    return f"{name}: {was!s:.60} was there, now {now!s:.60}"


def _short(name: str, value: Any) -> str:
    """Write a fact in a few words, a digest as its beginning."""
    if value is None:
        return "absent"
    return str(value)[: DIGITS if name.endswith("sha256") else 120]


def _holds_something(path: Path) -> bool:
    """Tell whether something is there, but for what a killed beginning left."""
    if not path.is_dir():
        return True
    left = {*path.glob(f".{RUN}.*.part")}
    return any(each not in left for each in path.iterdir())


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return -1


def _flat(facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}: ")
        else:
            flat[prefix + name] = value
    return flat


def _write_json(path: Path, facts: Mapping[str, Any]) -> None:
    """Write a file that is there whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            json.dump(facts, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        flush(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """Say what a full disk means for a run.

    Args:
        path: The run's folder.

    Yields:
        Nothing.

    Raises:
        ScratchError: If a disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise ScratchError(
            f"The disk that holds {path} is full. Members that are done are kept: make "
            "room there and run again."
        ) from error

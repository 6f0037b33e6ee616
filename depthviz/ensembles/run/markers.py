"""The file that marks a member of a run as complete, and what it vouches for.

A marker holds facts about the member, and size and checksum of each file that the
member wrote. One that is empty or half written, as after a power cut, or that was
changed by hand, marks nothing: its member is made again, which costs time and no truth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from depthviz.errors import FormatError
from depthviz.machine.files import write_atomically
from depthviz.machine.json_files import read_json_object
from depthviz.study.storage.reading.file_list import (
    CHECKSUMS,
    FILES,
    FileList,
    checksum,
    read_file_list,
)

__all__ = ["SHOWN", "marker_numbers", "read_marker", "vouched_files", "write_marker"]

SHOWN = "shown"  # checksum of the root of the shown study, of the member that wrote it
OWN = "checksum"  # of the marker itself
NAME = re.compile(r"([0-9]{5,9})\.json")
LARGEST = 64 * 2**20
FACTS: dict[str, tuple[type, ...]] = {
    "failed_step": (int,),
    "train_accuracy": (int, float),
    "validation_accuracy": (int, float),
}


def write_marker(path: Path, facts: Mapping[str, Any]) -> None:
    """Write a marker, which is there whole or not at all."""
    own = {OWN: _own_checksum(facts)}
    write_atomically(path, json.dumps({**facts, **own}, indent=1))


def marker_numbers(folder: Path) -> dict[int, Path]:
    """Find the files that are named as markers, by the numbers of their members."""
    named = {path: NAME.fullmatch(path.name) for path in folder.glob("[0-9]*.json")}
    found = {int(match[1]): path for path, match in named.items() if match}
    return dict(sorted(found.items()))


def read_marker(path: Path) -> dict[str, Any] | None:
    """Read a marker's facts; None where it vouches for nothing."""
    with suppress(FormatError, FileNotFoundError):
        facts = read_json_object(path, limit=LARGEST)
        vouched_files(path.parent, facts)
        kinds = [isinstance(facts.get("device"), str)]
        kinds += [type(facts[name]) in FACTS[name] for name in FACTS if name in facts]
        kinds += [isinstance(facts.get(SHOWN, ""), str)]
        if all(kinds) and facts.get(OWN, "") in ("", _own_checksum(facts)):
            return facts
    return None


def vouched_files(study: Path, facts: Mapping[str, Any]) -> FileList:
    """List the files that a member wrote; FormatError if the marker lists none."""
    return read_file_list(
        study, {FILES: facts.get(FILES), CHECKSUMS: facts.get(CHECKSUMS, {})}
    )


def _own_checksum(facts: Mapping[str, Any]) -> str:
    rest = {name: value for name, value in facts.items() if name != OWN}
    return checksum(json.dumps(rest, sort_keys=True).encode())

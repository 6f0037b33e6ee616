"""Whether a run in a folder is defined as the one that is asked for.

`run.json` holds what decides the result of a run. Members that were made by different
definitions must not be mixed, so a difference is refused and named in a few words. The
number of members may grow. Knows nothing of members and of arrays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from depthviz.errors import FormatError, StudyError
from depthviz.machine.json_files import read_json_object
from depthviz.study.conventions.definition import current_names

__all__ = ["FORMAT", "check_same_run", "read_definition"]

FORMAT = 1
NOT_COMPARED = ("format", "members", "run")
DIGITS = 8  # of a digest that are shown


def read_definition(path: Path) -> dict[str, Any]:
    """Read `run.json`, and raise FormatError if it cannot be that of a run."""
    remedy = (
        "Members cannot be told from those of another run without it: put it back from "
        "a copy, or run in another folder."
    )
    try:
        found = read_json_object(path)
    except FormatError as error:
        raise FormatError(f"{error} {remedy}") from None
    members, threads = found.get("members"), found.get("threads", 1)
    if type(members) is not int or members < 1:
        what = f"its number of members is {members!r:.40}"
    elif threads is not None and (type(threads) is not int or threads < 1):
        what = f"its number of threads is {threads!r:.40}"
    elif not isinstance(found.get("run", ""), str):
        what = f"its name is {found['run']!r:.40}"
    else:
        return found
    raise FormatError(f"{path} is damaged: {what}. {remedy}")


def check_same_run(
    path: Path, earlier: Mapping[str, Any] | None, now: Mapping[str, Any]
) -> None:
    """Raise StudyError if an earlier run in the folder is defined differently."""
    if earlier is None:
        return
    if earlier.get("format") != FORMAT:
        raise StudyError(
            f"{path} holds a run of format {earlier.get('format')}; this depthviz "
            f"resumes format {FORMAT}. Choose another path."
        )
    differences = _differences(
        _flat(current_names(earlier)), _flat(json.loads(json.dumps(now)))
    )
    if differences:
        raise StudyError(
            f"{path} holds another run: {differences}. Its members cannot be mixed "
            "with these; choose another path."
        )
    if earlier["members"] > now["members"]:
        raise StudyError(
            f"{path} holds a run of {earlier['members']} members, more than "
            f"{now['members']}; ask for at least as many, or choose another path."
        )


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Describe the facts that changed, in one line; "" if none did."""
    names = [name for name in {**before, **after} if name not in NOT_COMPARED]
    changed = [name for name in names if before.get(name) != after.get(name)]
    return "; ".join(
        _difference(name, before.get(name), after.get(name))
        for name in _without_consequences(changed)
    )


def _without_consequences(changed: list[str]) -> list[str]:
    """Leave out digests that differ because a fact with a name does."""
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
    """Describe one difference; of two lists the first entry that differs."""
    if not (isinstance(before, list) and isinstance(after, list)):
        return f"{name} was {_short(name, before)}, now {_short(name, after)}"
    if len(before) != len(after):
        return f"{name}: there were {len(before)}, now {len(after)}"
    pairs = zip(before, after, strict=True)
    was, now = next((a, b) for a, b in pairs if a != b)
    return f"{name}: {was!s:.60} was there, now {now!s:.60}"


def _short(name: str, value: Any) -> str:
    """Format a fact in a few words, a digest as its first digits."""
    if value is None:
        return "absent"
    return str(value)[: DIGITS if name.endswith("sha256") else 120]


def _flat(facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Join the names of nested facts, as "data: examples"."""
    flat: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}: ")
        else:
            flat[prefix + name] = value
    return flat

"""What may be decided, and by which keys: a person's own small file, or a dict.

Whatever is wrong with it is said before anybody annotates by it. Knows nothing of pages
or stores.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from depthviz.errors import ArgumentError, DataError, FormatError
from depthviz.machine.disk.failures import reading
from depthviz.machine.json_files import read_json_object, read_small_file
from depthviz.machine.paths import local_path

__all__ = ["USUAL", "read_schema", "roles_of"]

VERSION = 1
USUAL: dict[str, Any] = {
    "version": VERSION,
    "verdicts": [
        {"value": "wrong label", "title": "Wrong", "key": "1", "relabels": True},
        {"value": "correct", "title": "Correct", "key": "2", "confirms": True},
        {"value": "ambiguous", "title": "Ambiguous", "key": "3"},
        {"value": "not sure", "title": "Not sure", "key": "4"},
    ],
    "tags": [],
}
# Keys that an Explorer has another use for: letters of the whole view and of its parts,
# and those by which one annotates.
TAKEN = frozenset("abcflnoprstvw[],.?/+-=0")
_NAMES = ("version", "verdicts", "tags")
_ROLES = ("relabels", "confirms")
_VERDICT = ("value", "title", "key", "color", *_ROLES)
_KEYS = "123456789"
_USUAL_ROLES = {"wrong label": "relabels", "correct": "confirms"}
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_MOST_VERDICTS, _MOST_TAGS, _LONGEST = 40, 200, 200
_LARGEST = 2**20


def read_schema(given: object = None) -> dict[str, Any]:
    """Read what may be decided, checked.

    Args:
        given: A dict; the path of a JSON or TOML file that holds one; or None for the
            four usual verdicts. It has `verdicts`, a list of dicts with `value` (what
            is recorded), and where wanted `title` (what the button says), `key` (one
            character; by default 1, 2, 3, …), `color` ("#rrggbb"), `relabels` (whether
            it says that the label is wrong) and `confirms` (that it is right), which
            "wrong label" and "correct" do by themselves; and where wanted `tags`, a
            list of texts.

    Returns:
        The schema with everything filled in.

    Raises:
        ArgumentError: If it is no such thing; says what is wrong with it.
        DataError: If there is no such file.
        DiskError: If the file cannot be read.
        FormatError: If the file holds no JSON or TOML.
    """
    if given is None:
        given = USUAL
    if isinstance(given, str | os.PathLike):
        given = _read_file(local_path(given, name="schema"))
    if not isinstance(given, Mapping):
        raise ArgumentError(
            "schema must be a dict with 'verdicts', or the path of a file that holds "
            f"one, got {type(given).__name__}."
        )
    _check_names("The schema", given, _NAMES)
    if given.get("version", VERSION) != VERSION:
        raise ArgumentError(
            f"The schema has version {given['version']!r:.40}; this depthviz reads "
            f"version {VERSION}."
        )
    return {
        "version": VERSION,
        "verdicts": _read_verdicts(given.get("verdicts")),
        "tags": _read_tags(given.get("tags", [])),
    }


def roles_of(schema: Mapping[str, Any]) -> dict[str, str]:
    """Tell what each verdict of a schema says of the given label.

    Args:
        schema: As `read_schema` gave it.

    Returns:
        "confirms", "relabels" or "" by the verdict's value.
    """
    return {
        each["value"]: next((role for role in _ROLES if each.get(role)), "")
        for each in schema["verdicts"]
    }


def _read_file(path: Path) -> Mapping[str, Any]:
    with reading(path):
        if not path.is_file():
            raise DataError(f"There is no file {path}.")
        if path.suffix != ".toml":
            return read_json_object(path, limit=_LARGEST)
        try:
            return tomllib.loads(read_small_file(path, limit=_LARGEST).decode("utf-8"))
        except ValueError as error:
            raise FormatError(f"{path} is no TOML: {error}.") from error


def _read_verdicts(given: object) -> list[dict[str, Any]]:
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        raise ArgumentError(
            "The schema must have 'verdicts', a list of at least one, such as "
            "[{'value': 'correct', 'key': '1'}]."
        )
    if len(given) > _MOST_VERDICTS:
        raise ArgumentError(
            f"The schema can have {_MOST_VERDICTS} verdicts, got {len(given)}."
        )
    verdicts = [_read_verdict(each, i) for i, each in enumerate(given, 1)]
    _fill_keys(verdicts)
    for name in ("value", "key"):
        found = [each[name] for each in verdicts if each[name]]
        double = [each for i, each in enumerate(found) if each in found[:i]]
        if double:
            raise ArgumentError(f"Two verdicts have the {name} {double[0]!r}.")
    return verdicts


def _read_verdict(given: object, number: int) -> dict[str, Any]:
    what = f"Verdict {number} of the schema"
    if isinstance(given, str):
        given = {"value": given}
    if not isinstance(given, Mapping):
        raise ArgumentError(f"{what} must be a dict, got {type(given).__name__}.")
    _check_names(what, given, _VERDICT)
    value = _text(f"The value of v{what[1:]}", given.get("value"))
    if value in ("disputed", "other"):
        raise ArgumentError(
            f"{what} cannot have the value {value!r}: it stands for verdicts that "
            "differ, or that the schema does not name."
        )
    title = given.get("title") or value
    return {
        "value": value,
        "title": _text(f"The title of {value!r}", title),
        "key": _read_key(given.get("key", ""), value),
        "color": _read_color(given.get("color", ""), value),
        **_read_roles(given, value),
    }


def _read_roles(given: Mapping[Any, Any], value: str) -> dict[str, bool]:
    """What a verdict says of the label; the usual ones say it also where it is left."""
    usual = None if any(given.get(role) for role in _ROLES) else _USUAL_ROLES.get(value)
    roles = {role: given.get(role, role == usual) for role in _ROLES}
    for role, said in roles.items():
        if not isinstance(said, bool):
            raise ArgumentError(f"{role!r} of {value!r} must be True or False.")
    if all(roles.values()):
        raise ArgumentError(
            f"{value!r} cannot both confirm the label and say that it is wrong."
        )
    return roles


def _read_key(key: object, value: str) -> str:
    key = str(key) if isinstance(key, int) and not isinstance(key, bool) else key
    if not isinstance(key, str) or len(key) > 1 or (key and not key.isprintable()):
        raise ArgumentError(f"The key of {value!r} must be one character, got {key!r}.")
    if key.strip() != key:
        raise ArgumentError(f"The key of {value!r} cannot be a space.")
    if key.lower() in TAKEN and key:
        raise ArgumentError(
            f"The key {key!r} of {value!r} has another use in the Explorer. Free are "
            f"the digits 1 to 9, and {' '.join(_free_letters())}."
        )
    return key.lower()


def _free_letters() -> list[str]:
    return [each for each in "abcdefghijklmnopqrstuvwxyz" if each not in TAKEN]


def _read_color(color: object, value: str) -> str:
    if color in ("", None):
        return ""
    if not isinstance(color, str) or not _COLOR.fullmatch(color):
        raise ArgumentError(
            f"The color of {value!r} must be like '#0a5fbf', got {color!r:.80}."
        )
    return color.lower()


def _fill_keys(verdicts: list[dict[str, Any]]) -> None:
    """Give a digit to each verdict without a key, as far as there are any."""
    used = {each["key"] for each in verdicts}
    free = iter([key for key in _KEYS if key not in used])
    for each in verdicts:
        each["key"] = each["key"] or next(free, "")


def _read_tags(given: object) -> list[str]:
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise ArgumentError("'tags' of the schema must be a list of texts.")
    if len(given) > _MOST_TAGS:
        raise ArgumentError(f"The schema can have {_MOST_TAGS} tags, got {len(given)}.")
    return list(dict.fromkeys(_text("A tag of the schema", each) for each in given))


def _text(what: str, value: object) -> str:
    whole = isinstance(value, str) and value.strip() and len(value) <= _LONGEST
    if not whole or not str(value).isprintable():
        raise ArgumentError(
            f"{what} must be text of 1 to {_LONGEST} printable characters, got "
            f"{value!r:.80}."
        )
    return str(value).strip()


def _check_names(what: str, given: Mapping[Any, Any], known: Sequence[str]) -> None:
    unknown = [each for each in given if each not in known]
    if unknown:
        raise ArgumentError(
            f"{what} has an unknown entry {unknown[0]!r:.80}; it can have "
            f"{', '.join(map(repr, known))}."
        )

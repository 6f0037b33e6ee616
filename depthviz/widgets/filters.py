"""Filters as a person writes them, checked and encoded for the browser, and back.

A filter by codes names its values here ("cat") and has their codes in the browser;
ranges, texts and missing values are written alike on both sides.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from depthviz.errors import DataError
from depthviz.widgets.payload.manifest import (
    DEPTHS,
    code_count,
    column_info,
    value_names,
)

__all__ = ["MAX_FILTERS", "decode_filters", "encode_filters"]

MAX_FILTERS = 32  # a browser keeps one bit for each
_RANGE = {"from", "to", "missing"}
_LISTED = 20


def decode_filters(
    filters: Mapping[str, Any], manifest: Mapping[str, Any]
) -> dict[str, Any]:
    """Name the codes in the browser's filters, where no two values share a name."""
    decoded: dict[str, Any] = {}
    for name, condition in filters.items():
        names = value_names(manifest, name)
        unique = names is not None and len(set(names)) == len(names)
        if isinstance(condition, Mapping):
            decoded[name] = dict(condition)
        elif names is not None and unique:
            decoded[name] = [names[code] for code in condition]
        else:
            decoded[name] = list(condition)
    return decoded


def encode_filters(
    filters: Mapping[str, Any], manifest: Mapping[str, Any]
) -> dict[str, Any]:
    """Check filters that a person wrote, and find the codes of their names.

    Args:
        filters: For each column a list of names or codes, or of whole depths;
            `{"from": a, "to": b}` with either or both, `"missing": True` to keep
            examples without a value; or `{"contains": "text"}`.
        manifest: The study's.

    Returns:
        The filters as the browser keeps them: without those that ask for nothing,
        such as an empty list.

    Raises:
        DataError: If a column or a value is unknown, or a filter has another form.
    """
    encoded = {
        name: _encode(name, condition, manifest) for name, condition in filters.items()
    }
    active = {name: condition for name, condition in encoded.items() if condition}
    if len(active) > MAX_FILTERS:
        raise DataError(
            f"At most {MAX_FILTERS} columns can filter at once, got {len(active)}."
        )
    return active


def _encode(name: str, condition: Any, manifest: Mapping[str, Any]) -> Any:
    column = column_info(manifest, name)
    if column is None:
        listed = ", ".join(repr(each["name"]) for each in manifest["columns"])
        raise DataError(f"Unknown column {name!r}. This study has: {listed}.")
    if isinstance(condition, Mapping):
        _check_keys(name, condition, column)
        _check_values(name, condition)
        return {key: _plain(each) for key, each in condition.items() if _asks(each)}
    if not isinstance(condition, Sequence) or isinstance(condition, str):
        raise DataError(
            f"The filter of {name!r} must be a list of values, or a mapping like "
            f"{{'from': 0, 'to': 1}} or {{'contains': 'text'}}, got {condition!r}."
        )
    names = value_names(manifest, name)
    if names is None:
        return _encode_depths(name, condition, manifest)
    return _encode_values(condition, column, names)


def _check_keys(
    name: str, condition: Mapping[str, Any], column: Mapping[str, Any]
) -> None:
    allowed = {"contains"} if column["kind"] in ("text", "id") else _RANGE
    if column["kind"] in ("class", "category"):
        allowed = {"missing"}
    if set(condition) - allowed or not condition:
        raise DataError(
            f"The filter of {name!r} can have {', '.join(sorted(allowed))}, got "
            f"{dict(condition)!r}."
        )


def _check_values(name: str, condition: Mapping[str, Any]) -> None:
    for end in {"from", "to"} & set(condition):
        value = condition[end]
        if not isinstance(value, int | float | np.number) or not np.isfinite(value):
            raise DataError(f"{end!r} of {name!r} must be a number, got {value!r}.")
    missing = condition.get("missing", False)
    if not isinstance(missing, bool | np.bool_):
        raise DataError(
            f"'missing' of {name!r} must be True or False, got {missing!r}."
        )
    contains = condition.get("contains", "")
    if not isinstance(contains, str):
        raise DataError(f"'contains' of {name!r} must be text, got {contains!r}.")


def _asks(value: object) -> bool:
    """Whether a part of a filter asks for anything, as 0 does."""
    blank = isinstance(value, str) and not value.strip()
    return not blank and not (isinstance(value, bool | np.bool_) and not value)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _encode_depths(
    name: str, condition: Sequence[Any], manifest: Mapping[str, Any]
) -> list[int]:
    count = code_count(manifest, name)
    if not all(_is_code(each, count) for each in condition):
        whole = f" or whole depths in 0..{count - 1}" if name in DEPTHS else ""
        raise DataError(
            f"{name!r} is filtered by a range like {{'from': 0, 'to': 1}}{whole}, got "
            f"{list(condition)!r}."
        )
    return sorted({int(each) for each in condition})


def _encode_values(
    condition: Sequence[Any], column: Mapping[str, Any], names: list[str]
) -> list[int]:
    codes: set[int] = set()
    for value in condition:
        if column.get("truth") and isinstance(value, bool | np.bool_):
            codes.add(int(value))
        elif isinstance(value, str) and value in names:
            codes |= {code for code, each in enumerate(names) if each == value}
        elif _is_code(value, len(names)):
            codes.add(int(value))
        else:
            listed = ", ".join(map(repr, names[:_LISTED]))
            raise DataError(
                f"Unknown value {value!r} of {column['name']!r}; it has: {listed}."
            )
    return sorted(codes)


def _is_code(value: Any, count: int) -> bool:
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    return whole and 0 <= value < count

"""Filters as a person writes them, as the browser keeps them, and as Python runs them.

A filter by codes names its values here ("cat") and has their codes in the browser;
ranges, texts and missing values are written alike on both sides. What the browser
shows, `shown_mask` finds again from the table, with the browser's own rules: numbers
are compared as float32, which is what the browser has.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.errors import DataError

__all__ = ["from_browser", "readable_filters", "shown_mask", "to_browser"]

_MOST = 32  # a browser keeps one bit for each
_RANGE = {"from", "to", "missing"}
_DEPTHS = ("depth", "train_depth", "validation_depth")


def from_browser(
    filters: Mapping[str, Any], manifest: Mapping[str, Any]
) -> dict[str, Any]:
    """Name the codes in the filters of a saved state.

    Args:
        filters: As the browser keeps them: codes, a range or a text for each column.
        manifest: The study's.

    Returns:
        The same with names in place of codes; where two values bear one name, codes.
    """
    named: dict[str, Any] = {}
    for name, kept in filters.items():
        names = _names(name, manifest)
        unique = names is not None and len(set(names)) == len(names)
        if isinstance(kept, Sequence) and names is not None and unique:
            named[name] = [names[code] for code in kept]
        else:
            named[name] = list(kept) if isinstance(kept, Sequence) else dict(kept)
    return named


def to_browser(
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
    known = {column["name"]: column for column in manifest["columns"]}
    checked: dict[str, Any] = {}
    for name, kept in filters.items():
        if name not in known:
            listed = ", ".join(map(repr, known))
            raise DataError(f"Unknown column {name!r}. This study has: {listed}.")
        if isinstance(kept, Mapping):
            checked[name] = _check_mapping(name, kept, known[name])
        elif isinstance(kept, Sequence) and not isinstance(kept, str):
            checked[name] = _codes(name, kept, manifest)
        else:
            raise DataError(
                f"The filter of {name!r} must be a list of values, or a mapping like "
                f"{{'from': 0, 'to': 1}} or {{'contains': 'text'}}, got {kept!r}."
            )
    wanted = {name: kept for name, kept in checked.items() if kept}
    if len(wanted) > _MOST:
        raise DataError(
            f"At most {_MOST} columns can filter at once, got {len(wanted)}."
        )
    return wanted


def readable_filters(filters: Any, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Take of a state's filters what this study can follow, and leave the rest.

    Args:
        filters: Of any origin: a saved view, an older study, a person.
        manifest: The study's.

    Returns:
        The filters as the browser keeps them.
    """
    kept: dict[str, Any] = {}
    for name, one in filters.items() if isinstance(filters, Mapping) else ():
        with suppress(DataError):
            kept |= to_browser({name: one}, manifest)
    return dict(islice(kept.items(), _MOST))


def shown_mask(
    frame: pd.DataFrame,
    filters: Mapping[str, Any],
    manifest: Mapping[str, Any],
    *,
    groups: NDArray[np.integer[Any]] | None = None,
) -> NDArray[np.bool_]:
    """Find the examples that pass all filters.

    Args:
        frame: `study.frame()`.
        filters: As the browser keeps them.
        manifest: The study's.
        groups: The groups' codes under moved boundaries, shape `(N,)`.

    Returns:
        Whether each example is shown, shape `(N,)`.
    """
    shown = np.ones(len(frame), bool)
    for name, kept in filters.items():
        if isinstance(kept, Mapping) and "contains" in kept:
            text = kept["contains"].strip().lower()
            shown &= np.array([text in one.lower() for one in _texts(frame, name)])
        elif isinstance(kept, Mapping):
            shown &= _in_range(frame, name, kept, manifest)
        elif name == "group" and groups is not None:
            shown &= np.isin(groups, list(kept))
        else:
            shown &= np.isin(_column_codes(frame, name, manifest), list(kept))
    return shown


def _kind(name: str, manifest: Mapping[str, Any]) -> str | None:
    kinds = (one["kind"] for one in manifest["columns"] if one["name"] == name)
    return next(kinds, None)


def _names(name: str, manifest: Mapping[str, Any]) -> list[str] | None:
    column = next((c for c in manifest["columns"] if c["name"] == name), None)
    if column is None or column["kind"] not in ("class", "category"):
        return None
    if column["kind"] == "class":
        return list(manifest["classes"])
    return list(column["categories"])


def _check_mapping(
    name: str, kept: Mapping[str, Any], column: Mapping[str, Any]
) -> dict[str, Any]:
    wanted = {"contains"} if column["kind"] in ("text", "id") else _RANGE
    if column["kind"] in ("class", "category"):
        wanted = {"missing"}
    unknown = set(kept) - wanted
    if unknown or not kept:
        raise DataError(
            f"The filter of {name!r} can have {', '.join(sorted(wanted))}, got "
            f"{dict(kept)!r}."
        )
    for end in {"from", "to"} & set(kept):
        value = kept[end]
        if not isinstance(value, int | float | np.number) or not np.isfinite(value):
            raise DataError(f"{end!r} of {name!r} must be a number, got {value!r}.")
    if not isinstance(kept.get("missing", False), bool | np.bool_):
        raise DataError(
            f"'missing' of {name!r} must be True or False, got {kept['missing']!r}."
        )
    if not isinstance(kept.get("contains", ""), str):
        raise DataError(
            f"'contains' of {name!r} must be text, got {kept['contains']!r}."
        )
    return {key: _plain(value) for key, value in kept.items() if _asks(value)}


def _asks(value: object) -> bool:
    """Whether a part of a filter asks for anything, as 0 does."""
    blank = isinstance(value, str) and not value.strip()
    return not blank and not (isinstance(value, bool | np.bool_) and not value)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _codes(name: str, kept: Sequence[Any], manifest: Mapping[str, Any]) -> list[int]:
    names = _names(name, manifest)
    if names is None:
        last = len(manifest["probes"])
        good = name in _DEPTHS and all(_is_code(one, last + 1) for one in kept)
        if not good:
            raise DataError(
                f"{name!r} is filtered by a range like {{'from': 0, 'to': 1}}"
                + (f" or whole depths in 0..{last}" if name in _DEPTHS else "")
                + f", got {list(kept)!r}."
            )
        return sorted({int(one) for one in kept})
    truth = any(c["name"] == name and c.get("truth") for c in manifest["columns"])
    codes = []
    for one in kept:
        if truth and isinstance(one, bool | np.bool_):
            codes.append(int(one))
        elif isinstance(one, str) and one in names:
            codes += [code for code, text in enumerate(names) if text == one]
        elif _is_code(one, len(names)):
            codes.append(int(one))
        else:
            listed = ", ".join(map(repr, names[:20]))
            raise DataError(f"Unknown value {one!r} of {name!r}; it has: {listed}.")
    return sorted(set(codes))


def _is_code(one: Any, size: int) -> bool:
    whole = isinstance(one, int | np.integer) and not isinstance(one, bool)
    return whole and 0 <= one < size


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    values = frame.index if name == frame.index.name else frame[name]
    return ["" if pd.isna(value) else str(value) for value in values]


def _numbers(frame: pd.DataFrame, name: str) -> NDArray[np.float32]:
    numbers: NDArray[np.float32] = frame[name].to_numpy(np.float32, na_value=np.nan)
    return numbers


def _in_range(
    frame: pd.DataFrame, name: str, kept: Mapping[str, Any], manifest: Mapping[str, Any]
) -> NDArray[np.bool_]:
    if _names(name, manifest) is not None:
        return _column_codes(frame, name, manifest) < 0
    values = _numbers(frame, name)
    missing = np.isnan(values)
    passes = np.zeros(len(values), bool)
    if {"from", "to"} & set(kept):
        low = np.float32(kept.get("from", -np.inf))
        high = np.float32(kept.get("to", np.inf))
        passes = (values >= low) & (values <= high)
    return passes | missing if kept.get("missing") else passes


def _column_codes(
    frame: pd.DataFrame, name: str, manifest: Mapping[str, Any]
) -> NDArray[np.int64]:
    """Codes of one column, -1 where a value is missing."""
    names = _names(name, manifest)
    if names is None:
        values = _numbers(frame, name)
        return np.where(np.isnan(values), -1, np.floor(values)).astype(np.int64)
    column = frame[name]
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.to_numpy(np.int64)
    if _kind(name, manifest) == "class":
        codes = column.fillna(-1).to_numpy(np.int64)
        return np.where((codes < 0) | (codes >= len(names)), -1, codes)
    place = {text: code for code, text in enumerate(names)}
    texts = column.map(str, na_action="ignore")
    return np.array([place.get(text, -1) for text in texts], np.int64)

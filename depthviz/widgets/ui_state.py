"""What a study can follow of a view's state, wherever the state comes from.

A state may be the browser's, a saved view's or an older study's, so nothing in it is
trusted. The rules are those of the page's own store (`readFilter`): the part of a
filter that the column can follow holds, the rest is left out.
"""

import sys
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from depthviz.widgets.filters import MAX_FILTERS
from depthviz.widgets.payload.manifest import code_count, column_info

__all__ = ["initial_state", "moved_boundaries", "valid_filters"]

_BOUNDARIES = 4
_LARGEST = sys.float_info.max


def valid_filters(
    state: Mapping[str, Any], manifest: Mapping[str, Any]
) -> dict[str, Any]:
    """Take from a state the filters that this study can follow."""
    filters = state.get("filters")
    if not isinstance(filters, Mapping):
        return {}
    read = {name: _read(name, raw, manifest) for name, raw in filters.items()}
    active = ((name, condition) for name, condition in read.items() if condition)
    return dict(islice(active, MAX_FILTERS))


def moved_boundaries(
    state: Mapping[str, Any], manifest: Mapping[str, Any]
) -> tuple[float, float, float, float] | None:
    """Take from a state the boundaries of the groups, unless they are the study's."""
    moved = state.get("boundaries")
    plane = manifest.get("plane")
    if not isinstance(moved, list) or len(moved) != _BOUNDARIES or plane is None:
        return None
    if moved == list(plane["boundaries"]):
        return None
    train_low, train_high, validation_low, validation_high = map(float, moved)
    return train_low, train_high, validation_low, validation_high


def initial_state(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """State what a view shows before any browser has sent its state."""
    plane = manifest.get("plane")
    boundaries = {"boundaries": list(plane["boundaries"])} if plane else {}
    return {"filters": {}, "selected_only": False, **boundaries}


def _read(name: str, raw: Any, manifest: Mapping[str, Any]) -> Any:
    """Read one filter; None or empty where the column can follow nothing of it."""
    column = column_info(manifest, name)
    if column is None or isinstance(raw, str):
        return None
    if isinstance(raw, Sequence):
        return _read_codes(raw, code_count(manifest, name))
    if not isinstance(raw, Mapping):
        return None
    if column["kind"] in ("text", "id"):
        return _read_text(raw.get("contains"))
    ends = ("from", "to") if column["kind"] == "number" else ()
    found = {end: raw[end] for end in ends if _is_end(raw.get(end))}
    return found | ({"missing": True} if raw.get("missing") is True else {})


def _read_codes(raw: Sequence[Any], count: int) -> list[int]:
    whole = (
        each
        for each in raw
        if isinstance(each, int | float) and not isinstance(each, bool)
    )
    return sorted({int(each) for each in whole if each in range(count)})


def _read_text(contains: Any) -> dict[str, str]:
    known = isinstance(contains, str) and contains.strip()
    return {"contains": contains} if known else {}


def _is_end(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and -_LARGEST <= value <= _LARGEST

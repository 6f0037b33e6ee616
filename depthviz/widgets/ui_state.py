"""What a study can follow of a view's state, wherever the state comes from.

A state may be the browser's, a saved view's or an older study's, so nothing in it is
trusted. The rules are those of the page's own store (`restoreState`, `readFilter`): the
part that the study can follow holds, the rest is left out.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeGuard

from depthviz.widgets.filters import MAX_FILTERS
from depthviz.widgets.payload.manifest import code_count, column_info

__all__ = ["followed_state", "initial_state", "moved_boundaries"]

_BOUNDARIES = 4
_AXES = 2
_LARGEST = sys.float_info.max
_SIZES = ("small", "medium", "large")
_PANELS = ("closed", "narrow", "wide", "full")
_ABSENT = object()


def followed_state(state: object, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Take from a state what this study can follow.

    Args:
        state: A mapping as the page keeps it; anything may be in it, or in its place.
        manifest: The study's.

    Returns:
        A state of the page's own keys, each of the type that the page expects, which
        JSON can write.
    """
    if not isinstance(state, Mapping):
        return {}
    read = {
        key: _READERS[key](value, manifest)
        for key, value in state.items()
        if key in _READERS
    }
    return {key: value for key, value in read.items() if value is not _ABSENT}


def moved_boundaries(
    state: Mapping[str, Any], manifest: Mapping[str, Any]
) -> tuple[float, float, float, float] | None:
    """Take the groups' boundaries from a state, unless they are the study's."""
    moved = state.get("boundaries")
    plane = manifest.get("plane")
    if moved is None or plane is None or moved == list(plane["boundaries"]):
        return None
    train_low, train_high, validation_low, validation_high = map(float, moved)
    return train_low, train_high, validation_low, validation_high


def initial_state(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """State what a view shows before any browser has sent its state."""
    plane = manifest.get("plane")
    boundaries = {"boundaries": list(plane["boundaries"])} if plane else {}
    return {"filters": {}, "selected_only": False, "compared": None, **boundaries}


def _read_probe(value: Any, manifest: Mapping[str, Any]) -> Any:
    last = len(manifest["probes"]) - 1
    return min(max(0, value), last) if _is_number(value) else _ABSENT


def _read_text(value: Any, _: Mapping[str, Any]) -> Any:
    return value if isinstance(value, str) else _ABSENT


def _read_truth(value: Any, _: Mapping[str, Any]) -> Any:
    return value if isinstance(value, bool) else _ABSENT


def _read_frame(value: Any, _: Mapping[str, Any]) -> Any:
    """How the page shares its space: told by the page, and handed back as it was."""
    if not isinstance(value, Mapping):
        return _ABSENT
    rail, split, panel = (value.get(key) for key in ("rail", "split", "panel"))
    frame: dict[str, Any] = {}
    if isinstance(rail, bool):
        frame["rail"] = rail
    if _is_number(split):
        frame["split"] = min(max(0, split), 1)
    if isinstance(panel, str) and panel in _PANELS:
        frame["panel"] = panel
    return frame


def _read_size(value: Any, _: Mapping[str, Any]) -> Any:
    return value if isinstance(value, str) and value in _SIZES else _ABSENT


def _read_focus(value: Any, manifest: Mapping[str, Any]) -> Any:
    if value is None:
        return None
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < manifest["count"] else _ABSENT


def _read_boundaries(value: Any, _: Mapping[str, Any]) -> Any:
    """Read four numbers, each low before its high; None of a study without groups."""
    if value is None:
        return None
    four = isinstance(value, list | tuple) and len(value) == _BOUNDARIES
    if not four or not all(map(_is_number, value)):
        return _ABSENT
    train_low, train_high, validation_low, validation_high = value
    ordered = train_low <= train_high and validation_low <= validation_high
    return list(value) if ordered else _ABSENT


def _read_names(value: Any, _: Mapping[str, Any]) -> Any:
    if not isinstance(value, list | tuple):
        return _ABSENT
    return list(dict.fromkeys(each for each in value if isinstance(each, str)))


def _read_axes(value: Any, manifest: Mapping[str, Any]) -> Any:
    """Read two columns of numbers; None where the map places the examples."""
    if value is None:
        return None
    names = value if isinstance(value, list | tuple) else ()
    known = [
        name
        for name in names
        if isinstance(name, str)
        and (column_info(manifest, name) or {}).get("kind") == "number"
    ]
    return known if len(names) == len(known) == _AXES else _ABSENT


def _read_filters(filters: Any, manifest: Mapping[str, Any]) -> Any:
    if not isinstance(filters, Mapping):
        return _ABSENT
    read = {name: _read_filter(name, raw, manifest) for name, raw in filters.items()}
    active = ((name, condition) for name, condition in read.items() if condition)
    return dict(islice(active, MAX_FILTERS))


def _read_filter(name: str, raw: Any, manifest: Mapping[str, Any]) -> Any:
    """Read one filter; None or empty where the column can follow nothing of it."""
    column = column_info(manifest, name)
    if column is None or isinstance(raw, str):
        return None
    if isinstance(raw, Sequence):
        return _read_codes(raw, code_count(manifest, name))
    if not isinstance(raw, Mapping):
        return None
    if column["kind"] in ("text", "id"):
        return _read_contained(raw.get("contains"))
    ends = ("from", "to") if column["kind"] == "number" else ()
    found = {end: raw[end] for end in ends if _is_number(raw.get(end))}
    return found | ({"missing": True} if raw.get("missing") is True else {})


def _read_codes(raw: Sequence[Any], count: int) -> list[int]:
    numbers = filter(_is_number, raw)
    return sorted({int(each) for each in numbers if each in range(count)})


def _read_contained(contains: Any) -> dict[str, str]:
    known = isinstance(contains, str) and contains.strip()
    return {"contains": contains} if known else {}


def _is_number(value: Any) -> TypeGuard[float]:
    """Whether a value is a number that a page can have: finite, and no truth value."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and -_LARGEST <= value <= _LARGEST


_READERS: dict[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "probe": _read_probe,
    "color": _read_text,
    "axes": _read_axes,
    "sort": _read_text,
    "reversed": _read_truth,
    "selected_only": _read_truth,
    "focus": _read_focus,
    "compared": _read_focus,
    "filters": _read_filters,
    "boundaries": _read_boundaries,
    "size": _read_size,
    "histograms": _read_names,
    "frame": _read_frame,
}

"""Look-ups in a manifest: how a column is packed, which values its codes name."""

from collections.abc import Mapping
from typing import Any

from depthviz.study.members import TWO_DEPTHS

__all__ = ["DEPTHS", "code_count", "column_info", "value_names"]

DEPTHS = ("depth", "train_label_depth", *TWO_DEPTHS)


def column_info(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """Find the description of a column, or None where the study has no such column."""
    return next((each for each in manifest["columns"] if each["name"] == name), None)


def value_names(manifest: Mapping[str, Any], name: str) -> list[str] | None:
    """Name the values of a column's codes, in order; None where it has no codes."""
    column = column_info(manifest, name)
    if column is None or column["kind"] not in ("class", "category"):
        return None
    classes = column["kind"] == "class"
    return list(manifest["classes"] if classes else column["categories"])


def code_count(manifest: Mapping[str, Any], name: str) -> int:
    """Count the codes that can filter a column: values, or the whole depths 0..P."""
    names = value_names(manifest, name)
    if names is not None:
        return len(names)
    return len(manifest["probes"]) + 1 if name in DEPTHS else 0

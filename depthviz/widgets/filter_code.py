"""Filters as lines of Python, so that a selection goes on in a script.

The lines need the study and pandas alone, and give the same examples as the view.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["python_lines"]

_TEXT = 'map(str, na_action="ignore")'


def python_lines(
    filters: Mapping[str, Any],
    manifest: Mapping[str, Any],
    *,
    study: str = "study",
    boundaries: Sequence[float] | None = None,
) -> str:
    """Write the Python that finds the examples that pass the filters.

    Args:
        filters: As the browser keeps them.
        manifest: The study's.
        study: The name of the study's variable.
        boundaries: Those of the groups, where they were moved.

    Returns:
        Lines of which the last is an expression: the rows of `study.frame()`.

    Example:
        >>> print(python_lines({"depth": {"from": 3}}, {"columns": [], "classes": []}))
        frame = study.frame()
        frame[
            (frame["depth"].astype("float32") >= 3)
        ]
    """
    lines = [f"frame = {study}.frame()"]
    if not filters:
        return "\n".join([*lines, "frame"])
    if "group" in filters and boundaries is not None:
        ends = ", ".join(f"{end:.9g}" for end in boundaries)
        lines += [
            f"moved = {study}.groups(boundaries=({ends}))",
            'frame["group"] = [moved.names[code] if code >= 0 else None '
            "for code in moved.codes.tolist()]",
        ]
    conditions = [_condition(name, kept, manifest) for name, kept in filters.items()]
    joined = [
        f"    {'& ' if i else ''}{condition}" for i, condition in enumerate(conditions)
    ]
    return "\n".join([*lines, "frame[", *joined, "]"])


def _condition(name: str, kept: Any, manifest: Mapping[str, Any]) -> str:
    column = f"frame[{json.dumps(name, ensure_ascii=False)}]"
    if isinstance(kept, Mapping) and "contains" in kept:
        texts = "frame.index.to_series()" if name == "example_id" else column
        wanted = kept["contains"].strip().lower()
        found = f"str.contains({wanted!r}, regex=False, na=False)"
        return f"{texts}.{_TEXT}.str.lower().{found}"
    info = next((c for c in manifest["columns"] if c["name"] == name), None)
    if isinstance(kept, Mapping) and info is not None and info["kind"] == "class":
        return f"~{column}.between(0, {len(manifest['classes']) - 1})"
    if isinstance(kept, Mapping):
        return _range(column, kept)
    if info is not None and info["kind"] == "category":
        return _categories(column, kept, info)
    if info is not None and info["kind"] == "class":
        names = [manifest["classes"][code] for code in kept]
        said = ", ".join(" ".join(text.split()) for text in names[:5])
        return f"{column}.isin({list(kept)})  # {said}"
    return f'({column}.astype("float32") // 1).isin({list(kept)})'


def _categories(column: str, kept: Sequence[int], info: Mapping[str, Any]) -> str:
    if info.get("truth"):
        return f"{column}.isin({[bool(code) for code in kept]})"
    names = [info["categories"][code] for code in kept]
    return f"{column}.{_TEXT}.isin({names!r})"


def _range(column: str, kept: Mapping[str, Any]) -> str:
    numbers = f'{column}.astype("float32")'
    ends = []
    if "from" in kept:
        ends.append(f"({numbers} >= {kept['from']:.9g})")
    if "to" in kept:
        ends.append(f"({numbers} <= {kept['to']:.9g})")
    inside = " & ".join(ends)
    if not kept.get("missing"):
        return inside
    return f"({inside} | {column}.isna())" if inside else f"{column}.isna()"

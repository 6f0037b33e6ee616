"""The filters of a view as lines of Python, so that a selection goes on in a script.

The lines need the study and pandas alone, and give the same examples as the view.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from depthviz.widgets.payload.manifest import column_info, value_names

__all__ = ["write_filter_code"]

_TEXT = 'map(str, na_action="ignore")'
_NAMED = 5


def write_filter_code(
    filters: Mapping[str, Any],
    manifest: Mapping[str, Any],
    *,
    study: str = "study",
    boundaries: Sequence[float] | None = None,
    selection: Sequence[Any] = (),
    selected_only: bool = False,
    decisions: str = "",
) -> str:
    """Write the Python that finds the examples that pass the filters.

    Args:
        filters: As the browser keeps them.
        manifest: The study's.
        study: The name of the study's variable.
        boundaries: Those of the groups, where they were moved.
        selection: Ids of the selected examples.
        selected_only: Whether they alone are shown.
        decisions: Python that gives the columns of decisions for `frame`, where the
            study is annotated; written where a filter goes by one of them.

    Returns:
        Lines of which the last is an expression: the rows of `study.frame()`. A
        selection is named `selected` in them; the rows are its own where it alone is
        shown.

    Example:
        >>> manifest = {"columns": [], "classes": []}
        >>> print(write_filter_code({"depth": {"from": 3}}, manifest))
        frame = study.frame()
        frame[
            (frame["depth"].astype("float32") >= 3)
        ]
    """
    lines = [f"frame = {study}.frame()"]
    if decisions and any(
        (column_info(manifest, name) or {}).get("changes") for name in filters
    ):
        lines += ["import depthviz", f"frame = frame.assign(**{decisions})"]
    plain = all(type(each) in (str, int) for each in selection)
    if selection:
        ids = list(selection) if plain else list(map(str, selection))
        lines += [f"selected = {ids!r}"]
    if "group" in filters and boundaries is not None:
        ends = ", ".join(f"{end:.9g}" for end in boundaries)
        lines += [
            f"moved = {study}.groups(boundaries=({ends}))",
            'frame["group"] = [moved.names[code] if code >= 0 else None '
            "for code in moved.codes.tolist()]",
        ]
    conditions = [_condition(name, each, manifest) for name, each in filters.items()]
    if selection and selected_only:
        texts = "" if plain else ".map(str)"
        conditions += [f"frame.index{texts}.isin(selected)"]
    if not conditions:
        return "\n".join([*lines, "frame"])
    joined = [f"    {'& ' if i else ''}{line}" for i, line in enumerate(conditions)]
    return "\n".join([*lines, "frame[", *joined, "]"])


def _condition(name: str, condition: Any, manifest: Mapping[str, Any]) -> str:
    column = f"frame[{json.dumps(name, ensure_ascii=False)}]"
    kind = (column_info(manifest, name) or {}).get("kind")
    if isinstance(condition, Mapping):
        if "contains" in condition:
            texts = "frame.index.to_series()" if name == "example_id" else column
            return _contains(texts, condition["contains"])
        if kind == "class":
            return f"~{column}.between(0, {len(manifest['classes']) - 1})"
        return _range(column, condition)
    if kind in ("class", "category"):
        return _values(column, condition, name, manifest)
    return f'({column}.astype("float32") // 1).isin({list(condition)})'


def _contains(texts: str, contains: str) -> str:
    wanted = contains.strip().lower()
    found = f"str.contains({wanted!r}, regex=False, na=False)"
    return f"{texts}.{_TEXT}.str.lower().{found}"


def _values(
    column: str, codes: Sequence[int], name: str, manifest: Mapping[str, Any]
) -> str:
    info = column_info(manifest, name) or {}
    names = value_names(manifest, name) or []
    if info.get("truth"):
        return f"{column}.isin({[bool(code) for code in codes]})"
    values = [names[code] for code in codes]
    if info["kind"] == "category":
        return f"{column}.{_TEXT}.isin({values!r})"
    comment = ", ".join(" ".join(text.split()) for text in values[:_NAMED])
    return f"{column}.isin({list(codes)})  # {comment}"


def _range(column: str, condition: Mapping[str, Any]) -> str:
    numbers = f'{column}.astype("float32")'
    ends = []
    if "from" in condition:
        ends.append(f"({numbers} >= {condition['from']:.9g})")
    if "to" in condition:
        ends.append(f"({numbers} <= {condition['to']:.9g})")
    inside = " & ".join(ends)
    if not condition.get("missing"):
        return inside
    return f"({inside} | {column}.isna())" if inside else f"{column}.isna()"

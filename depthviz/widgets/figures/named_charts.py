"""The charts of `depthviz.charts` by name."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from depthviz import charts
from depthviz.errors import ArgumentError
from depthviz.study import Study

__all__ = ["chart_names", "chart_of", "draws_part"]


def chart_names() -> list[str]:
    """List the functions of `depthviz.charts` that draw a study."""
    return [
        name
        for name in dir(charts)
        if name.islower() and not name.endswith("_table") and _draws(name)
    ]


def chart_of(name: str) -> Callable[..., Any]:
    """Find a chart by its name.

    Args:
        name: Such as "depth_histogram".

    Returns:
        The function that draws it.

    Raises:
        ArgumentError: If there is none of that name; lists those that there are.
    """
    known = chart_names()
    if name not in known:
        near = difflib.get_close_matches(str(name), known, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        listed = ", ".join(map(repr, known))
        raise ArgumentError(f"Unknown chart {name!r}.{hint} There are: {listed}.")
    found: Callable[..., Any] = getattr(charts, name)
    return found


def draws_part(
    name: str, study: Study, options: Mapping[str, Any]
) -> Callable[[Any], Any]:
    """Make what draws a chart of some examples of a study.

    Args:
        name: Of the chart.
        study: The study.
        options: Of the chart.

    Returns:
        A function of the examples, None for all; where the chart is always of all
        examples it takes no notice of them.

    Raises:
        ArgumentError: If there is no such chart, or the options say which examples.
    """
    chart = chart_of(name)
    known = inspect.signature(chart).parameters
    if "examples" in options:
        raise ArgumentError(
            "The examples are those of the view. For others, draw the chart itself: "
            f"depthviz.charts.{name}(study, examples=...)."
        )
    if "examples" not in known:
        return lambda _: chart(study, **options)
    return lambda examples: chart(study, examples=examples, **options)


def _draws(name: str) -> bool:
    """Whether a function takes the options of a chart."""
    return any(
        one.kind is one.VAR_KEYWORD
        for one in inspect.signature(getattr(charts, name)).parameters.values()
    )

"""Several studies beside each other: a panel each, all on the same scales.

The table of several studies has their names in a column `study`; that of one has none,
and is drawn without panels of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from depthviz.charts.look.names import short_names
from depthviz.charts.look.options import Look, read_options
from depthviz.charts.look.parts import facet_look, panels
from depthviz.charts.reading import Read

__all__ = [
    "beside",
    "beside_look",
    "name_panels",
    "same_probes",
    "studies_in",
]

LONGEST = 60  # letters of a panel's name


def studies_in(table: pd.DataFrame) -> list[str]:
    """Find the names of the studies of a table.

    Args:
        table: As `table_of_each` makes it.

    Returns:
        Their names; none of a lone one.
    """
    return list(dict.fromkeys(table["study"])) if "study" in table else []


def same_probes(studies: Iterable[Read]) -> bool:
    """Tell whether studies can share an axis of probes.

    Args:
        studies: What is drawn.

    Returns:
        Whether all have the same ones.
    """
    return len({one.study.probes for one in studies}) == 1


def name_panels(
    table: pd.DataFrame, part: str = "", *, shown: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Name the panel that each row stands in.

    Args:
        table: As `table_of_each` makes it.
        part: The column of the panels that one study has; "" where it has one.
        shown: What these are called, where not by their own names.

    Returns:
        The table, with the names in `shown`, and all of them in their order, the
        studies of a part beside each other.
    """
    parts = list(dict.fromkeys(table[part])) if part else [""]
    studies = studies_in(table) or [""]
    keys = pd.MultiIndex.from_arrays(
        [
            table["study"] if "study" in table else [""] * len(table),
            table[part] if part else [""] * len(table),
        ]
    )
    there = set(keys)
    pairs = [
        (study, one) for one in parts for study in studies if (study, one) in there
    ]
    called = [
        ": ".join(filter(None, (study, str((shown or {}).get(one, one)))))
        for study, one in pairs
    ]
    names = dict(zip(pairs, short_names(called, longest=LONGEST), strict=True))
    return table.assign(shown=[names[key] for key in keys]), list(names.values())


def beside_look(
    options: Any,
    table: pd.DataFrame,
    *,
    width: float,
    height: float,
    print_width: float = 190,
    across: int = 1,
) -> tuple[Look, int]:
    """Choose how large each panel is, or the plot of a study without panels.

    Args:
        options: As `ChartOptions`.
        table: In which `name_panels` named the panels.
        width: Of a lone one on a screen.
        height: Likewise.
        print_width: Of a lone one in print.
        across: How many stand side by side in print, at most.

    Returns:
        How to draw one, and how many stand side by side.
    """
    count = max(1, table["shown"].nunique())
    if count == 1:
        look = read_options(
            options, width=width, height=height, print_width=print_width
        )
        return look, 1
    if options.get("theme") != "print":
        most = 3 if across == 1 and count > 4 else 0  # beside lines stand their names
        return facet_look(options, count, width=width, height=height, columns=most)
    columns = min(across, count)
    wide = print_width / columns
    look = read_options(
        options,
        width=wide,
        height=wide * height / width,
        print_width=round(wide),
        print_height=round(wide * height / width),
    )
    return look, columns


def beside(
    chart: Any, table: pd.DataFrame, look: Look, *, columns: int, apart: bool = False
) -> Any:
    """Draw each panel with its name above; what has no panels as it is.

    Args:
        chart: Of a table in which `name_panels` named the panels.
        table: That table.
        look: How.
        columns: How many stand side by side.
        apart: Whether each has its own axis of probes.

    Returns:
        The drawing.
    """
    names = list(dict.fromkeys(table["shown"]))
    if names in ([], [""]):
        return chart
    drawn = panels(chart, look, names, columns=columns)
    return drawn.resolve_scale(x="independent") if apart else drawn

"""Where columns and ribbons of a flow stand: a column a probe, a ribbon a change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from depthviz.charts.look.ends import spread_apart
from depthviz.charts.look.names import short_names
from depthviz.charts.look.options import Look
from depthviz.study import Study

__all__ = ["BLOCK", "ENDS", "LONGEST", "blocks_of", "names_beside", "ribbons_of"]

ENDS = ["from_probe", "to_probe", "from_class", "to_class"]
BLOCK = 0.06  # half the width of a probe's column, in steps from probe to probe
GAP = 0.012  # between two classes of a column, in columns
LONGEST = 16  # letters of a class's name
NAMED = 0.012  # share of the votes from which on a class has its name written


def blocks_of(study: Study, table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Find where each class stands in the column of each probe.

    Args:
        study: What is drawn.
        table: Of `vote_flow_table`.
        names: Of the classes, from above.

    Returns:
        A row for each probe and class, with `top` and `below` from 0 above to 1 below,
        and `left` and `right`, in places of the probes.
    """
    before = table.groupby(["from_probe", "from_class"])["examples"].sum()
    after = table.groupby(["to_probe", "to_class"])["examples"].sum()
    total = max(1, int(before.get(study.probes[0], pd.Series([1])).sum()))
    free = GAP * (len(names) - 1)
    rows = []
    for at, probe in enumerate(study.probes):
        counts, top = (before if at == 0 else after), 0.0
        for name in names:
            count = int(counts.get((probe, name), 0))
            below = top + (1 - free) * count / total
            rows.append((at, probe, name, count, count / total, top, below))
            top = below + GAP
    listed = ["place", "probe", "class", "examples", "share", "top", "below"]
    found = pd.DataFrame(rows, columns=listed)
    return found.assign(left=found["place"] - BLOCK, right=found["place"] + BLOCK)


def ribbons_of(study: Study, table: pd.DataFrame, blocks: pd.DataFrame) -> pd.DataFrame:
    """Find four places of the edges of each ribbon, which is level at both ends.

    Args:
        study: What is drawn.
        table: Of `vote_flow_table`.
        blocks: Of `blocks_of`.

    Returns:
        Four rows a ribbon, with its number in `flow`.
    """
    order = {name: code for code, name in enumerate(dict.fromkeys(blocks["class"]))}
    place = {name: code for code, name in enumerate(study.probes)}
    tops = blocks.set_index(["probe", "class"])["top"]
    scale = (blocks["below"] - blocks["top"]).sum() / max(1, blocks["examples"].sum())
    rows = table.assign(
        a=table["from_class"].map(order), b=table["to_class"].map(order)
    )
    edges = []
    for side, first, second in (("from", "a", "b"), ("to", "b", "a")):
        by = [f"{side}_probe", f"{side}_class"]
        rows = rows.sort_values([f"{side}_probe", first, second], kind="stable")
        before = rows.groupby(by, sort=False)["examples"].cumsum() - rows["examples"]
        own = [tops[key] for key in zip(rows[by[0]], rows[by[1]], strict=True)]
        rows[f"{side}_top"] = np.array(own) + scale * before
        edges.append(f"{side}_top")
    rows = rows.sort_index()
    parts = []
    for step, edge in ((BLOCK, 0), (0.2, 0), (0.8, 1), (1 - BLOCK, 1)):
        columns = rows[[*ENDS, "examples", "share"]].assign(
            flow=np.arange(len(rows)),
            place=rows["from_probe"].map(place) + step,
            top=rows[edges[edge]],
            below=rows[edges[edge]] + scale * rows["examples"],
            stays=rows["from_class"] == rows["to_class"],
        )
        parts.append(columns)
    return pd.concat(parts, ignore_index=True)


def names_beside(study: Study, blocks: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Find where the names of the classes stand beside the last column.

    Args:
        study: What is drawn.
        blocks: Of `blocks_of`.
        look: How the chart is drawn.

    Returns:
        The blocks of the last column that are high enough, with `words` and `at`.
    """
    last = blocks[blocks["place"] == len(study.probes) - 1]
    last = last[last["share"] >= NAMED]
    middle = ((last["top"] + last["below"]) / 2).tolist()
    at = spread_apart(middle, 1.15 * look.font_size / look.height, within=(0, 1))
    words = short_names(last["class"], longest=LONGEST)
    return last.assign(at=at, words=words)

"""How many of a study's own depths hang on a convention.

Every convention that the stored neighbors can show is changed alone, the others left as
the study has them; then those of published codes, all at once. What stored neighbors
cannot show is listed too, with the reason. For one network: of an ensemble, its shown
member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import nan, sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from depthviz.errors import StudyError
from depthviz.machine.ambient import neutral_state
from depthviz.probes import TIES
from depthviz.study.container import Study
from depthviz.study.conventions.definition import COMPARE_WITH, Conventions
from depthviz.study.conventions.presets import PRESETS
from depthviz.study.conventions.recount import Recount, Recounted

__all__ = [
    "COLUMNS",
    "POOLED",
    "as_table",
    "rank_correlation",
    "stored_sensitivity",
    "untold_row",
    "wilson",
]

POOLED = "other pooling"
"""The convention that a study's neighbors do not show, but a network does."""

SIZES = (29, 20, 10, 5, 1)
CLEAR = 0.62  # of the neighbors; a published code counts a vote only above it
NORMAL = 1.959963984540054  # 97.5 % of a standard normal lie below
COLUMNS = (
    "convention",
    "changed",
    "share",
    "low",
    "high",
    "rank_correlation",
    "votes_changed",
    "no_depth",
    "differs",
    "untold",
)


class Case(NamedTuple):
    """A convention to look at."""

    name: str
    differs: str
    conventions: Conventions
    untold: str = ""
    scale: float = 1.0
    merge: bool = False


@neutral_state()
def stored_sensitivity(study: Study) -> pd.DataFrame:
    """Tell how many depths of a study another convention would change.

    Depth is found again from the stored neighbors under each other convention, in the
    study's own probes, and compared with `depth`. A depth that a published code scales
    is compared before scaling; where it merges the least depths, so are the study's
    before they are compared, since that has a row of its own.

    Args:
        study: What was measured; of an ensemble, its shown member is looked at.

    Returns:
        One row a convention, "as measured" first, with the columns `convention`;
        `changed`, how many depths are others; `share`, in [0, 1], of all, with its 95 %
        Wilson interval from `low` to `high`; `rank_correlation` (Spearman's) of both
        depths; `votes_changed`, share of the votes at the probes that are left;
        `no_depth`, how many examples have none (counted as changed); then in words
        `differs`, and `untold`, what stored neighbors do not show of it. Where they
        show nothing, all numbers are missing.

    Raises:
        StudyError: If the study has no neighbors, or no depth.

    Example:
        >>> import torch
        >>> from depthviz.measurement import measure
        >>> points = torch.randn(40, 2, generator=torch.Generator().manual_seed(0))
        >>> data = points, (points[:, 0] > 0).long()
        >>> net = torch.nn.Linear(2, 2)
        >>> study = measure(net, data, k=5, projection=None, progress=False)
        >>> table = stored_sensitivity(study)
        >>> table["convention"][0], int(table["changed"][0])
        ('as measured', 0)
    """
    recount = Recount(study)
    if "depth" not in study.dataset:
        raise StudyError(
            "The study has no depth to compare with. Measure it with depthviz.measure."
        )
    depth = study.dataset["depth"].values.astype(np.float64)
    before = recount.under(recount.own)
    rows = [_row(case, recount, depth, before) for case in _cases(recount)]
    rows += [untold_row(*case) for case in _not_told(study)]
    return as_table(rows)


def as_table(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Make a table of rows, one a convention."""
    table = pd.DataFrame(list(rows), columns=list(COLUMNS))
    return table.astype({"changed": "Int64", "no_depth": "Int64"})


def _cases(recount: Recount) -> Iterator[Case]:
    own = recount.own
    yield Case("as measured", "nothing", own)
    for ties in TIES:
        if ties != own.ties:
            text = f"of tied classes wins: {ties}"
            yield Case(f"ties: {ties}", text, own._replace(ties=ties))
    yield _other_self(own)
    for other in COMPARE_WITH:
        if other != own.compare_with:
            text = f"votes are compared with: {other}"
            case = own._replace(compare_with=other)
            yield Case(f"compare with: {other}", text, case)
    yield Case(
        "weights: inverse distance",
        "nearer neighbors have more of a vote",
        own._replace(weights="inverse distance"),
    )
    yield Case(
        f"votes above {CLEAR:.0%}",
        f"a vote without more than {CLEAR:.0%} of the neighbors is one against",
        own._replace(share=CLEAR),
    )
    yield from _smaller(recount)
    yield from _fewer_probes(recount)
    yield Case("depth 0 and 1 merged", "the least depth is 1", own._replace(least=1))
    scale = 1 / (recount.data.sizes["probe"] + 1)
    text = "every depth is a share of P + 1: other numbers in the same order"
    yield Case("depth scaled", text, own, scale=scale)
    for preset in PRESETS.values():
        yield Case(
            f"as in {preset.name}",
            preset.differs,
            preset.conventions,
            "; ".join(preset.lost),
            merge=preset.conventions.least > 0,
        )


def _other_self(own: Conventions) -> Case:
    """Change whether a training example is among its own neighbors."""
    other = not own.include_self
    who = "every" if other else "no"
    text = f"{who} training example votes for itself"
    return Case(f"include self: {other}", text, own._replace(include_self=other))


def _smaller(recount: Recount) -> Iterator[Case]:
    stored, own = recount.data.sizes["neighbor"], recount.own
    for k in sorted({stored - 1, *SIZES}, reverse=True):
        if 1 <= k < stored:
            noun = "neighbor votes" if k == 1 else "neighbors vote"
            yield Case(f"k = {k}", f"the nearest {k} {noun}", own._replace(k=k))


def _fewer_probes(recount: Recount) -> Iterator[Case]:
    names, own = recount.data["probe"].values, recount.own
    every = range(len(names))
    if len(names) == 1:
        return
    for place, name in enumerate(names):
        text = f"no probe at {name!s}"
        yield Case(f"without {name!s}", text, own._replace(left_out=(place,)))
    for first, text in enumerate(("first", "second")):
        left_out = tuple(place for place in every if place % 2 != first)
        case = own._replace(left_out=left_out)
        yield Case(f"half the probes, {text}", f"every other, from the {text} on", case)


def _not_told(study: Study) -> Iterator[tuple[str, str, str]]:
    """Name what is not shown by the stored neighbors."""
    metric = str(study.dataset.attrs.get("metric", "euclidean"))
    again = "Measure again with {} and compare."
    for other in ("euclidean", "cosine", "L1"):
        if other != metric:
            reason = f"Neighbors are stored for {metric} distances only."
            if other != "L1":
                reason += " " + again.format(f"metric={other!r}")
            yield f"metric: {other}", "the distance between embeddings", reason
    k = study.dataset.sizes["neighbor"]
    yield (
        f"k > {k}",
        "more neighbors vote",
        f"{k} are stored. " + again.format("a larger k"),
    )
    pooled = (
        "Neighbors are stored for one reading of each probe. Give model= and data=."
    )
    yield POOLED, "probes read their tokens or positions by another rule", pooled
    fewer = "Neighbors among all references are stored; " + again.format("fewer")
    yield "fewer references", "a part of the training examples votes", fewer
    training = "The network was measured in evaluation mode."
    yield "batch norm in training mode", "embeddings depend on the batch", training
    more = "No neighbors are stored at other places. " + again.format("probes=[...]")
    yield "other probes", "probes at more or other places", more


def _row(
    case: Case, recount: Recount, depth: NDArray[np.float64], before: Recounted
) -> dict[str, Any]:
    try:
        found = recount.under(case.conventions)
    except StudyError as error:
        return untold_row(case.name, case.differs, str(error))
    if case.merge:
        depth = np.maximum(depth, found.places[0] + 1)
    changed = int((found.depth * case.scale != depth).sum())
    low, high = wilson(changed, len(depth))
    told = ~np.isnan(found.depth)
    votes = before.votes[np.searchsorted(before.places, found.places)]
    return {
        "convention": case.name,
        "differs": case.differs,
        "changed": changed,
        "share": changed / len(depth),
        "low": low,
        "high": high,
        "rank_correlation": rank_correlation(found.depth[told], depth[told]),
        "votes_changed": float((found.votes != votes).mean()),
        "no_depth": int((~told).sum()),
        "untold": case.untold,
    }


def untold_row(name: str, differs: str, reason: str) -> dict[str, Any]:
    """Make a row of a convention that is not shown, with the reason."""
    missing = dict.fromkeys(COLUMNS, nan)
    return {
        **missing,
        "convention": name,
        "differs": differs,
        "changed": pd.NA,
        "no_depth": pd.NA,
        "untold": reason,
    }


def wilson(found: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share after Wilson."""
    share, spread = found / count, NORMAL**2 / count
    center = share + spread / 2
    half = sqrt(spread * (share * (1 - share) + spread / 4))
    low, high = (center - half) / (1 + spread), (center + half) / (1 + spread)
    return max(0.0, low), min(1.0, high)


def rank_correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Spearman's; NaN where either is constant, or there is nothing."""
    if not len(one):
        return nan
    ranks = [rankdata(values) - (len(values) + 1) / 2 for values in (one, other)]
    lengths = sqrt(float((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float((ranks[0] * ranks[1]).sum()) / lengths if lengths else nan

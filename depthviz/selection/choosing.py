"""Choosing which examples to keep, by any method of the table."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.checks import whole_number
from depthviz.errors import ArgumentError
from depthviz.machine.console import print_line
from depthviz.selection.amounts import even_budgets, keep_count
from depthviz.selection.candidates import Candidates
from depthviz.selection.listing import candidates_of
from depthviz.selection.methods.picked import Method, Picked
from depthviz.selection.methods.table import METHODS
from depthviz.selection.result import Selection
from depthviz.study import Study

__all__ = ["select"]

SHARED = ("embeddings", "probe", "model", "data", "device", "collate_fn", "forward")


def select(
    study: Study,
    *,
    keep: float,
    method: str,
    by: str | None = None,
    balance: str | None = None,
    seed: int = 0,
    progress: bool = True,
    **options: Any,
) -> Selection:
    """Choose which training examples to keep.

    Args:
        study: What they were measured in. Of one network, its training examples are
            chosen among; of many, all.
        keep: How many: an int is a number, a float a share, rounded down. 1 is one
            example, 1.0 all of them.
        method: How, see `depthviz.selection.METHODS`: "random", "balanced", "easiest",
            "hardest", "largest", "smallest", "middle", "stratified", "beta", "message
            passing", "neighborhood", "k-center" or "facility location".
        by: Column that is chosen by; of some methods there is a usual one.
        balance: Column of which each value gets as many examples as the others, as far
            as it has them, such as "label" or "group"; None for no balance.
        seed: Decides all that is left to chance, and between equal values.
        progress: Whether what the method noted is printed.
        **options: The method's own: `cutoff`, `strata`; `c`, `mean`; `k`, `gamma`;
            `tau`, `eta`; `first`. Where a method goes by near examples, `probe=` names
            whose stored neighbors are read; `model=` and `data=` (`device=`,
            `collate_fn=`, `forward=`) read the embeddings of that probe instead, and
            `embeddings=` is an array with a row for each example of the study.

    Returns:
        The selection, with what was noted on the way.

    Raises:
        ArgumentError: If there is no such method or option, something is out of range,
            a column has no harder end where one is needed, or misses values.
        StudyError: If the study lacks a column; says what adds it.
        ShapeError: If embeddings are not those of the study's examples.

    Example:
        >>> import xarray as xr
        >>> columns = {"depth": [3.0, 0.0, 2.0, 1.0], "label": [0, 0, 1, 1]}
        >>> data = xr.Dataset({name: ("example", columns[name]) for name in columns})
        >>> study = Study(data.assign_coords(example_id=("example", list("abcd"))))
        >>> select(study, keep=0.5, method="easiest", by="depth").ids
        ['b', 'd']
        >>> select(study, keep=2, method="hardest", by="depth", balance="label").ids
        ['a', 'c']
    """
    rule = _find_method(method)
    seed = whole_number("seed", seed, least=0)
    source = {name: options.pop(name) for name in SHARED if name in options}
    if source and not rule.near:
        raise ArgumentError(
            f"method={rule.name!r} goes by no near examples; leave out "
            f"{next(iter(source))}=."
        )
    column = _column(rule, by)
    settings = _options(rule, options)
    pool = Candidates(study, seed=seed, method=method, **source)
    count = keep_count(keep, len(pool))
    if rule.name == "balanced":
        balance = balance or "label"
    picked = _pick(rule, pool, count, {**settings, "by": column, "balance": balance})
    if progress:
        for note in picked.notes:
            print_line(note)
    table, whole = candidates_of(study)
    weights = np.ones(count) if picked.weights is None else picked.weights
    return Selection(
        table,
        picked.rows,
        weights,
        score=None if picked.score is None else picked.score[picked.rows],
        method=rule.name,
        by=column or None,
        options={**settings, **source, "balance": balance, "seed": seed},
        facts=picked.facts,
        notes=picked.notes,
        is_ordered=rule.ordered,
        of=whole,
    )


def _pick(
    rule: Method, pool: Candidates, count: int, options: dict[str, Any]
) -> Picked:
    """Choose among all, or as many in each class."""
    balance = options["balance"]
    if balance is None or rule.balances:
        return rule.run(pool, count, options)
    classes = pool.classes(balance)
    budgets = even_budgets(np.bincount(classes), count)
    parts, score = [], np.full(len(pool), np.nan)
    for value in np.flatnonzero(budgets):
        places = np.flatnonzero(classes == value)
        found = rule.run(pool.part(places), int(budgets[value]), options)
        if found.score is not None:
            score[places] = found.score
        parts.append((places, found))
    return _join(parts, score)


def _join(
    parts: list[tuple[NDArray[np.intp], Picked]], score: NDArray[np.float64]
) -> Picked:
    """Join what was chosen in each class, so that every first part is balanced, too."""
    rows = np.concatenate([places[found.rows] for places, found in parts])
    turn = np.concatenate(
        [(np.arange(len(found.rows)) + 0.5) / len(found.rows) for _, found in parts]
    )
    order = np.argsort(turn, kind="stable")
    first = parts[0][1]
    weights = None
    if first.weights is not None:
        weights = np.concatenate([found.weights for _, found in parts])[order]
    return Picked(
        rows[order],
        None if first.score is None else score,
        weights,
        facts={"classes": len(parts)},
        notes=tuple(dict.fromkeys(note for _, found in parts for note in found.notes)),
    )


def _find_method(name: Any) -> Method:
    if isinstance(name, str) and name in METHODS:
        return METHODS[name]
    listed = ", ".join(map(repr, METHODS))
    raise ArgumentError(f"Unknown method {name!r}. There are: {listed}.")


def _column(rule: Method, by: str | None) -> str:
    if rule.by == "":
        if by is not None:
            raise ArgumentError(
                f"method={rule.name!r} chooses by no column; leave out by={by!r}."
            )
        return ""
    if by is None and rule.by is None:
        raise ArgumentError(
            f"method={rule.name!r} needs by=, {rule.needs}, such as by='depth'; "
            "study.available() lists what a study has."
        )
    return str(by or rule.by)


def _options(rule: Method, given: dict[str, Any]) -> dict[str, Any]:
    unknown = [name for name in given if name not in rule.options]
    if unknown:
        known = ", ".join(map(repr, rule.options)) or "none of its own"
        raise ArgumentError(
            f"method={rule.name!r} has no option {unknown[0]!r}; it has {known}."
        )
    return {**rule.options, **given}

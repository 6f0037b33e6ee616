"""One word from many: what annotators say together, and their ratings as tables.

Knows triples of example, annotator and value, and nothing of events.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from depthviz.errors import ArgumentError, DependencyError

__all__ = ["RULES", "by_example", "disagreement", "ratings", "resolve", "settle"]

Triple = tuple[str, str, str]
_FORMS = ("long", "wide")
_EQUAL = 1e-9  # posteriors as near as this tell nothing apart


def ratings(triples: Sequence[Triple], form: str) -> pd.DataFrame:
    """Put ratings into a table, long or wide."""
    if form not in _FORMS:
        raise ArgumentError(f"form must be 'long' or 'wide', got {form!r}.")
    table = pd.DataFrame(triples, columns=["task", "worker", "label"], dtype=object)
    if form == "long":
        return table
    wide = table.pivot(index="task", columns="worker", values="label")
    first = table["task"].drop_duplicates()
    wide = wide.reindex(index=first)
    return wide.rename_axis(index="example", columns="annotator")


def resolve(
    triples: Sequence[Triple], rule: str, *, adjudicator: str | None = None
) -> pd.Series[Any]:
    """Settle ratings by a rule, as a column; what it leaves open is left out."""
    settled = settle(triples, rule, adjudicator=adjudicator)
    return pd.Series(settled, dtype=object, name="value").rename_axis("example")


def settle(
    triples: Sequence[Triple],
    rule: str,
    *,
    adjudicator: str | None = None,
    annotators: Sequence[str] | None = None,
) -> dict[str, str]:
    """Settle ratings by a rule: the value of each example where there is one.

    Annotators are all who may adjudicate, by default those who gave these ratings.
    """
    if rule not in RULES:
        raise ArgumentError(
            f"rule must be one of {', '.join(map(repr, RULES))}, got {rule!r:.80}."
        )
    workers = annotators or sorted({worker for _, worker, _ in triples})
    if rule == "adjudicator" and workers and adjudicator not in workers:
        raise ArgumentError(
            f"adjudicator must be one of the annotators {workers!r:.300}, got "
            f"{adjudicator!r:.80}."
        )
    return RULES[rule](triples, adjudicator)


def disagreement(values: Sequence[str]) -> float:
    """Share of pairs of ratings that differ; NaN below two."""
    pairs = len(values) * (len(values) - 1)
    same = sum(count * (count - 1) for count in Counter(values).values())
    return 1 - same / pairs if pairs else float("nan")


def by_example(triples: Sequence[Triple]) -> dict[str, dict[str, str]]:
    """What each annotator says, by example."""
    found: dict[str, dict[str, str]] = {}
    for example, worker, value in triples:
        found.setdefault(example, {})[worker] = value
    return found


def _majority(triples: Sequence[Triple], _: str | None) -> dict[str, str]:
    settled = {}
    for example, said in by_example(triples).items():
        ranked = Counter(said.values()).most_common(2)
        if len(ranked) == 1 or ranked[0][1] > ranked[1][1]:
            settled[example] = ranked[0][0]
    return settled


def _unanimous(triples: Sequence[Triple], _: str | None) -> dict[str, str]:
    found = by_example(triples).items()
    return {
        example: next(iter(said.values()))
        for example, said in found
        if len(set(said.values())) == 1
    }


def _adjudicated(triples: Sequence[Triple], adjudicator: str | None) -> dict[str, str]:
    own = {
        example: value for example, worker, value in triples if worker == adjudicator
    }
    others = [triple for triple in triples if triple[1] != adjudicator]
    settled = {**_majority(others, None), **own}
    return {
        example: settled[example]
        for example in by_example(triples)
        if example in settled
    }


def _dawid_skene(triples: Sequence[Triple], _: str | None) -> dict[str, str]:
    try:
        from crowdkit.aggregation import DawidSkene
    except ImportError as error:
        raise DependencyError(
            "The rule 'dawid-skene' needs crowd-kit: pip install "
            "'torch-depthviz[crowd]'."
        ) from error
    if not triples:
        return {}
    with warnings.catch_warnings():  # of pandas, about how crowd-kit calls it
        warnings.simplefilter("ignore")
        found = DawidSkene(n_iter=100).fit_predict_proba(ratings(triples, "long"))
    likeliest = found.max(axis=1)
    tied = found.ge(likeliest - _EQUAL, axis=0).sum(axis=1) > 1
    return {
        str(example): str(value)
        for example, value in found.idxmax(axis=1)[~tied].items()
    }


RULES: dict[str, Callable[[Sequence[Triple], str | None], dict[str, str]]] = {
    "majority": _majority,
    "unanimous": _unanimous,
    "adjudicator": _adjudicated,
    "dawid-skene": _dawid_skene,
}

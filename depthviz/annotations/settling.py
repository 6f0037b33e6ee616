"""What annotators settle together: a verdict on each example, and the class it needs.

A class is taken only where the verdict that holds says that the label is wrong, and
only from those who say so, too: what was said beside another verdict settles nothing.
Knows decisions and what verdicts say of a label, and neither labels nor events.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from depthviz.annotations import resolving
from depthviz.annotations.folding import Decision
from depthviz.errors import ArgumentError

__all__ = ["RATED", "rated", "settle_decisions"]

RATED = ("verdict", "label")
Triple = tuple[str, str, str]


def rated(decisions: Sequence[Decision], field: str) -> list[Triple]:
    """Give example, annotator and value of one field, wherever there is one."""
    return [
        (each.example, each.annotator, each.values[field])
        for each in decisions
        if field in each.values
    ]


def settle_decisions(
    decisions: Sequence[Decision],
    rule: str,
    *,
    adjudicator: str | None,
    roles: Mapping[str, str],
    excluded: Collection[str] = (),
) -> tuple[dict[str, str], dict[str, str]]:
    """Settle verdicts, and the right class of what has a wrong label.

    Args:
        decisions: What annotators say now.
        rule: As of `Annotations.resolve`.
        adjudicator: Whose word holds, for that rule; of a verdict or a class that this
            annotator does not give, the others' holds.
        roles: What each verdict says of the label: "confirms", "relabels" or nothing.
        excluded: Verdicts whose examples need no class.

    Returns:
        Verdicts and classes by example, as far as they are settled. Where nobody gave
        a verdict, a class alone says that the label is wrong.

    Raises:
        ArgumentError: If a class was given beside a verdict of which nobody told what
            it says.
    """
    everyone = sorted({each.annotator for each in decisions})

    def settle(triples: Sequence[Triple]) -> dict[str, str]:
        return resolving.settle(
            triples, rule, adjudicator=adjudicator, annotators=everyone
        )

    verdicts = settle(rated(decisions, "verdict"))
    labels = [*_labels(decisions, verdicts, {**roles, **dict.fromkeys(excluded, "")})]
    return verdicts, settle(labels)


def _labels(
    decisions: Sequence[Decision], verdicts: Mapping[str, str], roles: Mapping[str, str]
) -> Iterator[Triple]:
    """The classes that count: of those who say nothing else than what is settled."""
    judged = {each.example for each in decisions if "verdict" in each.values}
    for each in decisions:
        verdict = verdicts.get(each.example)
        if "label" not in each.values:
            continue
        if each.example in judged:
            own = each.values.get("verdict", verdict)
            if verdict is None or own != verdict or not _relabels(verdict, roles):
                continue
        yield each.example, each.annotator, each.values["label"]


def _relabels(verdict: str, roles: Mapping[str, str]) -> bool:
    if verdict not in roles:
        raise ArgumentError(
            f"Classes were given with the verdict {verdict!r:.80}, and nobody told "
            "whether it says that the label is wrong: give the schema by which it was "
            "given, depthviz.annotations.open(place, schema=...)."
        )
    return roles[verdict] == "relabels"

"""What a depth depends on apart from the network and the data: conventions.

The paper leaves some of them open, and public codes differ in all. Each is a named
choice here, with the library's own as its default; those that `measure` takes are
stored with the study and read back from it. Knows nothing of how a depth is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args

from depthviz.checks import renamed_keywords
from depthviz.errors import StudyError

__all__ = [
    "COMPARE_WITH",
    "CompareWith",
    "Conventions",
    "current_names",
    "stored_conventions",
]

TieRule = Literal["nearest", "smallest", "fewer neighbors"]
CompareWith = Literal["prediction", "label", "last probe"]
COMPARE_WITH: tuple[CompareWith, ...] = get_args(CompareWith)
# What studies said before their conventions were choices.
EARLIER = {
    "ties": (
        "ties",
        "class of the nearest neighbor among the tied, then smaller index",
    ),
    "compare_with": ("depth_compares_with", "prediction"),
}


@renamed_keywords(itself="include_self")
class Conventions(NamedTuple):
    """Everything by which a depth is found from neighbors.

    Attributes:
        ties: Which of tied labels wins a vote; `knn_vote` says what each means.
        include_self: Whether a training example is among its own neighbors.
        compare_with: The class that votes are compared with: the network's prediction,
            the given label, or the vote of the last probe.
        k: How many of the stored neighbors vote; None is all of them.
        drop_nearest: Whether the nearest hit is taken for the example itself and let go
            of, without a look at its index: one of the k, or one more than k and only
            where the example was trained on.
        weights: Whether each neighbor has one vote, or the inverse of its distance (a
            neighbor at distance 0 then outvotes all others).
        share: A vote counts only if its class has more than this share of the
            neighbors, rounded to two digits; otherwise it is like a vote against.
        settled: How many of the last probes must have a vote that counts, lest the
            example have no depth.
        left_out: Probes that do not exist, by place; negative ones count from the end.
        least: The least depth: 1 merges examples decided at once with those that the
            first probe alone gets wrong.
    """

    ties: TieRule = "nearest"
    include_self: bool = False
    compare_with: CompareWith = "prediction"
    k: int | None = None
    drop_nearest: Literal["no", "of k", "of k + 1 where trained on"] = "no"
    weights: Literal["equal", "inverse distance"] = "equal"
    share: float = 0.0
    settled: int = 0
    left_out: tuple[int, ...] = ()
    least: Literal[0, 1] = 0


def stored_conventions(attributes: Mapping[Any, Any]) -> Conventions:
    """Read the conventions by which a study was measured.

    Args:
        attributes: Those of the study's dataset.

    Returns:
        The conventions; the library's own where the study says nothing.

    Raises:
        StudyError: If the study names one that this version does not know.

    Example:
        >>> stored_conventions({"ties": "smallest"})[:3]
        ('smallest', False, 'prediction')
    """
    attributes = current_names(attributes)
    own = Conventions()
    named: dict[str, Any] = {"include_self": _stored_self(attributes)}
    allowed = {
        "ties": get_args(TieRule),
        "compare_with": COMPARE_WITH,
    }
    for name, values in allowed.items():
        key, text = EARLIER[name]
        value = attributes.get(name, attributes.get(key, text))
        if value == text:
            value = getattr(own, name)
        if value not in values:
            raise _unknown(name, value, values)
        named[name] = value
    return own._replace(**named)


def current_names(facts: Mapping[Any, Any]) -> dict[Any, Any]:
    """Read stored facts under today's names; earlier ones said `itself="included"`."""
    renamed = dict(facts)
    if "itself" in renamed:
        value = renamed.pop("itself")
        value = {"excluded": False, "included": True}.get(value, value)
        renamed.setdefault("include_self", value)
    return renamed


def _stored_self(attributes: Mapping[Any, Any]) -> bool:
    value = attributes.get("include_self", False)
    if not isinstance(value, bool):
        raise _unknown("include_self", value, (False, True))
    return value


def _unknown(name: str, value: Any, known: tuple[Any, ...]) -> StudyError:
    listed = ", ".join(map(repr, known))
    return StudyError(
        f"The study was measured with {name}={value!r}, but this version of "
        f"depthviz knows {listed}. Use the version that measured it."
    )

"""The one table of all measures, and how a user's own come into it.

Tables, charts, filters and sorts read the direction here and nowhere else. A measure is
declared whether or not a given study has it. A user's own are known to this process
alone; the numbers are kept with the study.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from depthviz.difficulty.registry.measure import Direction, Measure, needs_of
from depthviz.difficulty.registry.of_networks import OF_NETWORKS
from depthviz.difficulty.registry.of_studies import OF_STUDIES
from depthviz.difficulty.registry.of_training import OF_TRAINING
from depthviz.errors import ArgumentError

__all__ = ["MEASURES", "find_measure", "register_measure"]

# Columns of a study that say what an example is, not how hard.
FACTS = (
    "example_id",
    "split",
    "label",
    "label_name",
    "given_label",
    "data_label",
    "planted",
    "path",
    "prediction",
    "correct",
    "undecided",
    "group",
    "suggested_label",
    "consensus_class",
    "trained_on",
    "held_out",
)

_known = {one.name: one for one in (*OF_STUDIES, *OF_TRAINING, *OF_NETWORKS)}

MEASURES: Mapping[str, Measure] = MappingProxyType(_known)


def register_measure(
    name: str,
    compute: Callable[..., Any] | None = None,
    *,
    title: str = "",
    help: str = "",
    harder: Direction | None = None,
    keep: Direction | None = None,
    needs: Iterable[str] | None = None,
    formula: str = "",
    reference: str = "",
) -> Measure:
    """Make a measure of one's own known, until Python ends.

    Tables, charts and the Explorer then read its direction, and `study.add(name)`
    computes it.

    Args:
        name: Name of the column.
        compute: Its function, from tensors to a tensor `(N,)`; its parameters are named
            after what they are given, see `depthviz.difficulty.INPUTS`. None for a
            column that `study.assign` gives.
        title: What people read; by default the name in words.
        help: One sentence on what it measures.
        harder: Which end is the hard one; None where neither is.
        keep: Which end is kept when examples are left out.
        needs: Among `depthviz.difficulty.NEEDS`; by default by the parameters.
        formula: The definition in one line.
        reference: Where it is from.

    Returns:
        The measure.

    Raises:
        ArgumentError: If the name is taken, or something is not what it may be.

    Example:
        >>> from depthviz.difficulty.registry.registering import forget_measure
        >>> def spread(logits):
        ...     return logits.std(1)
        >>> register_measure("spread", spread, harder="smaller").needs
        frozenset({'logits'})
        >>> forget_measure("spread")
    """
    if name in FACTS:
        raise ArgumentError(
            f"The name {name!r} is taken: a study has a column of that name, which is "
            "no measure. Choose another."
        )
    if name in _known:
        raise ArgumentError(
            f"The name {name!r} is taken: it is {_known[name].title!r}. Choose another."
        )
    inferred = needs_of(compute) if callable(compute) else frozenset({"given"})
    measure = Measure(
        name=name,
        title=title or str(name).replace("_", " ").capitalize(),
        help=help,
        harder=harder,
        keep=keep,
        needs=inferred if needs is None else frozenset(needs),
        formula=formula,
        reference=reference,
        compute=compute,
    )
    _known[name] = measure
    return measure


def forget_measure(name: str) -> None:
    """Take a registered measure out again; for tests.

    Args:
        name: Name of the column.
    """
    del _known[name]


def find_measure(name: Any) -> Measure:
    """Look a measure up.

    Args:
        name: Name of the column.

    Returns:
        The measure.

    Raises:
        ArgumentError: If there is none; lists those of a like name.

    Example:
        >>> find_measure("aum").harder
        'smaller'
    """
    if isinstance(name, str) and name in _known:
        return _known[name]
    near = get_close_matches(str(name), _known, n=3, cutoff=0.5)
    listed = ", ".join(map(repr, near or sorted(_known)))
    likely = "Did you mean" if near else "There are"
    raise ArgumentError(f"Unknown measure {name!r}. {likely}: {listed}.")

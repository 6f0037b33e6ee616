"""What a measure says of itself.

A measure says which end is the hard one, or that neither is, and apart from that which
end its authors keep when they leave examples out. What it needs comes from a closed
list, so that a study can tell whether it has it. Imports nothing heavy.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from depthviz.errors import ArgumentError

__all__ = ["INPUTS", "NEEDS", "Direction", "Measure", "inputs_of", "needs_of"]

Direction = Literal["larger", "smaller"]

NEEDS = (
    "votes",
    "ensemble",
    "held-out probabilities",
    "record",
    "record with errors",
    "record with logits",
    "second stage",
    "logits",
    "embeddings",
    "input gradients",
    "parameter gradients",
    "jacobian",
    "checkpoints",
    "regression labels",
    "pairs",
    "given",
)
"""All that a measure may need."""

INPUTS: Mapping[str, str | None] = MappingProxyType(
    {
        "labels": None,
        "trained": None,
        "logits": "logits",
        "embeddings": "embeddings",
        "reference": "embeddings",
        "record": "record",
        "label_probabilities": "ensemble",
        "held_out": "ensemble",
        "probabilities": "held-out probabilities",
        "model": "input gradients",
        "inputs": "input gradients",
        "checkpoints": "checkpoints",
    }
)
"""What a measure's function may be given, by the names of its parameters, and which of
the needs each is.

`labels`: given labels, integers, `(N,)`. `trained`: the study's training examples,
booleans, `(N,)`. `logits`: float32, `(N, C)`. `embeddings`: of one probe, float32,
`(N, F)`. `reference`: the trusted examples, booleans, `(N,)`. `record`: a training
record of R examples; the function returns `(R,)`. `label_probabilities`: softmax of the
label by each network, `(M, N)`. `held_out`: which networks held it out, booleans,
`(M, N)`. `probabilities`: mean softmax of the networks that held it out, `(N, C)`.
`model`, `checkpoints` and `inputs`: the network, several of them, and a batch of inputs
`(B, …)`; such a function is called batch by batch, and returns `(B,)`.
"""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A number of each example, and how to read it.

    Attributes:
        name: Name of the column.
        title: What people read.
        help: One sentence on what it measures.
        harder: Which end is the hard one; None where neither is.
        keep: Which end its authors keep when they leave examples out; None where they
            say nothing of it.
        needs: What it is computed from, among `NEEDS`.
        formula: The definition in one line.
        reference: Where it is from.
        compute: Its function of some of `INPUTS`, by the names of its parameters, from
            tensors to a tensor; None where it comes with a study or is not there yet.

    Raises:
        ArgumentError: If one of them is not what it may be.

    Example:
        >>> Measure(name="mine", title="Mine", help="Mine.", harder=None).needs
        frozenset()
    """

    name: str
    title: str
    help: str
    harder: Direction | None
    keep: Direction | None = None
    needs: frozenset[str] = frozenset()
    formula: str = ""
    reference: str = ""
    compute: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.isidentifier():
            raise ArgumentError(
                "The name of a measure must be that of a column, letters, digits and "
                f"underscores, got {self.name!r}."
            )
        for end, value in (("harder", self.harder), ("keep", self.keep)):
            if value not in ("larger", "smaller", None):
                raise ArgumentError(
                    f"{end} of {self.name!r} must be 'larger', 'smaller' or None, got "
                    f"{value!r}."
                )
        unknown = sorted(set(self.needs) - set(NEEDS))
        if unknown:
            raise ArgumentError(
                f"{self.name!r} cannot need {unknown[0]!r}; measures need "
                f"{', '.join(map(repr, NEEDS))}."
            )
        object.__setattr__(self, "needs", frozenset(self.needs))
        inputs_of(self)


def inputs_of(measure: Measure) -> tuple[str, ...]:
    """List what a measure's function is given.

    Args:
        measure: Any.

    Returns:
        Names among `INPUTS`; none where there is no function.

    Raises:
        ArgumentError: If the function asks for something else.
    """
    if measure.compute is None:
        return ()
    if not callable(measure.compute):
        raise ArgumentError(
            f"compute of {measure.name!r} must be a function, got "
            f"{type(measure.compute).__name__}."
        )
    names = tuple(inspect.signature(measure.compute).parameters)
    unknown = [name for name in names if name not in INPUTS]
    if unknown or not names:
        asked = repr(unknown[0]) if unknown else "nothing"
        raise ArgumentError(
            f"The function of {measure.name!r} asks for {asked}; name its parameters "
            f"after what it needs, among {', '.join(map(repr, INPUTS))}."
        )
    return names


def needs_of(compute: Callable[..., Any]) -> frozenset[str]:
    """Find what a function needs by the names of its parameters.

    Args:
        compute: A function of some of `INPUTS`.

    Returns:
        Needs; those of unknown names are left to `inputs_of`.

    Example:
        >>> sorted(needs_of(lambda logits, labels: logits))
        ['logits']
    """
    named = (INPUTS.get(name) for name in inspect.signature(compute).parameters)
    return frozenset(need for need in named if need)

"""What a method is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError

__all__ = ["Method", "Picked", "Source", "finite", "tied_order"]


@dataclass(frozen=True)
class Picked:
    """The rows that a method chose.

    Attributes:
        rows: Positions among the candidates, in the method's order, shape `(S,)`.
        score: What was chosen by, of every candidate, shape `(N,)`; None without one.
        weights: How many examples each kept one stands for, shape `(S,)`; None for one.
        facts: Numbers that the method found on the way.
        notes: Sentences about them.
    """

    rows: NDArray[np.intp]
    score: NDArray[np.float64] | None = None
    weights: NDArray[np.float64] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Source(Protocol):
    """The candidates, as a method asks for them."""

    def __len__(self) -> int:
        """How many there are."""

    @property
    def draw(self) -> np.random.Generator:
        """Where chance comes from: the seed."""

    def column(self, name: str) -> NDArray[np.float64]:
        """Numbers of a column, none of them missing, shape `(N,)`."""

    def direction(self, name: str, end: str) -> str | None:
        """Which end of a column is `harder`, or what its authors `keep`."""

    def classes(self, name: str) -> NDArray[np.intp]:
        """Which value of a column each candidate has, from 0 on, shape `(N,)`."""

    def embeddings(self) -> NDArray[Any]:
        """The embeddings that were given, shape `(N, F)`."""

    def graph(self, k: int | None) -> Any:
        """The k nearest candidates of each, with distances."""

    def row_of(self, example: Any) -> int:
        """The position of an example by its id."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to choose examples.

    Attributes:
        name: How `select` is asked for it.
        title: What people call it.
        rule: The rule in one sentence.
        needs: What it chooses by, in words.
        by: Column that it chooses by unless told; None where one must be named, ""
            where there is none.
        ordered: Whether its first examples are those of every smaller number.
        near: Whether it goes by near examples, so that it takes embeddings.
        balances: Whether it balances by itself, in place of one choice for each class.
        options: Names of its options, with what they are unless told.
        reference: Where it is from.
        run: The choice, from candidates, a number and options.
    """

    name: str
    title: str
    rule: str
    needs: str
    by: str | None
    ordered: bool
    run: Callable[[Source, int, dict[str, Any]], Picked]
    near: bool = False
    balances: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""


def finite(values: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """Refuse infinite values, of which there are no differences.

    Args:
        values: Of a column, shape `(N,)`.
        name: Of the column.

    Returns:
        The values.

    Raises:
        ArgumentError: If one is infinite.
    """
    if np.isinf(values).any():
        raise ArgumentError(
            f"{int(np.isinf(values).sum()):,} examples have an infinite {name}, and "
            "this method goes by differences; choose by another column."
        )
    return values


def tied_order(
    score: NDArray[np.float64], draw: np.random.Generator
) -> NDArray[np.intp]:
    """Order by a score, the largest first; equal ones in a random order.

    Args:
        score: Shape `(N,)`.
        draw: Decides ties.

    Returns:
        Positions, shape `(N,)`.
    """
    return np.lexsort((draw.random(len(score)), -score))

"""The examples of a measurement: training examples first, then validation examples.

Knows the data alone: how it is read in batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.examples import Examples
from depthviz.datasets.labels import find_values, renumber
from depthviz.datasets.nested import Nest, layout
from depthviz.datasets.skipping import Broken
from depthviz.errors import ShapeError

__all__ = ["ABOUT_NAMES", "Block", "Splits", "describe_broken"]

SHOWN = 3

ABOUT_NAMES = (
    "Name the network's classes with class_names=: a target_transform of the data set "
    "may have changed them and not their names. Or give the network that was trained "
    "on the classes named."
)


class Block(NamedTuple):
    """Consecutive examples of one split, from `start` on."""

    split: str
    start: int
    inputs: Nest
    labels: Tensor


@dataclass(frozen=True)
class Splits:
    """Training examples, and validation examples where there are any.

    Attributes:
        train: Those that vote.
        validation: Those that do not.
        broken: By split, the examples that were left out of what was given.
        values: The labels that stand for the classes, where they are no positions.
    """

    train: Examples
    validation: Examples | None = None
    broken: Mapping[str, Sequence[Broken]] = field(default_factory=dict)
    values: tuple[int, ...] | None = None

    @property
    def parts(self) -> tuple[Examples, ...]:
        """The splits that there are, in order."""
        return (
            (self.train,) if self.validation is None else (self.train, self.validation)
        )

    @property
    def count(self) -> int:
        """Number of all examples, N."""
        return sum(map(len, self.parts))

    @property
    def given_count(self) -> int:
        """Number of all examples that were given, with those that were left out."""
        return self.count + sum(map(len, self.broken.values()))

    def place(self, example: int) -> str:
        """Name an example by its split and the position there, as in "train[3]"."""
        part, start = self.train, 0
        if self.validation is not None and example >= len(self.train):
            part, start = self.validation, len(self.train)
        left_out = [each.row for each in self.broken.get(part.name, ())]
        rows = np.delete(np.arange(len(part) + len(left_out)), np.array(left_out, int))
        return f"{part.name}[{rows[example - start]}]"

    @property
    def paths(self) -> list[str] | None:
        """The file of each example, empty where one has none; None if no split does."""
        if all(part.paths is None for part in self.parts):
            return None
        return [path for part in self.parts for path in part.paths or [""] * len(part)]

    @property
    def notes(self) -> list[str]:
        """What was changed in inputs and labels, each said once for both splits."""
        inputs = next((part.note for part in self.parts if part.note), None)
        labels = next((part.labels_note for part in self.parts if part.labels_note), "")
        return [note for note in (inputs, labels, describe_broken(self.broken)) if note]

    @property
    def kept(self) -> NDArray[np.intp] | None:
        """Rows of the examples that are left, among those given; None for all."""
        if not any(self.broken.values()):
            return None
        rows, start = [], 0
        for part in self.parts:
            out = [each.row for each in self.broken.get(part.name, ())]
            count = len(part) + len(out)
            rows.append(np.delete(np.arange(start, start + count), np.array(out, int)))
            start += count
        return np.concatenate(rows)

    def numbered(self, classes: int) -> Splits:
        """Take labels that are no positions as the classes, in their order.

        Args:
            classes: Number of the network's classes.

        Returns:
            The same splits where labels are positions, or nothing is beyond doubt.
        """
        labels = [part.labels for part in self.parts if part.labels is not None]
        complete = len(labels) == len(self.parts)
        values = find_values(labels, classes) if complete else None
        if values is None:
            return self
        parts = [_renumbered(part, values) for part in self.parts]
        held_out = parts[1] if len(parts) > 1 else None
        return replace(self, train=parts[0], validation=held_out, values=values)

    def blocks(self, batch_size: int) -> Iterator[Block]:
        """Read all examples in order, at most `batch_size` at a time.

        Raises:
            ShapeError: If an input has another shape than the first.
        """
        shape = None
        for part in self.parts:
            start = 0
            for inputs, labels in part.batches(batch_size):
                shape = shape or _shape(inputs, part)
                if _shape(inputs, part) != shape:
                    raise ShapeError(
                        f"All inputs must have one shape: train[0] has {_say(shape)}, "
                        f"{part.name}[{start}] has {_say(_shape(inputs, part))}."
                    )
                yield Block(part.name, start, inputs, labels)
                start += len(labels)


def describe_broken(broken: Mapping[str, Sequence[Broken]]) -> str:
    """Say how many examples were left out, and the first of them."""
    listed = [
        f"{name}[{each.row}] ({each.why})"
        for name, found in broken.items()
        for each in found
    ]
    if not listed:
        return ""
    more = ", …" if len(listed) > SHOWN else ""
    are = "example that is" if len(listed) == 1 else "examples that are"
    return f"Left out {len(listed):,} {are} broken: {', '.join(listed[:SHOWN])}{more}."


def _renumbered(part: Examples, values: tuple[int, ...]) -> Examples:
    """View a split with its labels as positions; their names are the values."""
    given = cast(Tensor, part.labels)
    names = part.class_names or tuple(map(str, values))
    return replace(part.relabel(renumber(given, values)), class_names=names)


def _shape(inputs: Nest, part: Examples) -> dict[str, tuple[int, ...]]:
    """Find what all examples must have alike: only the names if lengths differ."""
    shapes = layout(inputs)
    return dict.fromkeys(shapes, ()) if part.ragged else shapes


def _say(shapes: Mapping[str, tuple[int, ...]]) -> str:
    alone = list(shapes) == [""]
    return str(shapes[""] if alone else shapes)

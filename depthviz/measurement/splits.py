"""The examples of a measurement: training examples first, then validation examples.

Knows the data alone: how it is read in batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor

from depthviz.datasets.examples import Examples
from depthviz.datasets.forms import as_examples
from depthviz.datasets.nested import Nest, layout
from depthviz.errors import ShapeError
from depthviz.measurement.options import MeasureOptions

__all__ = [
    "ABOUT_NAMES",
    "Block",
    "Splits",
    "read_splits",
]

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
    """Training examples, and validation examples where there are any."""

    train: Examples
    validation: Examples | None = None

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

    def place(self, example: int) -> str:
        """Name an example by its split and the position there, as in "train[3]"."""
        part, start = self.train, 0
        if self.validation is not None and example >= len(self.train):
            part, start = self.validation, len(self.train)
        return f"{part.name}[{example - start}]"

    @property
    def paths(self) -> list[str] | None:
        """The file of each example, empty where one has none; None if no split does."""
        if all(part.paths is None for part in self.parts):
            return None
        return [path for part in self.parts for path in part.paths or [""] * len(part)]

    @property
    def note(self) -> str | None:
        """What was changed in the shape of the inputs, said once for both splits."""
        return next((part.note for part in self.parts if part.note), None)

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


def _shape(inputs: Nest, part: Examples) -> dict[str, tuple[int, ...]]:
    """Find what all examples must have alike: only the names if lengths differ."""
    shapes = layout(inputs)
    return dict.fromkeys(shapes, ()) if part.ragged else shapes


def _say(shapes: Mapping[str, tuple[int, ...]]) -> str:
    alone = list(shapes) == [""]
    return str(shapes[""] if alone else shapes)


def read_splits(train: Any, validation: Any, options: MeasureOptions) -> Splits:
    """Read what the user gave; there must be enough training examples for k."""
    trained, k = as_examples(train, collate_fn=options.collate_fn), options.k
    if options.include_self and len(trained) < k:
        raise ShapeError(
            f"k must be at most the {len(trained)} training examples; got k={k}. Give "
            f"at least {k} of them, or choose a smaller k."
        )
    if not options.include_self and len(trained) <= k:
        raise ShapeError(
            f"k must be below the {len(trained)} training examples, since none votes "
            f"for itself; got k={k}. Give at least {k + 1} of them, or choose a "
            "smaller k."
        )
    held_out = (
        None
        if validation is None
        else as_examples(validation, name="validation", collate_fn=options.collate_fn)
    )
    return Splits(trained, held_out)

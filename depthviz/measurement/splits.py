"""The examples of a measurement: training examples first, then validation examples.

Knows the data alone: how it is read in batches, that it is the same when read twice,
and what its classes are called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from depthviz.datasets.examples import Examples
from depthviz.datasets.forms import as_examples
from depthviz.datasets.metadata import listed_names
from depthviz.errors import DataError, LabelError, ShapeError
from depthviz.measurement.options import MeasureOptions

__all__ = [
    "ABOUT_NAMES",
    "Block",
    "Splits",
    "class_names_of",
    "read_first_inputs",
    "read_some_inputs",
    "read_splits",
]

FIRST_LOOK = 8
ABOUT_NAMES = (
    "Name the network's classes with class_names=: a target_transform of the data set "
    "may have changed them and not their names. Or give the network that was trained "
    "on the classes named."
)
SOME = 8


class Block(NamedTuple):
    """Consecutive examples of one split, from `start` on."""

    split: str
    start: int
    inputs: Tensor
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
                shape = shape or inputs.shape[1:]
                if inputs.shape[1:] != shape:
                    raise ShapeError(
                        f"All inputs must have one shape: train[0] has {tuple(shape)}, "
                        f"{part.name}[{start}] has {tuple(inputs.shape[1:])}."
                    )
                yield Block(part.name, start, inputs, labels)
                start += len(labels)


def read_splits(train: Any, validation: Any, options: MeasureOptions) -> Splits:
    """Read what the user gave; there must be enough training examples for k."""
    trained, k = as_examples(train), options.k
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
        None if validation is None else as_examples(validation, name="validation")
    )
    return Splits(trained, held_out)


def read_first_inputs(splits: Splits) -> Tensor:
    """Read the first examples twice: random augmentation gives others each time."""
    once, again = (next(splits.blocks(FIRST_LOOK)).inputs for _ in range(2))
    if not torch.allclose(once, again, equal_nan=True):
        raise DataError(
            "The first examples of train differ when read twice. Depth is that of one "
            "picture, so take random augmentation out of the data set's transform."
        )
    return once


def read_some_inputs(splits: Splits) -> Tensor:
    """Read a few training examples, evenly from first to last: of several classes."""
    count = len(splits.train)
    rows = np.unique(np.linspace(0, count - 1, SOME, dtype=np.intp))
    return splits.train.read(rows)[0]


def class_names_of(
    splits: Splits, given: Sequence[str] | None, classes: int
) -> tuple[str, ...]:
    """Name the C classes: as given, else by the data set, else by numbers.

    Raises:
        LabelError: If the names are not C, or differ between the splits.
    """
    named = {part.name: part.class_names for part in splits.parts if part.class_names}
    if len(set(named.values())) > 1:
        counts = " and ".join(f"{name} {len(names)}" for name, names in named.items())
        raise LabelError(
            "Training and validation data must have the same classes in the same "
            f"order, but their class names differ: {counts} classes."
        )
    source, names = next(iter(named.items()), ("class_names", None))
    if given is not None:
        source, names = "class_names", tuple(map(str, listed_names(given) or ()))
    if names is not None and len(names) != classes:
        raise LabelError(
            f"The network tells {classes} classes apart, but {source} names "
            f"{len(names)}. {ABOUT_NAMES}"
        )
    return names or tuple(map(str, range(classes)))

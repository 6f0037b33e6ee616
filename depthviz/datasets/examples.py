"""Examples: what is read in a fixed order, batch by batch, whatever form it came in.

Everything after this package sees only these: batches, labels as int64, and errors that
name the split and the index of what is wrong. Knows nothing of networks: whether a
label lies within the network's classes is asked later, by `check_labels`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.nested import Nest
from depthviz.errors import LabelError

__all__ = ["Examples", "Rows", "check_labels"]


Rows = slice | NDArray[np.intp]


@dataclass(frozen=True)
class Examples:
    """Examples that can be read in order, batch by batch.

    Attributes:
        name: What errors call these examples: "train" or "validation".
        count: Number of examples.
        read: Gives inputs and labels of some examples, by their positions.
        class_names: Names of the classes, where the data set knows them.
        note: What was done to the shape of arrays, in one line; None for nothing.
        paths: The file of each example, where the data set knows them.
        ragged: Whether inputs are padded by the batch, so that shapes differ.
        labels: All labels `(N,)`, where they are known without reading the inputs.
        labels_note: What labels stand for that are no whole numbers, in one line.
        ids: The examples' own names, where the data has them.
    """

    name: str
    count: int
    read: Callable[[Rows], tuple[Nest, Tensor]]
    class_names: tuple[str, ...] | None = None
    note: str | None = None
    paths: Sequence[str] | None = None
    ragged: bool = False
    labels: Tensor | None = None
    labels_note: str | None = None
    ids: Sequence[Any] | None = None

    def __len__(self) -> int:
        return self.count

    def batches(self, batch_size: int, start: int = 0) -> Iterator[tuple[Nest, Tensor]]:
        """Give the examples in order.

        Args:
            batch_size: Largest number of examples in a batch.
            start: Index of the first example.

        Yields:
            Inputs `(B, ...)`, or a nest of them, and labels `(B,)`, these int64.
        """
        for first in range(start, self.count, batch_size):
            yield self.read(slice(first, min(first + batch_size, self.count)))

    def subset(self, rows: NDArray[np.intp], *, name: str) -> Examples:
        """View some of the examples, in the order given.

        Args:
            rows: Their positions, shape `(S,)`.
            name: What errors call them.

        Returns:
            A view that reads what these read.

        Example:
            >>> from depthviz.datasets.forms import as_examples
            >>> digits = as_examples((np.arange(6.0).reshape(3, 2), [0, 1, 0]))
            >>> digits.subset(np.array([2, 0]), name="some").read(slice(0, 2))[0]
            tensor([[4., 5.],
                    [0., 1.]])
        """
        read = partial(_read_subset, self, rows)
        labels = None if self.labels is None else self.labels[rows]
        paths, ids = (
            None if each is None else [each[i] for i in rows]
            for each in (self.paths, self.ids)
        )
        part = replace(self, name=name, count=len(rows), read=read, note=None)
        return replace(part, paths=paths, labels=labels, ids=ids)

    def relabel(self, labels: Tensor) -> Examples:
        """View the same inputs with other labels.

        Args:
            labels: A class for each example, int64, shape `(N,)`.

        Returns:
            A view that reads what these read, and gives these labels.

        Example:
            >>> import torch
            >>> from depthviz.datasets.forms import as_examples
            >>> digits = as_examples((np.arange(6.0).reshape(3, 2), [0, 1, 0]))
            >>> digits.relabel(torch.tensor([5, 6, 7])).read(slice(1, 3))[1]
            tensor([6, 7])
        """
        read = partial(_read_relabeled, self, labels)
        return replace(self, read=read, labels=labels)


def check_labels(
    labels: Tensor,
    classes: int,
    *,
    name: str = "train",
    start: int = 0,
    place: Callable[[int], str] | None = None,
) -> None:
    """Refuse labels that the network has no class for.

    Args:
        labels: Given labels, shape `(B,)`.
        classes: Number of the network's classes.
        name: What the error calls these examples.
        start: Index of the first of them.
        place: What the error calls one of them by its position among these, where it is
            not name and index.

    Raises:
        LabelError: If a label lies outside 0..C-1; it names the first.
    """
    outside = ((labels < 0) | (labels >= classes)).nonzero().flatten()
    if len(outside):
        first = int(outside[0])
        named = place(first) if place else f"{name}[{start + first}]"
        raise LabelError(
            f"Labels must be within the network's {classes} classes, 0 to "
            f"{classes - 1}, but {named} has label {int(labels[first])}."
        )


def _read_subset(
    examples: Examples, chosen: NDArray[np.intp], rows: Rows
) -> tuple[Nest, Tensor]:
    return examples.read(chosen[rows])


def _read_relabeled(
    examples: Examples, labels: Tensor, rows: Rows
) -> tuple[Nest, Tensor]:
    return examples.read(rows)[0], labels[rows]

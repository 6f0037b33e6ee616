"""Examples: what is read in a fixed order, batch by batch, whatever form it came in.

Everything after this package sees only these: batches, labels as int64, and errors that
name the split and the index of what is wrong. Knows nothing of networks: whether a
label lies within the network's classes is asked later, by `check_labels`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

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
    """

    name: str
    count: int
    read: Callable[[Rows], tuple[Nest, Tensor]]
    class_names: tuple[str, ...] | None = None
    note: str | None = None
    paths: Sequence[str] | None = None
    ragged: bool = False

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
        paths = None if self.paths is None else [self.paths[i] for i in rows]
        return replace(
            self, name=name, count=len(rows), read=read, paths=paths, note=None
        )

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
        return replace(self, read=partial(_read_relabeled, self, labels))


def check_labels(
    labels: Tensor, classes: int, *, name: str = "train", start: int = 0
) -> None:
    """Refuse labels that the network has no class for.

    Args:
        labels: Given labels, shape `(B,)`.
        classes: Number of the network's classes.
        name: What the error calls these examples.
        start: Index of the first of them.

    Raises:
        LabelError: If a label lies outside 0..C-1; it names the first.
    """
    outside = ((labels < 0) | (labels >= classes)).nonzero().flatten()
    if len(outside):
        first = int(outside[0])
        raise LabelError(
            f"Labels must be within the network's {classes} classes, 0 to "
            f"{classes - 1}, but {name}[{start + first}] has label "
            f"{int(labels[first])}."
        )


def _read_subset(
    examples: Examples, chosen: NDArray[np.intp], rows: Rows
) -> tuple[Nest, Tensor]:
    return examples.read(chosen[rows])


def _read_relabeled(
    examples: Examples, labels: Tensor, rows: Rows
) -> tuple[Nest, Tensor]:
    return examples.read(rows)[0], labels[rows]

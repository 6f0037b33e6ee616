"""An exact search whose features are read and whose exclusions are parted.

All steps of the search take one `Prepared`; a step with less memory, or on a sample,
takes a copy with other values.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.neighbors.features import Features

__all__ = ["Exclusion", "Prepared", "part_exclusion"]


@dataclass(frozen=True)
class Exclusion:
    """What queries leave out.

    Attributes:
        index: A reference of each query, or -1, shape `(Q,)`.
        mask: Further ones, shape `(Q, R)`, or `(0, 0)` for none.
    """

    index: Tensor
    mask: Tensor

    def __getitem__(self, rows: Tensor | slice) -> "Exclusion":
        """Keep the exclusions of some queries."""
        return Exclusion(
            self.index[rows], self.mask[rows] if len(self.mask) else self.mask
        )

    def among(self, queries: slice, references: slice) -> Tensor:
        """Return which pairs are left out, shape `(q, r)`, bool."""
        columns = torch.arange(
            references.start, references.stop, device=self.index.device
        )
        out = self.index[queries].unsqueeze(1) == columns
        return out | self.mask[queries, references] if len(self.mask) else out

    def arrays(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return index and mask for compiled loops."""
        return self.index.numpy(), self.mask.numpy()


def part_exclusion(exclude: Tensor) -> Exclusion:
    """Part an exclusion of shape `(Q,)` or `(Q, R)` into index and mask."""
    if exclude.ndim == 1:
        empty = torch.empty(0, 0, dtype=torch.bool, device=exclude.device)
        return Exclusion(exclude.contiguous(), empty)
    none = torch.full((len(exclude),), -1, device=exclude.device)
    return Exclusion(none, exclude.contiguous())


@dataclass(frozen=True)
class Prepared:
    """A search as its steps see it.

    Attributes:
        query: Queries.
        reference: References.
        exclude: What each query leaves out.
        k: Number of neighbors.
        limit: Bytes to work in.
        shared: How many of the first queries are the references; 0 or R.
    """

    query: Features
    reference: Features
    exclude: Exclusion
    k: int
    limit: int
    shared: int

    @property
    def device(self) -> torch.device:
        """The device that multiplies."""
        return self.exclude.index.device

"""Ensembles of tiny size for hypothesis: what members say, and who counts."""

from typing import NamedTuple

import torch
from hypothesis import strategies as st
from torch import Tensor

__all__ = ["CLASSES", "Votes", "masks", "rows", "votes"]

CLASSES = 4


class Votes(NamedTuple):
    """Predictions and the mask of who counts, both `(M, N)`."""

    predictions: Tensor
    counted: Tensor

    def of(self, example: int) -> list[int]:
        """List the predictions that count for an example."""
        here = self.counted[:, example]
        found: list[int] = self.predictions[:, example][here].tolist()
        return found


def rows(
    draw: st.DrawFn, values: st.SearchStrategy[object], members: int, examples: int
) -> Tensor:
    row = st.lists(values, min_size=examples, max_size=examples)
    return torch.tensor(draw(st.lists(row, min_size=members, max_size=members)))


def masks(draw: st.DrawFn, members: int, examples: int) -> Tensor:
    return rows(draw, st.booleans(), members, examples)


@st.composite
def votes(draw: st.DrawFn) -> Votes:
    members, examples = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    predictions = rows(draw, st.integers(0, CLASSES - 1), members, examples)
    return Votes(predictions, masks(draw, members, examples))

"""Features that searches get wrong, and what a right answer to them is."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from depthviz.neighbors import Neighbors
from tests.neighbors import brute

Shape = Callable[[Tensor], Tensor]
HARD: dict[str, Shape] = {
    "gaussian": lambda x: x,
    "a mean offset of 1,000": lambda x: x + 1000,
    "one coordinate at 30,000": lambda x: x.index_fill(1, torch.tensor([0]), 3e4),
    "one row at 30,000": lambda x: x.index_fill(0, torch.tensor([0]), 3e4),
    "two groups 2,000 apart": lambda x: (
        x + 2000.0 * (torch.arange(len(x)) % 2)[:, None]
    ),
    "all rows equal": lambda x: x[:1].expand(len(x), -1),
    "duplicated rows": lambda x: x[torch.arange(len(x)) % 5],
    "duplicates far from the mean": lambda x: x[torch.arange(len(x)) % 5] + 1000,
    "whole numbers": lambda x: x.round(),
    "tiny": lambda x: x * 1e-30,
    "denormal": lambda x: x * 1e-40,
    "huge": lambda x: x * 1e37,
    "close in float32": lambda x: 1 + x * 1e-7,
    "close in float64": lambda x: 1 + x.double() * 1e-12,
    "saturated softmax": lambda x: (30 * x.double()).softmax(1).float(),
}
TYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


def same(found: Neighbors, query: Tensor, reference: Tensor, exclude: Tensor) -> None:
    """The distances of brute force, and its neighbors but for ties within float64."""
    k = found.index.shape[1]
    distance, index = brute.neighbors(query, reference, k, exclude)
    all_distances = brute.distances(query, reference)
    ours = np.take_along_axis(all_distances, found.index.cpu().numpy(), 1)
    np.testing.assert_allclose(ours, distance, rtol=1e-12, atol=0)
    np.testing.assert_allclose(
        found.distance.cpu().numpy(), distance, rtol=1e-6, atol=1e-44
    )
    clear = np.diff(distance, axis=1) > 1e-12 * distance[:, 1:]
    alone = np.ones_like(index, dtype=bool)
    alone[:, 1:] &= clear
    alone[:, :-1] &= clear
    alone[:, -1] = False  # it may tie with a reference that is not listed
    assert (found.index.cpu().numpy() == index)[alone].all()
    near = reference[found.index.cpu()]
    equal = (near[:, 1:] == near[:, :-1]).all(2)
    assert (found.index.cpu().diff(dim=1)[equal] > 0).all()
    assert (found.index.cpu() != exclude[:, None]).all()

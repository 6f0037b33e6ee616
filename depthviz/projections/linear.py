"""The quick map: the two directions in which an embedding varies most.

PCA takes a moment where UMAP takes a minute, and its distances mean something; but two
directions of thousands show little of which examples are neighbors.

Randomized subspace iteration over blocks of rows: the embedding is read a few times and
never held, so it may lie on the disk, and the points do not depend on where it lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.machine.ambient import neutral_state
from depthviz.machine.switches.precision import full_precision

__all__ = ["pca_layer"]

_BLOCK = 8 << 20  # bytes of float32 in a block
_DIRECTIONS = 32  # followed together; only the first two need to settle
_TURNS = 4  # each multiplies by the covariance once


class Rows(Protocol):
    """What can be cut into blocks of rows: an array, a tensor, rows on the disk."""

    @property
    def shape(self) -> Any:
        """Number of rows and of features, `(N, F)`."""

    def __getitem__(self, rows: slice, /) -> Any:
        """Hand out some rows."""


@neutral_state()
def pca_layer(embedding: Rows, *, seed: int = 0) -> NDArray[np.float32]:
    """Project one probe's embedding on its first two principal components.

    Takes 64 MiB and 1 kB a feature, however many examples there are. Products are in
    float32, whatever torch is set to.

    Args:
        embedding: Vectors of the examples, shape `(N, F)`: an array, a tensor on any
            device, or `StoredRows`.
        seed: Decides the directions that the iteration starts from.

    Returns:
        Points of shape `(N, 2)`; zero in a direction that the data does not have.

    Example:
        >>> pca_layer(np.array([[0.0, 0, 0], [0, 4, 0], [0, 8, 0]])).round(3).tolist()
        [[-4.0, 0.0], [0.0, 0.0], [4.0, 0.0]]

    References:
        Halko, Martinsson & Tropp (2011). https://arxiv.org/abs/0909.4061
    """
    with full_precision(torch.device(getattr(embedding, "device", "cpu"))):
        return _project(embedding, seed)


def _project(embedding: Rows, seed: int) -> NDArray[np.float32]:
    points = np.zeros((embedding.shape[0], 2), np.float32)
    mean = _mean(embedding)
    found = _points(embedding, mean, _directions(embedding, mean, seed))
    spread = found.std(0, correction=0)
    # Less than this is rounding: of the mean in float64, of products in float32.
    least = max(1e-13 * float(mean.abs().max()), 1e-6 * float(spread.max()))
    found[:, spread <= least] = 0
    points[:, : found.shape[1]] = found.cpu().numpy()
    return points


def _blocks(embedding: Rows) -> Iterator[Tensor]:
    count, features = embedding.shape
    step = max(1, _BLOCK // (4 * features))
    for start in range(0, count, step):
        yield torch.as_tensor(embedding[start : start + step])


def _mean(embedding: Rows) -> Tensor:
    total: Tensor | float = 0.0
    for block in _blocks(embedding):
        total = total + block.double().sum(0)
    return torch.as_tensor(total / embedding.shape[0])


def _centered(embedding: Rows, mean: Tensor) -> Iterator[Tensor]:
    for block in _blocks(embedding):
        yield (block.double() - mean).float()


def _directions(embedding: Rows, mean: Tensor, seed: int) -> Tensor:
    """Find the principal directions, shape `(F, at most 2)`."""
    features, count = len(mean), min(_DIRECTIONS, *embedding.shape)
    generator = torch.Generator().manual_seed(seed)
    start = torch.randn(features, count, generator=generator, dtype=torch.float32)
    basis = torch.linalg.qr(start.to(mean.device)).Q
    for _ in range(_TURNS):
        basis = torch.linalg.qr(_by_covariance(embedding, mean, basis)).Q.float()
    turned = basis.double().mT @ _by_covariance(embedding, mean, basis)
    axes = torch.linalg.eigh((turned + turned.mT) / 2).eigenvectors.flip(1)
    return _signed(basis.double() @ axes[:, :2])


def _by_covariance(embedding: Rows, mean: Tensor, basis: Tensor) -> Tensor:
    """Multiply directions by the covariance, times N; shape `(F, c)`, float64."""
    total = torch.zeros(basis.shape, dtype=torch.float64, device=basis.device)
    for block in _centered(embedding, mean):
        total += block.mT @ (block @ basis)
    return total


def _signed(directions: Tensor) -> Tensor:
    """Make the largest entry of each direction positive: eigenvectors have no sign."""
    largest = directions.abs().argmax(0, keepdim=True)
    return directions * directions.gather(0, largest).sign()


def _points(embedding: Rows, mean: Tensor, directions: Tensor) -> Tensor:
    plain = directions.float()
    # Made before the blocks: small results kept between them would hold on to the
    # memory of each.
    points = torch.empty(
        embedding.shape[0], plain.shape[1], dtype=torch.float32, device=plain.device
    )
    start = 0
    for block in _centered(embedding, mean):
        points[start : start + len(block)] = block @ plain
        start += len(block)
    return points

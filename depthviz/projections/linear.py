"""The quick map: the two directions in which an embedding varies most.

PCA takes a moment where UMAP takes a minute, and its distances mean something; but two
directions of thousands show little of which examples are neighbors.

Subspace iteration over blocks of rows: the embedding is read two or three times and
never held, so it may lie on the disk, and the points do not depend on where it lies. It
starts from the directions of some rows, and each read gives points, directions that are
nearer to the right ones, and how far from these the points still are.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.machine.ambient import neutral_state
from depthviz.machine.switches.precision import full_precision

__all__ = ["pca_layer"]

_BLOCK = 8 << 20  # bytes of float32 in a block
_SAMPLE, _SAMPLE_BYTES = 256, 16 << 20  # rows that the iteration starts from
_DIRECTIONS = 32  # followed together; only the first two need to settle
_READS = 5  # at most
_SETTLED = 2e-3  # residual of a direction, as a share of its variance
_FAR, _FEW = 8, 0.02  # rows that may be a direction of their own, and their share
_ROUNDING = 1e-6  # of a residual, as a share of the largest variance


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

    Takes 64 MiB, 1 kB a feature and 128 bytes an example. Products are in float32,
    whatever torch is set to.

    Args:
        embedding: Vectors of the examples, shape `(N, F)`: an array, a tensor on any
            device, or `StoredRows`.
        seed: Decides where the iteration starts if few rows fit into memory.

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


class _Read(NamedTuple):
    """What one read of all rows gives for some directions, shape `(F, c)`.

    Attributes:
        placed: The rows along the directions, centered, shape `(N, c)`, float32.
        gram: Their products, shape `(c, c)`, float64.
        turned: The directions times the covariance times N, shape `(F, c)`, float64.
        beyond: Squared length of each row that the directions leave, shape `(N,)`.
    """

    placed: Tensor
    gram: Tensor
    turned: Tensor
    beyond: Tensor


def _project(embedding: Rows, seed: int) -> NDArray[np.float32]:
    points = np.zeros((embedding.shape[0], 2), np.float32)
    center, basis = _start(embedding, seed)
    turn = True
    for left in reversed(range(_READS)):
        read = _read(embedding, center, basis, turn=turn)
        variances, every = torch.linalg.eigh((read.gram + read.gram.mT) / 2)
        axes, second = every.flip(1)[:, :2], variances.flip(0)[:2][-1]
        directions = basis.double() @ axes
        if not turn:
            break
        apart = left == _READS - 1 and _stands_apart(read.beyond, float(second))
        share = _residual(read, directions, variances.flip(0)[:2], axes)
        if share <= _SETTLED and not apart:
            break
        # The next read leaves about this of it. If that will do, it gives points alone.
        turn = left > 1 and (apart or share * variances[0] > _SETTLED * second)
        turned = read.turned @ every.flip(1)
        if apart:
            far = _farthest(embedding, center, read.beyond)
            turned = torch.cat([far, turned], dim=1)[:, : turned.shape[1]]
        basis = torch.linalg.qr(turned).Q.float()
    found = read.placed @ (axes * _signs(directions)).float()
    spread = found.std(0, correction=0)
    # Less than this is rounding: of the mean in float64, of products in float32.
    least = max(1e-13 * float(center.abs().max()), 1e-6 * float(spread.max()))
    found[:, spread <= least] = 0
    points[:, : found.shape[1]] = found.cpu().numpy()
    return points


def _start(embedding: Rows, seed: int) -> tuple[Tensor, Tensor]:
    """Find the mean and the principal directions of some rows, spread over all.

    Returns:
        The mean, shape `(F,)`, in the type that rows are centered in, and orthonormal
        directions, shape `(F, c)`, float32; drawn ones where rows are few.
    """
    total, features = embedding.shape
    count = min(total, _SAMPLE, max(1, _SAMPLE_BYTES // (4 * features)))
    places = [place * total // count for place in range(count)]
    rows = torch.cat([_rows(embedding, slice(at, at + 1)) for at in places])
    wide = rows.dtype == torch.float64
    center = rows.mean(0, dtype=torch.float64)
    center = center if wide else center.float()
    sample = (rows - center).float()
    product = (sample @ sample.mT).double()
    wanted = min(_DIRECTIONS, total, features)
    axes = torch.linalg.eigh((product + product.mT) / 2).eigenvectors.flip(1)
    found = sample.mT @ axes[:, :wanted].float()
    generator = torch.Generator().manual_seed(seed)
    shape = (features, wanted - found.shape[1])
    drawn = torch.randn(shape, generator=generator, dtype=torch.float32)
    every = torch.cat([found, drawn.to(found.device)], dim=1)
    return center, torch.linalg.qr(every.double()).Q.float()


def _residual(
    read: _Read, directions: Tensor, variances: Tensor, axes: Tensor
) -> float:
    """Say how far directions are from settled, as a share of their variances."""
    distance = (read.turned @ axes - directions * variances).norm(dim=0)
    beyond = (distance - _ROUNDING * variances.max()).clamp_min(0)
    return float((beyond / variances.clamp_min(1e-300)).max())


def _stands_apart(beyond: Tensor, second: float) -> bool:
    """Whether a few rows may make up a direction of their own, the second or first.

    Where many do, some of these were among the rows that the iteration started from.
    """
    few = max(_FAR, int(_FEW * len(beyond)))
    return float(beyond.topk(min(few, len(beyond))).values.sum()) > second


def _farthest(embedding: Rows, center: Tensor, beyond: Tensor) -> Tensor:
    """Take the rows farthest from the directions, as directions of length 1."""
    places = beyond.topk(min(_FAR, len(beyond))).indices.tolist()
    rows = torch.cat([_rows(embedding, slice(at, at + 1)) for at in places])
    far = (rows - center).double()
    lengths = torch.linalg.vector_norm(far, dim=1, keepdim=True)
    directions: Tensor = (far / lengths.clamp_min(1e-300)).mT
    return directions


def _read(embedding: Rows, center: Tensor, basis: Tensor, *, turn: bool) -> _Read:
    """Read all rows once, a block at a time; `turned` is zero unless asked for."""
    basis = basis.mT.contiguous().mT  # products are faster with columns in one piece
    total, features = embedding.shape
    step = min(total, max(1, _BLOCK // (4 * features)))
    new = partial(torch.zeros, dtype=torch.float32, device=basis.device)
    buffer, count = new(step, features), basis.shape[1]
    placed, gram = new(total, count), new(count, count, dtype=torch.float64)
    turned = new(features, count, dtype=torch.float64)
    mean, beyond = new(features, dtype=torch.float64), new(total)
    for start in range(0, total, step):
        block = _rows(embedding, slice(start, start + step))
        centered = torch.sub(block, center, out=buffer[: len(block)])
        part = torch.mm(centered, basis, out=placed[start : start + len(block)])
        if turn:
            turned += centered.mT @ part
            lengths = torch.linalg.vector_norm(centered, dim=1).square()
            rest = lengths - part.square().sum(1)
            beyond[start : start + len(block)] = rest
        mean += centered.sum(0)
        wide = part.double()
        gram += wide.mT @ wide
    # The center is the mean of some rows only.
    along = placed.mean(0, dtype=torch.float64)
    turned.addr_(mean, along, alpha=-1)
    gram.addr_(along, along, alpha=-total)
    return _Read(placed.sub_(along), gram, turned, beyond)


def _rows(embedding: Rows, rows: slice) -> Tensor:
    """Hand out rows as floats, where there are float64 numbers."""
    block = torch.as_tensor(embedding[rows])
    if block.device.type == "mps":
        block = block.cpu()
    return block if block.is_floating_point() else block.double()


def _signs(directions: Tensor) -> Tensor:
    """Make the largest entry of each direction positive: eigenvectors have no sign."""
    largest = directions.abs().argmax(0, keepdim=True)
    return directions.gather(0, largest).sign()

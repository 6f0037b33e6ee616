"""How far the maps can be trusted: ranks kept while embeddings are at hand.

Trustworthiness asks how far an example that the map shows nearby is away in the
embedding, so it needs the ranks of all references there, and when the maps are made the
embeddings are gone. Up to some thousand examples the ranks of all are kept. Above, they
are kept of a sample against all references, drawn with a fixed seed, in one byte each:
a rank r is stored to within 3 % of r, and exactly below 20, which changes the number
that comes out by less than its error from sampling.

The ranks come from plain float32 products around a common center, not from the exact
search: where many references are equally far, ranks are off by some places.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.embeddings.stored import Rows
from depthviz.projections import trustworthiness
from depthviz.projections.quality import nearest_and_ranks

__all__ = ["TRUST_SEED", "Ranks", "sample_rows", "trust_maps"]

TRUST_SEED = 0
ALL_PAIRS, SAMPLED_PAIRS = 2**22, 2**23
FEWEST, MOST = 64, 256
LEVELS = 255
PIECE = 2**22  # values of the references read at a time
QUERIES = 2**24  # values of the examples ranked from at a time
SORTED = 32  # rows sorted at a time


class Ranks(NamedTuple):
    """Ranks of all references from some examples, at each probe.

    Attributes:
        rows: The examples, ascending, shape `(Q,)`.
        levels: Shape `(P, Q, R)`; the ranks, or their logarithms in `LEVELS` steps.
    """

    rows: NDArray[np.int64]
    levels: NDArray[np.uint8] | NDArray[np.uint16]

    @classmethod
    def empty(cls, probes: int, count: int, references: int) -> Ranks:
        """Make room.

        Args:
            probes: Number of probes, P.
            count: Number of examples, N.
            references: Number of those, from the first, that can be neighbors, R.

        Returns:
            Room for ranks that are not known yet.
        """
        rows = sample_rows(count, references)
        shape = (probes, len(rows), references)
        if count * references <= ALL_PAIRS:
            return cls(rows, np.empty(shape, np.uint16))
        return cls(rows, np.empty(shape, np.uint8))

    def fill(self, place: int, embedding: Rows, reference: Rows, metric: str) -> None:
        """Rank the references at one probe.

        Args:
            place: The probe's place.
            embedding: All examples, shape `(N, F)`.
            reference: The references, shape `(R, F)`.
            metric: Distance between embeddings.
        """
        step = max(1, QUERIES // max(1, embedding.shape[1]))
        for start in range(0, len(self.rows), step):
            rows = torch.from_numpy(self.rows[start : start + step])
            distance = _distances(embedding, rows, reference, metric)
            own = rows < len(reference)
            distance[own.nonzero().flatten(), rows[own]] = -torch.inf
            for first in range(0, len(rows), SORTED):
                cut = slice(first, first + SORTED)
                order = _order(distance[cut])
                stored = self._store(_as_ranks(order, own[cut].numpy()))
                self.levels[place, start + first : start + first + len(order)] = stored

    def at(self, place: int) -> NDArray[np.int64]:
        """Give the ranks at one probe, shape `(Q, R)`."""
        levels = self.levels[place]
        if levels.dtype == np.uint16:
            exact: NDArray[np.int64] = levels.astype(np.int64)
            return exact
        ranks: NDArray[np.int64] = _ranks_of(levels.shape[1])[levels]
        return ranks

    def _store(self, ranks: NDArray[np.int32]) -> NDArray[Any]:
        if self.levels.dtype == np.uint16:
            return ranks.astype(np.uint16)
        return _levels_of(ranks.shape[1])[ranks]


def sample_rows(count: int, references: int) -> NDArray[np.int64]:
    """Choose the examples whose places are judged: all, or a sample of fixed seed.

    Args:
        count: Number of examples, N.
        references: Number of references, R.

    Returns:
        Their positions, ascending.

    Example:
        >>> len(sample_rows(1200, 1000)), len(sample_rows(60_000, 50_000))
        (1200, 167)
    """
    if count * references <= ALL_PAIRS:
        return np.arange(count)
    size = min(max(SAMPLED_PAIRS // references, FEWEST), MOST, count)
    draw = np.random.default_rng(TRUST_SEED)
    return np.sort(draw.choice(count, size, replace=False))


def trust_maps(
    ranks: Ranks,
    points: NDArray[np.floating],
    neighbors: NDArray[np.integer],
    *,
    k: int,
) -> dict[str, tuple[tuple[str, ...], NDArray[Any], dict[str, Any]]]:
    """Judge each map, and the place of each sampled example in it.

    Args:
        ranks: Ranks in the embeddings.
        points: The maps, shape `(P, N, 2)`.
        neighbors: Nearest in the embeddings, shape `(P, N, K)`.
        k: Size of the neighborhoods that are compared; less where there are few.

    Returns:
        Variables of a study: `trustworthiness` and `continuity` of each map, and
        `point_trustworthiness` and `point_continuity`, NaN where not sampled.
        Nothing where there are too few references.
    """
    references = ranks.levels.shape[2]
    k = min(k, neighbors.shape[2], (references - 1) // 2)
    if k < 1 or not len(ranks.rows):
        return {}
    shape = (2, *points.shape[:2])
    found, mean = np.full(shape, np.nan, np.float16), np.empty(shape[:2], np.float32)
    for place, positions in enumerate(points):
        shown, in_map = nearest_and_ranks(
            positions, ranks.rows, references=references, k=k
        )
        near = neighbors[place, ranks.rows, :k]
        both = (
            _by_side(shown, ranks.at(place), ranks.rows),
            _by_side(near, in_map, ranks.rows),
        )
        for way, quality in enumerate(both):
            found[way, place, ranks.rows] = quality
            mean[way, place] = quality.mean()
    about = {"k": k, "sample": len(ranks.rows), "seed": TRUST_SEED}
    names = ("trustworthiness", "continuity")
    return {name: (("probe",), mean[way], about) for way, name in enumerate(names)} | {
        f"point_{name}": (("probe", "example"), found[way], about)
        for way, name in enumerate(names)
    }


def _by_side(
    nearest: NDArray[np.integer],
    ranks: NDArray[np.integer],
    rows: NDArray[np.int64],
) -> NDArray[np.float64]:
    """A reference has one candidate less than an example that is none."""
    references = ranks.shape[1]
    quality = np.empty(len(rows))
    for own in (True, False):
        side = (rows < references) == own
        if side.any():
            quality[side] = trustworthiness(
                nearest[side], ranks[side], candidates=references - own
            )
    return quality


def _distances(embedding: Rows, rows: Tensor, reference: Rows, metric: str) -> Tensor:
    """Squared distances up to a summand of each query, shape `(Q, R)`, float32."""
    query = embedding[rows.to(embedding.device)].float()
    center = 0 if metric == "cosine" else query.mean(dim=0)
    query = _ready(query, center, metric)
    found = torch.empty(
        len(rows), len(reference), dtype=torch.float32, device=query.device
    )
    step = max(1, PIECE // max(1, query.shape[1]))
    for start in range(0, len(reference), step):
        block = _ready(reference[start : start + step].float(), center, metric)
        squares = (block * block).sum(dim=1)
        found[:, start : start + step] = squares - 2 * query @ block.T
    return found


def _ready(rows: Tensor, center: Tensor | int, metric: str) -> Tensor:
    if metric != "cosine":
        return rows - center
    length: Tensor = rows.norm(dim=1, keepdim=True)
    return rows / length


def _order(distance: Tensor) -> NDArray[np.int64]:
    """Sort each row, near to far; on a processor NumPy is the faster."""
    order: NDArray[np.int64]
    if distance.device.type == "cpu":
        order = distance.numpy().argsort(axis=1, kind="stable")
    else:
        order = distance.argsort(dim=1, stable=True).cpu().numpy()
    return order


def _as_ranks(order: NDArray[np.int64], own: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Rank of each reference; 0 that of the example itself, where it is one."""
    ranks = np.empty(order.shape, np.int32)
    places = np.arange(order.shape[1], dtype=np.int32)[None] + ~own[:, None]
    np.put_along_axis(ranks, order, places.astype(np.int32), axis=1)
    return ranks


def _levels_of(references: int) -> NDArray[np.uint8]:
    """Level of each rank 0..R."""
    ranks = np.arange(references + 1)
    share = np.log(np.maximum(ranks, 1)) / np.log(max(2, references))
    levels: NDArray[np.uint8] = np.rint(share * LEVELS).astype(np.uint8)
    return levels


def _ranks_of(references: int) -> NDArray[np.int64]:
    """Rank of each level."""
    share = np.arange(LEVELS + 1) / LEVELS
    ranks: NDArray[np.int64] = np.rint(max(2, references) ** share).astype(np.int64)
    return ranks

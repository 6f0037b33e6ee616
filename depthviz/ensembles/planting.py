"""Wrong labels that are planted on purpose, so that it is known how many are found.

Ours. Of a share of the examples the label is changed before any network is trained. How
many of them stand among the first so many suspicious examples says how many wrong
labels of the data stand there, as far as people confuse classes as the planting does:
labels that are wrong at random are found more easily than people's. Each planted label
is therefore that of a class which the neighbors of the example carry, in the input,
itself left out. There is no network yet that could know better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.nested import Nest, leaves, length
from depthviz.errors import ArgumentError, LabelError
from depthviz.neighbors import nearest_neighbors

__all__ = ["Planting", "check_planted", "draw_planting", "reduce_inputs"]

NEIGHBORS = 30
FEATURES = 256  # of an input that are compared; more are projected at random
PLANTING = 2**32 - 2  # keeps these draws apart from those of splits and members
MOST = 0.2  # share that is planted at most
RARE = 0.01  # of a neighbor, for a class that no neighbor of any such example carries


@dataclass(frozen=True)
class Planting:
    """Labels that were changed on purpose.

    Attributes:
        share: Share of the labels that was asked for.
        before: The labels before, int64, shape `(N,)`.
        after: The labels that members train with, int64, shape `(N,)`.
    """

    share: float
    before: Tensor
    after: Tensor

    @property
    def mask(self) -> Tensor:
        """Which labels were changed, bool, shape `(N,)`."""
        return self.before != self.after


def check_planted(share: object) -> None:
    """Refuse a share of planted labels that is none; None is no planting."""
    number = isinstance(share, (int, float, np.number)) and not isinstance(share, bool)
    if share is None or (number and 0 < share <= MOST):  # type: ignore[operator]
        return
    raise ArgumentError(
        f"planted must be a share of the labels above 0 and at most {MOST}, such as "
        f"0.02, or None for no planting, got {share!r}."
    )


def reduce_inputs(batches: Iterable[Nest], *, seed: int) -> Tensor:
    """Make at most 256 features of each input, as near to each other as the inputs.

    Args:
        batches: Inputs `(B, …)`, one after another. Of several tensors those of floats
            are compared; where there are none, the texts by the tokens that they hold.
        seed: Decides the random projection of larger inputs.

    Returns:
        Features, float32, shape `(N, F)`.
    """
    rows, projection = [], None
    for batch in batches:
        flat = _flat(batch, seed)
        if flat.shape[1] > FEATURES:
            if projection is None:
                generator = torch.Generator().manual_seed(seed)
                shape = (flat.shape[1], FEATURES)
                projection = torch.randn(shape, generator=generator).double()
            flat = flat @ projection
        rows.append(flat.float())
    return torch.cat(rows)


def _flat(batch: Nest, seed: int) -> Tensor:
    """Make one row of numbers of each input, shape `(B, F)`, float64."""
    if isinstance(batch, Tensor):
        return batch.flatten(1).double()
    parts = [leaf for _, leaf in leaves(batch) if leaf.is_floating_point()]
    if not parts and isinstance(batch, Mapping):
        return _tokens(batch, seed)
    parts = parts or [leaf for _, leaf in leaves(batch)]
    return torch.cat([part.reshape(len(part), -1).double() for part in parts], 1)


def _tokens(batch: Mapping[str, Nest], seed: int) -> Tensor:
    """Add up a random direction for each token that counts, over their number.

    Directions are waves of an id's number, so that they need no list of all tokens.
    """
    named = {name: leaf for name, leaf in leaves(batch) if not name.endswith("mask")}
    ids = named.get("input_ids", next(iter(named.values()), None))
    if ids is None:
        return torch.zeros(length(batch), FEATURES, dtype=torch.float64)
    ids = ids.reshape(len(ids), -1).double()
    mask, weight = batch.get("attention_mask"), torch.ones_like(ids)
    if isinstance(mask, Tensor) and mask.shape == ids.shape:
        weight = mask.double()
    generator = torch.Generator().manual_seed(seed)
    speed, start = torch.rand(2, FEATURES, generator=generator, dtype=torch.float64)
    total = torch.zeros(len(ids), FEATURES, dtype=torch.float64)
    for step in range(ids.shape[1]):
        wave = torch.cos(2 * torch.pi * (ids[:, step, None] * speed + start))
        total += weight[:, step, None] * wave
    return total / weight.sum(1, keepdim=True).clamp(min=1)


def draw_planting(
    features: Tensor, labels: Tensor, *, share: float, seed: int
) -> Planting:
    """Choose examples, and for each another class that its neighbors carry.

    A class is drawn with a chance that grows with the number of the example's neighbors
    that carry it, plus the mean over all examples of the same label as if of one
    neighbor. No class gives more than half of its examples.

    Args:
        features: Of the inputs, shape `(N, F)`.
        labels: Classes, int64, shape `(N,)`.
        share: Share of the examples, in (0, 1).
        seed: Decides examples and classes.

    Returns:
        The labels before and after.

    Raises:
        ArgumentError: If the share is of less than one example.
        LabelError: If there is one class alone.

    Example:
        >>> features, labels = torch.arange(40.0)[:, None], torch.arange(40) // 20
        >>> int(draw_planting(features, labels, share=0.1, seed=0).mask.sum())
        4
    """
    count = len(labels)
    wanted = round(share * count)
    if not wanted:
        raise ArgumentError(
            f"planted={share:g} of {count} examples is less than one; plant at least "
            f"{1 / count:.2g}, and a hundred examples or more for a precision that "
            "says something."
        )
    classes, codes = np.unique(labels.numpy(), return_inverse=True)
    if len(classes) < 2:
        raise LabelError(
            f"All examples have the label {int(classes[0])}, so there is no other that "
            "could be planted. Leave out planted."
        )
    generator = np.random.default_rng([seed, PLANTING])
    chosen = _choose(codes, wanted, generator)
    odds = _odds(features, torch.from_numpy(codes), len(classes))[chosen]
    drawn = [generator.choice(len(classes), p=row / row.sum()) for row in odds]
    after = labels.clone()
    after[torch.from_numpy(chosen)] = torch.from_numpy(classes[drawn])
    return Planting(share, labels, after)


def _choose(
    codes: NDArray[np.int64], wanted: int, generator: np.random.Generator
) -> NDArray[np.intp]:
    """Choose examples, of each class at most half."""
    order = generator.permutation(len(codes))
    frame = codes[order]
    turn = np.empty(len(codes), np.int64)  # how many of its class come before
    for code in np.unique(frame):
        here = frame == code
        turn[here] = np.arange(here.sum())
    sizes = np.bincount(codes)
    return order[turn < sizes[frame] // 2][:wanted]


def _odds(features: Tensor, codes: Tensor, classes: int) -> NDArray[np.float64]:
    """Weigh the other classes of each example, shape `(N, C)`; 0 for its own."""
    k = min(NEIGHBORS, len(codes) - 1)
    itself = torch.arange(len(codes))
    index = nearest_neighbors(features, features, k=k, exclude=itself).index
    counts = torch.zeros(len(codes), classes, dtype=torch.float64)
    counts.scatter_add_(1, codes[index], torch.ones(index.shape, dtype=torch.float64))
    own = codes[:, None]
    counts.scatter_(1, own, 0)
    confused = torch.zeros(classes, classes, dtype=torch.float64)
    confused.index_add_(0, codes, counts)
    usual = (confused + RARE) / (confused + RARE).sum(1, keepdim=True)
    return (counts + usual[codes]).scatter(1, own, 0).numpy()

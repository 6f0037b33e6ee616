"""Wrong labels that are planted: by chance, one way, or where an input looks like it.

Each kind changes a share of the labels, by a generator whose seed decides all of it.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["by_class_size", "instance_dependent", "one_way", "symmetric"]

Labels = NDArray[np.int64]
STEEP = 3.0  # of the softmax that chooses the other class


def symmetric(
    labels: Labels, share: float, draw: np.random.Generator, *, classes: int
) -> Labels:
    """Change a share of the labels, each to any other class.

    Example:
        >>> labels = np.zeros(1000, np.int64)
        >>> found = symmetric(labels, 0.1, np.random.default_rng(0), classes=3)
        >>> int((found != 0).sum())
        100
    """
    changed = labels.copy()
    rows = draw.permutation(len(labels))[: round(share * len(labels))]
    changed[rows] = (labels[rows] + draw.integers(1, classes, len(rows))) % classes
    return changed


def by_class_size(labels: Labels, share: float, draw: np.random.Generator) -> Labels:
    """Change a share of the labels, each to that of a random example of another class.

    So the same share of the labels of a rare class is wrong as of a common one; where
    all classes are as likely, most labels of a rare class would be.

    Example:
        >>> labels = np.repeat([0, 1], [9900, 100])
        >>> found = by_class_size(labels, 0.01, np.random.default_rng(0))
        >>> bool((found != labels).sum() == 100)
        True
    """
    changed = labels.copy()
    wanted = round(share * len(labels))
    givers = draw.permutation(len(labels))
    takers = draw.permutation(len(labels))
    pairs = takers[labels[givers] != labels[takers]][:wanted]
    changed[pairs] = labels[givers[labels[givers] != labels[takers]][:wanted]]
    return changed


def one_way(
    labels: Labels, share: float, draw: np.random.Generator, *, ways: Mapping[int, int]
) -> Labels:
    """Change a share of the labels, from some classes to one other class each.

    Example:
        >>> labels = np.repeat([0, 1], 50)
        >>> found = one_way(labels, 0.1, np.random.default_rng(0), ways={1: 0})
        >>> int((found[:50] != 0).sum()), int((found[50:] != 1).sum())
        (0, 10)
    """
    changed = labels.copy()
    rows = draw.permutation(np.flatnonzero(np.isin(labels, list(ways))))
    for row in rows[: round(share * len(labels))]:
        changed[row] = ways[int(labels[row])]
    return changed


def instance_dependent(
    labels: Labels,
    share: float,
    draw: np.random.Generator,
    *,
    inputs: NDArray[np.float32],
    classes: int,
) -> Labels:
    """Change a share of the labels, each to a class that depends on the input.

    As in part-dependent label noise: each class has a random projection of the inputs
    to the classes, whose softmax says to which other class an example is changed, and
    a rate of its own, normal around the share, decides whether it is.

    References:
        Xia et al. (2020). https://arxiv.org/abs/2006.07836
    """
    rows = inputs.reshape(len(inputs), -1)
    rows = (rows - rows.mean(0)) / np.maximum(rows.std(0), 1e-6)
    changed = labels.copy()
    rates = np.clip(draw.normal(share, 0.1, len(labels)), 0.0, 1.0)
    flips = draw.random(len(labels)) < rates * share / rates.mean()
    for label in range(classes):
        towards = draw.normal(size=(rows.shape[1], classes))
        chosen = np.flatnonzero((labels == label) & flips)
        logits = rows[chosen] @ towards / np.sqrt(rows.shape[1]) * STEEP
        logits[:, label] = -np.inf
        noise = draw.gumbel(size=logits.shape)  # draws from the softmax
        changed[chosen] = (logits + noise).argmax(1)
    return changed

"""The slow and obvious versions that the tests compare with."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.spatial.distance import cdist
from torch import Tensor


def distances(query: Tensor, reference: Tensor) -> np.ndarray:
    """All distances in float64, from differences, by SciPy."""
    return cdist(query.double().cpu().numpy(), reference.double().cpu().numpy())


def neighbors(
    query: Tensor, reference: Tensor, k: int, exclude: Tensor | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Sort all references by float64 distance, equal ones by index."""
    found = distances(query, reference)
    if exclude is not None:
        rows = np.flatnonzero(exclude.numpy() >= 0)
        found[rows, exclude.numpy()[rows]] = np.inf
    order = np.argsort(found, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(found, order, 1), order


def vote(labels: Sequence[int]) -> int:
    """The commonest label; of tied ones that which comes first."""
    count = Counter(labels)
    most = max(count.values())
    return next(label for label in labels if count[label] == most)


def votes(index: np.ndarray, labels: Sequence[int]) -> list[int]:
    return [vote([labels[reference] for reference in row]) for row in index]


def depth(votes: Sequence[Sequence[int]], prediction: Sequence[int]) -> list[int]:
    """Definition 2, one example at a time."""
    found = []
    for example, predicted in enumerate(prediction):
        wrong = [p for p, row in enumerate(votes) if row[example] != predicted]
        found.append(1 + max(wrong) if wrong else 0)
    return found

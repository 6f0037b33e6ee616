"""Handwritten digits with wrong labels planted among them.

scikit-learn ships 1,797 real digits of 8 by 8 pixels with its package, so this data set
needs no network and no disk. Replacing a share of the labels by wrong ones gives a
question with a known answer: which examples were planted? The planting falls on both
splits, as mistakes do in life.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError

__all__ = ["Digits", "load_digits"]


@dataclass(frozen=True)
class Digits:
    """The digits in two splits, with the truth that no measure may look at.

    `true_labels`, `planted` and `source` follow the order of a study: training
    examples, then validation examples.

    Attributes:
        train: Pictures `(N, 1, 8, 8)` in [0, 1] and given labels `(N,)`.
        validation: The same, held out.
        true_labels: Labels before the planting, shape `(N,)`.
        planted: True where the given label is wrong, shape `(N,)`.
        source: Position in scikit-learn's data set, shape `(N,)`.
        class_names: "0" to "9".
    """

    train: tuple[NDArray[np.float32], NDArray[np.int64]]
    validation: tuple[NDArray[np.float32], NDArray[np.int64]]
    true_labels: NDArray[np.int64]
    planted: NDArray[np.bool_]
    source: NDArray[np.int64]
    class_names: tuple[str, ...]


def load_digits(*, noise: float = 0.05, holdout: float = 0.2, seed: int = 0) -> Digits:
    """Load scikit-learn's digits and plant wrong labels.

    Args:
        noise: Share of all labels that are replaced by a wrong one, in [0, 1].
        holdout: Share of each class that goes to the validation split, in (0, 1).
        seed: Decides the split and the planting, in 0..2**32 - 1.

    Returns:
        Both splits and the truth about them.

    Raises:
        ArgumentError: If noise, holdout or seed are outside their ranges.

    Example:
        >>> digits = load_digits()
        >>> len(digits.train[1]), len(digits.validation[1]), int(digits.planted.sum())
        (1437, 360, 90)
    """
    from sklearn.datasets import load_digits as load
    from sklearn.model_selection import train_test_split

    if not (0 <= noise <= 1 and 0 < holdout < 1):
        raise ArgumentError(
            f"noise must be in [0, 1] and holdout in (0, 1), got {noise} and {holdout}."
        )
    if not 0 <= seed < 2**32:
        raise ArgumentError(f"seed must be in 0..{2**32 - 1}, got {seed}.")
    bunch = load()
    parts = train_test_split(
        np.arange(len(bunch.target)),
        test_size=holdout,
        stratify=bunch.target,
        random_state=seed,
    )
    source = np.concatenate(parts)
    pictures = (bunch.images[source, None] / 16).astype(np.float32)
    true_labels = bunch.target[source].astype(np.int64)
    labels, planted = _plant(true_labels, noise, np.random.default_rng(seed))
    cut = len(parts[0])
    return Digits(
        train=(pictures[:cut], labels[:cut]),
        validation=(pictures[cut:], labels[cut:]),
        true_labels=true_labels,
        planted=planted,
        source=source,
        class_names=tuple(map(str, bunch.target_names)),
    )


def _plant(
    labels: NDArray[np.int64], noise: float, generator: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    planted = np.zeros(len(labels), bool)
    planted[generator.permutation(len(labels))[: round(noise * len(labels))]] = True
    shift = generator.integers(1, 10, len(labels))
    return np.where(planted, (labels + shift) % 10, labels), planted

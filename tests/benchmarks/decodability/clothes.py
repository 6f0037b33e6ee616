"""Pictures of Fashion-MNIST with their labels as they are published."""

import gzip

import numpy as np
from numpy.typing import NDArray

from tests.conftest import DATA

__all__ = ["FOLDER", "clothes"]

FOLDER = DATA / "fashion_mnist"


def clothes(count: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw training pictures `(N, 28, 28)` in [0, 1], and their labels."""
    pictures = _bytes("images-idx3", 16).reshape(-1, 28, 28)
    labels = _bytes("labels-idx1", 8).astype(np.int64)
    rows = np.random.default_rng(seed).permutation(len(labels))[:count]
    return (pictures[rows] / 255).astype(np.float32), labels[rows]


def _bytes(kind: str, skip: int) -> NDArray[np.uint8]:
    with gzip.open(FOLDER / f"train-{kind}-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=skip)

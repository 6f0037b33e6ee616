"""Fashion-MNIST in color, with a patch in a corner that has nothing to do with classes.

The patch is red, green or blue at random, so a network that tells clothes has no use of
it. Whether its neighbors still tell it hangs on how bright it is.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.measurement import measure
from depthviz.models import small_cnn
from depthviz.study import Study
from depthviz.training import fit
from tests.benchmarks.decodability.clothes import clothes
from tests.benchmarks.protocol.data import FASHION

__all__ = ["COLORS", "Patched", "patched", "study_of"]

COLORS = ("red", "green", "blue")
SIDE = 6  # pixels of the patch


class Patched(NamedTuple):
    """Pictures with their labels, and the color of each patch.

    Attributes:
        pictures: Shape `(N, 3, 28, 28)`, float32 in [0, 1].
        labels: Shape `(N,)`.
        color: Place in `COLORS`, shape `(N,)`.
    """

    pictures: NDArray[np.float32]
    labels: NDArray[np.int64]
    color: NDArray[np.int64]


def patched(count: int, strength: float, *, seed: int) -> Patched:
    """Draw pictures, right labels, and patches of a strength in [0, 1]."""
    gray, labels = clothes(count, seed)
    pictures = np.repeat(gray[:, None], 3, axis=1)
    color = np.random.default_rng(seed + 1).integers(0, len(COLORS), count)
    pictures[:, :, :SIDE, :SIDE] = 0
    pictures[np.arange(count), color, :SIDE, :SIDE] = strength
    return Patched(pictures, labels, color)


def study_of(data: Patched, *, held_out: int, epochs: int, seed: int) -> Study:
    """Train a small network on the classes, and measure it with the colors beside."""
    model = small_cnn(in_channels=3, width=16, stride=2, seed=seed)
    train = slice(0, len(data.labels) - held_out)
    rest = slice(train.stop, None)
    parts = [(data.pictures[part], data.labels[part]) for part in (train, rest)]
    fit(
        model,
        parts[0],
        epochs=epochs,
        learning_rate=3e-3,
        seed=seed,
        device="cpu",
        progress=False,
    )
    study = measure(
        model,
        *parts,
        class_names=FASHION,
        device="cpu",
        projection=None,
        progress=False,
    )
    return study.assign(patch=[COLORS[code] for code in data.color])

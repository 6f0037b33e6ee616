"""Networks whose mistakes are to be told: what they learned, and what they are shown.

All see pictures of Fashion-MNIST. They differ in what makes them wrong: too little
training, labels that are wrong and known by heart, or pictures of another kind.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import nn

from depthviz.measurement import measure
from depthviz.models import small_cnn
from depthviz.study import Study
from depthviz.training import fit
from tests.benchmarks.decodability.clothes import clothes
from tests.benchmarks.label_errors.noise import symmetric
from tests.benchmarks.protocol.data import FASHION

__all__ = ["SETTINGS", "Setting", "Size", "study_of"]

Pictures = NDArray[np.float32]
CLASSES = 10
HEART = 8  # times as many epochs as of a short training
NOISE = 0.2  # standard deviation, of pictures in [0, 1]


class Size(NamedTuple):
    """How much is computed."""

    train: int
    held_out: int
    epochs: int


class Setting(NamedTuple):
    """What a network learns, and what it is asked.

    Attributes:
        name: In a few words.
        longer: How many times as many epochs it trains.
        wrong: Share of its training labels that are wrong.
        shown: Changes the held-out pictures.
    """

    name: str
    longer: int = 1
    wrong: float = 0.0
    shown: Callable[[Pictures, np.random.Generator], Pictures] | None = None


def noisy(pictures: Pictures, draw: np.random.Generator) -> Pictures:
    """Lay noise over pictures."""
    noise = draw.normal(scale=NOISE, size=pictures.shape)
    return np.clip(pictures + noise, 0, 1).astype(np.float32)


def turned(pictures: Pictures, draw: np.random.Generator) -> Pictures:
    """Turn every picture by a quarter, one way or the other."""
    left = draw.random(len(pictures)) < 0.5
    turns = [np.rot90(pictures, ways, axes=(-2, -1)) for ways in (1, 3)]
    return np.ascontiguousarray(np.where(left[:, None, None, None], *turns))


SETTINGS = (
    Setting("trained for a moment"),
    Setting("trained long", longer=HEART),
    Setting("a fifth of the labels wrong, a moment", wrong=0.2),
    Setting("a fifth of the labels wrong, by heart", longer=HEART, wrong=0.2),
    Setting("trained long, shown noise", longer=HEART, shown=noisy),
    Setting("trained long, shown turned pictures", longer=HEART, shown=turned),
)


def study_of(setting: Setting, size: Size, *, seed: int) -> Study:
    """Train a network and measure it; held-out labels are right in every setting."""
    train, held_out = _data(size, setting.wrong, seed)
    asked = held_out[0]
    if setting.shown is not None:
        asked = setting.shown(asked, np.random.default_rng(seed + 2))
    return measure(
        _trained(size, setting.wrong, size.epochs * setting.longer, seed),
        train,
        (asked, held_out[1]),
        class_names=FASHION,
        device="cpu",
        projection=None,
        progress=False,
    )


def _data(size: Size, wrong: float, seed: int) -> tuple[Any, Any]:
    """Give pictures and labels to learn, some of them wrong, and to be asked."""
    pictures, labels = clothes(size.train + size.held_out, seed)
    pictures, count = pictures[:, None], size.train
    draw = np.random.default_rng(seed + 1)
    given = symmetric(labels[:count], wrong, draw, classes=CLASSES)
    return (pictures[:count], given), (pictures[count:], labels[count:])


@cache
def _trained(size: Size, wrong: float, epochs: int, seed: int) -> nn.Module:
    """Train a network; what differs in the pictures that it is asked shares one."""
    return fit(
        small_cnn(width=16, stride=2, seed=seed),
        _data(size, wrong, seed)[0],
        epochs=epochs,
        learning_rate=3e-3,
        seed=seed,
        device="cpu",
        progress=False,
    )

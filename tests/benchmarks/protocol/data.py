"""Three data sets with a known answer, as the protocol's runs are given them.

Digits and Fashion-MNIST have wrong labels planted by the seed. CIFAR-10's pictures have
what people said of them: labels of annotators, and a published C-score.
"""

import gzip
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.datasets import load_digits
from tests.conftest import DATA
from tests.neighbors.pictures import cifar

__all__ = ["LABELS", "Question", "cifar_question", "digits", "fashion"]

CLASSES = 10
NOISE = 0.1
FASHION = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
CIFAR = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
LABELS = {"clean": "labels", "aggre": "aggre_label", "worse": "worse_label"}


class Question(NamedTuple):
    """Pictures with labels, some of them wrong.

    Attributes:
        name: What tells it from others in a folder of runs.
        pictures: Shape `(N, H, W)` or `(N, H, W, 3)`, uint8; or `(N, 1, H, W)`, float.
        labels: The given labels, shape `(N,)`.
        wrong: Whether the given label is not the true one, shape `(N,)`.
        class_names: Of the classes.
        c_score: The published one, high where easy, shape `(N,)`; None where there is
            none.
    """

    name: str
    pictures: NDArray[np.uint8] | NDArray[np.float32]
    labels: NDArray[np.int64]
    wrong: NDArray[np.bool_]
    class_names: tuple[str, ...]
    c_score: NDArray[np.float32] | None = None


def digits(seed: int, count: int) -> Question:
    """scikit-learn's digits, all of them or the first `count` in the seed's order."""
    found = load_digits(noise=NOISE, seed=seed)
    pictures, labels = (
        np.concatenate(parts)[:count]
        for parts in zip(found.train, found.validation, strict=True)
    )
    wrong = found.planted[:count]
    return Question(f"digits-{seed}", pictures, labels, wrong, found.class_names)


def fashion(seed: int, count: int, *, noise: float = NOISE) -> Question:
    """Random training pictures of Fashion-MNIST, a share of them with a wrong label."""
    draw = np.random.default_rng(seed)
    folder = DATA / "fashion_mnist"
    pictures = _bytes(folder / "train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    truth = _bytes(folder / "train-labels-idx1-ubyte.gz", 8).astype(np.int64)
    rows = draw.permutation(len(truth))[:count]
    wrong = np.zeros(len(rows), bool)
    wrong[draw.permutation(len(rows))[: round(noise * len(rows))]] = True
    shift = draw.integers(1, CLASSES, len(rows))
    labels = np.where(wrong, (truth[rows] + shift) % CLASSES, truth[rows])
    return Question(f"fashion-{seed}", pictures[rows], labels, wrong, FASHION)


def cifar_question(labels: str, count: int) -> Question:
    """The first training pictures of CIFAR-10 with one of its sets of labels."""
    images, truth = cifar(DATA, count)
    # From [-1, 1] back to the bytes they were: a quarter of the size to send around.
    pixels = ((images + 1) * 127.5).round().byte().permute(0, 2, 3, 1)
    stored = np.load(DATA / "cifar10_dev10k" / "cifar10_train_0_9999.npz")
    given = stored[LABELS[labels]][:count].astype(np.int64)
    return Question(
        f"cifar-{labels}",
        np.ascontiguousarray(pixels.numpy()),
        given,
        given != truth.numpy(),
        CIFAR,
        stored["cscore"][:count],
    )


def _bytes(path, skip):
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=skip)

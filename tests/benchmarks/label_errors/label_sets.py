"""Examples with labels some of which are known to be wrong, and networks for them.

Human labels of CIFAR-10; Fashion-MNIST, sentences and digits with labels that a seed
plants. Every set starts with the same examples, so that a smaller one is a part.
"""

import csv
import gzip
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import nn

from depthviz.datasets import load_digits
from depthviz.models import mlp, small_cnn
from depthviz.training import Recipe
from tests.benchmarks.label_errors import noise
from tests.benchmarks.protocol.data import CIFAR, FASHION
from tests.conftest import DATA
from tests.neighbors.pictures import cifar

__all__ = ["SETS", "LabelSet", "make_set", "needs"]

SHARE = 0.1
RARE, RARE_SHARE = 4, 0.01  # the class that is thinned, coats, and what is left of it
WORDS, LEAST_WORDS = 2000, 5
# Clothes that people take for one another: the given label of some is the other.
LOOKALIKES = {0: 6, 2: 4, 3: 0, 5: 7, 9: 7}


class LabelSet(NamedTuple):
    """Examples, their given labels and the truth.

    Attributes:
        name: Names its runs.
        inputs: What the network takes, shape `(N, …)`.
        labels: The given labels, shape `(N,)`.
        truth: The true ones, shape `(N,)`.
        class_names: Of the C classes.
        network: Builds an untrained network.
        recipe: How the members of an ensemble are trained.
        short: Epochs after which a network knows few wrong labels.
        annotations: What several people said, shape `(N, A)`, where it is known.
        c_score: The published one, high where easy, shape `(N,)`, where it is known.
    """

    name: str
    inputs: NDArray[np.uint8] | NDArray[np.float32]
    labels: NDArray[np.int64]
    truth: NDArray[np.int64]
    class_names: tuple[str, ...]
    network: Callable[[], nn.Module]
    recipe: Recipe
    short: int = 5
    annotations: NDArray[np.int64] | None = None
    c_score: NDArray[np.float32] | None = None

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Whether each given label is wrong, shape `(N,)`."""
        return self.labels != self.truth

    def head(self, count: int) -> "LabelSet":
        """Return the set of its first examples."""
        parts = {
            name: value[:count]
            for name in ("inputs", "labels", "truth", "annotations", "c_score")
            if (value := getattr(self, name)) is not None
        }
        return self._replace(**parts)


def make_set(name: str, count: int, seed: int) -> LabelSet:
    """Make one of SETS, of so many examples or all there are."""
    return SETS[name](name, count, seed)


def needs(name: str) -> str:
    """Name the folder of data that a set needs, "" for none."""
    folders = {"cifar": "cifar10_dev10k", "fashion": "fashion_mnist", "sst2": "sst2"}
    return folders.get(name.partition("-")[0], "")


def _cifar(name: str, count: int, _: int) -> LabelSet:
    images, truth = cifar(DATA, count)
    stored = np.load(DATA / "cifar10_dev10k" / "cifar10_train_0_9999.npz")
    column = {"random1": "random_label1"}.get(name[6:], f"{name[6:]}_label")
    people = [stored[f"random_label{number}"][:count] for number in (1, 2, 3)]
    return LabelSet(
        name,
        images.numpy(),
        stored[column][:count].astype(np.int64),
        truth.numpy(),
        CIFAR,
        partial(small_cnn, in_channels=3, width=24, stride=2),
        Recipe(epochs=12, batch_size=128, augmentation=["flip"], checkpoints=0),
        annotations=np.stack(people, 1).astype(np.int64),
        c_score=stored["cscore"][:count],
    )


def _fashion(name: str, count: int, seed: int) -> LabelSet:
    draw = np.random.default_rng(seed)
    pictures, truth = _clothes(draw, count, rare=name == "fashion-rare")
    plant = {
        "symmetric": partial(noise.symmetric, classes=10),
        "one-way": partial(noise.one_way, ways=LOOKALIKES),
        "instance": partial(noise.instance_dependent, inputs=pictures, classes=10),
        "rare": noise.by_class_size,
    }[name.removeprefix("fashion-")]
    return LabelSet(
        name,
        pictures,
        plant(truth, SHARE, draw),
        truth,
        FASHION,
        partial(small_cnn, width=16, stride=2),
        Recipe(epochs=12, batch_size=128, checkpoints=0),
    )


def _clothes(
    draw: np.random.Generator, count: int, *, rare: bool
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw pictures `(N, 1, 28, 28)` and their classes, one of which may be rare."""
    folder = DATA / "fashion_mnist"
    pictures = _bytes(folder / "train-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
    classes = _bytes(folder / "train-labels-idx1-ubyte.gz", 8).astype(np.int64)
    rows = draw.permutation(len(classes))
    if rare:
        few = round(RARE_SHARE * count)
        is_rare = classes[rows] == RARE
        kept = np.concatenate([rows[is_rare][:few], rows[~is_rare][: count - few]])
        rows = draw.permutation(kept)
    rows = rows[:count]
    return (pictures[rows] / 255).astype(np.float32), classes[rows]


def _digits(name: str, count: int, seed: int) -> LabelSet:
    found = load_digits(noise=SHARE, seed=seed)
    inputs, labels = (
        np.concatenate(parts)
        for parts in zip(found.train, found.validation, strict=True)
    )
    network = partial(small_cnn, width=16)
    recipe = Recipe(epochs=30, checkpoints=0)
    whole = LabelSet(
        name, inputs, labels, found.true_labels, found.class_names, network, recipe
    )
    return whole.head(count)


def _sentences(name: str, count: int, seed: int) -> LabelSet:
    """Read sentences as weighted counts of their words, shape `(N, F)`."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    draw = np.random.default_rng(seed)
    with gzip.open(DATA / "sst2" / "train.tsv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [row for row in rows if len(row["sentence"].split()) >= LEAST_WORDS]
    chosen = [rows[place] for place in draw.permutation(len(rows))[:count]]
    counts = TfidfVectorizer(max_features=WORDS, sublinear_tf=True)
    inputs = counts.fit_transform([row["sentence"] for row in chosen])
    truth = np.array([int(row["label"]) for row in chosen])
    return LabelSet(
        name,
        inputs.toarray().astype(np.float32),
        noise.symmetric(truth, SHARE, draw, classes=2),
        truth,
        ("negative", "positive"),
        partial(mlp, in_features=inputs.shape[1], num_classes=2, width=64, hidden=4),
        Recipe(epochs=5, checkpoints=0),
        short=1,
    )


def _bytes(path, skip):
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=skip)


SETS: dict[str, Callable[[str, int, int], LabelSet]] = {
    "cifar-aggre": _cifar,
    "cifar-random1": _cifar,
    "cifar-worse": _cifar,
    "fashion-symmetric": _fashion,
    "fashion-one-way": _fashion,
    "fashion-instance": _fashion,
    "fashion-rare": _fashion,
    "digits": _digits,
    "sst2": _sentences,
}

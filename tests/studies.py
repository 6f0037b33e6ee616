"""Small studies for tests that look at what is done with one."""

from functools import cache
from typing import Any

import numpy as np
from torch import nn

from depthviz.models import small_cnn
from depthviz.study import Study, measure

HOSTILE = ("cat", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>")


@cache
def tiny_study(classes: tuple[str, ...] = HOSTILE) -> Study:
    """Measure 60 training and 20 held-out pictures of noise, untrained network."""
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 256, (80, 8, 6, 3), dtype=np.uint8)
    labels = generator.integers(0, len(classes), 80)
    return measure(
        small_cnn(in_channels=3, classes=len(classes), width=4, seed=0),
        (pictures[:60], labels[:60]),
        (pictures[60:], labels[60:]),
        k=5,
        projection="pca",
        class_names=classes,
        progress=False,
    )


def vector_study(count: int = 12, **options: Any) -> Study:
    """Measure points without pictures under an untrained linear network."""
    points = np.random.default_rng(1).normal(size=(count, 3)).astype(np.float32)
    options = {"k": 2, "projection": None, "progress": False, **options}
    return measure(nn.Linear(3, 2), (points, np.arange(count) % 2), **options)

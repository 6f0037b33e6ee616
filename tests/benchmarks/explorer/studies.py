"""Studies as large as one likes, for what is asked of the Explorer's speed.

Written straight as datasets, since no network needs to be trained to move points:
clusters of one class each that drift, split and tighten from probe to probe, as aligned
maps do. Pictures are Fashion-MNIST's, repeated where more are wanted.
"""

import gzip

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.study import Study
from tests.conftest import DATA

__all__ = ["MEASURES", "drawn_study", "have_fashion", "pictures", "positions"]

FASHION = DATA / "fashion_mnist"
MEASURES = (
    "confidence",
    "suspicion",
    "output_margin",
    "entropy",
    "forgetting",
    "aum",
    "label_probability",
)
SIDE = 28


def have_fashion() -> bool:
    """Whether the pictures are there; DEPTHVIZ_DATA names their folder."""
    return FASHION.is_dir()


def drawn_study(
    examples: int,
    *,
    probes: int = 11,
    classes: int = 10,
    images: bool = False,
    seed: int = 0,
) -> Study:
    """Draw a study of one network.

    Args:
        examples: N.
        probes: P.
        classes: C.
        images: Whether it has pictures.
        seed: Of everything that is drawn.

    Returns:
        The study, with a map, votes, and ten columns that filter.
    """
    draw = np.random.default_rng(seed)
    label = draw.integers(0, classes, examples).astype(np.uint16)
    wrong = draw.random(examples) < 0.1
    other = draw.integers(0, classes, examples).astype(np.uint16)
    depth = draw.integers(0, probes + 1, examples).astype(np.uint8)
    vote = np.where(np.arange(probes)[:, None] >= depth, label, other)
    one = ("example",)
    variables = {
        "split": (one, (draw.random(examples) < 0.2).astype(np.uint8)),
        "label": (one, label),
        "prediction": (one, np.where(wrong, other, label)),
        "depth": (one, depth),
        **{name: (one, draw.random(examples, np.float32)) for name in MEASURES},
        "vote": (("probe", "example"), vote.astype(np.uint16)),
        "neighbor_agreement": (
            ("probe", "example"),
            draw.random((probes, examples), np.float32),
        ),
        "projection": (("probe", "example", "axis"), positions(label, probes, seed)),
    }
    if images:
        dims = ("example", "image_height", "image_width", "channel")
        variables["image"] = (dims, pictures(examples)[..., None])
    return Study(
        xr.Dataset(
            variables,
            {
                "probe": [f"block{number}" for number in range(probes)],
                "class": [f"class {number}" for number in range(classes)],
                "example_id": ("example", np.arange(examples, dtype=np.int32)),
            },
            {"title": f"{examples:,} drawn examples", "projection": "drawn"},
        )
    )


def positions(label: NDArray[np.uint16], probes: int, seed: int) -> NDArray[np.float32]:
    """Place each class around a center that wanders, shape `(P, N, 2)`."""
    draw = np.random.default_rng([seed, 1])
    center = draw.normal(0, 1, (int(label.max()) + 1, 2)) * 0.3
    noise = draw.normal(0, 1, (len(label), 2))
    places = []
    for probe in range(probes):
        center = center * 1.15 + draw.normal(0, 0.2, center.shape)
        spread = 1.2 - 0.8 * probe / max(1, probes - 1)
        turn = 0.3 * probe
        turned = noise @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
        places.append(center[label] + spread * turned * [1.0, 0.6])
    return np.stack(places).astype(np.float32)


def pictures(count: int) -> NDArray[np.uint8]:
    """Pictures of Fashion-MNIST, shape `(N, 28, 28)`; gradients where it is missing."""
    if not have_fashion():
        slope = np.add.outer(np.arange(SIDE), np.arange(SIDE))
        turns = np.arange(count)[:, None, None]
        return ((slope * (1 + turns % 7) + turns) % 256).astype(np.uint8)
    with gzip.open(FASHION / "train-images-idx3-ubyte.gz") as file:
        stored = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, SIDE, SIDE)
    return stored[np.arange(count) % len(stored)]

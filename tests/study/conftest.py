"""A study that no network made, with every kind of variable in it."""

import numpy as np
import pytest
import xarray as xr

from depthviz.study import Study


@pytest.fixture
def study():
    generator = np.random.default_rng(0)
    count, probes, k = 9, 3, 2
    shape = (probes, count)
    per_probe = ("probe", "example")
    return Study(
        xr.Dataset(
            {
                "suspicion": ("example", np.linspace(-1, 1, count, dtype=np.float32)),
                "split": ("example", np.array([0] * 6 + [1] * 3, np.uint8)),
                "label": ("example", np.arange(count, dtype=np.int16) % 3),
                "prediction": ("example", np.arange(count, dtype=np.int16) % 2),
                "depth": ("example", np.arange(count, dtype=np.int16) % (probes + 1)),
                "confidence": ("example", np.linspace(0, 1, count, dtype=np.float32)),
                "vote": (per_probe, generator.integers(0, 3, shape).astype(np.int16)),
                "neighbor_index": (
                    (*per_probe, "neighbor"),
                    generator.integers(0, 6, (*shape, k)).astype(np.int32),
                ),
                "image": (
                    ("example", "image_height", "image_width", "image_channel"),
                    generator.integers(0, 256, (count, 4, 5, 3), dtype=np.uint8),
                ),
            },
            {
                "probe": ["input", "<conv>", "softmax"],
                "class": ["cat", "dög", "<b>"],
                "example_id": ("example", np.arange(count, dtype=np.int32)),
            },
            {
                "k": k,
                "probes": [
                    {"name": name, "module": None}
                    for name in ("input", "<conv>", "softmax")
                ],
            },
        )
    )

"""Studies of made-up columns to choose from."""

from typing import Any

import numpy as np
import xarray as xr

from depthviz.study import Study


def column_study(ids: Any = None, **columns: Any) -> Study:
    """Make a study of training examples that has nothing but columns."""
    count = len(next(iter(columns.values())))
    names = np.arange(count) if ids is None else np.array(ids, object)
    data = xr.Dataset({name: ("example", each) for name, each in columns.items()})
    return Study(data.assign_coords(example_id=("example", names)))


def clouds(count: int = 90, features: int = 5, seed: int = 0) -> np.ndarray:
    """Three clouds of points, of unequal sizes."""
    draw = np.random.default_rng(seed)
    middle = draw.normal(size=(3, features)) * 4
    part = draw.choice(3, count, p=[0.6, 0.3, 0.1])
    return middle[part] + draw.normal(size=(count, features))


def labels(count: int = 90) -> np.ndarray:
    """Labels of three classes of unequal sizes."""
    return np.random.default_rng(3).choice(3, count, p=[0.6, 0.3, 0.1])


def pool(count: int = 90) -> Study:
    """Make a study with a column for every method."""
    draw = np.random.default_rng(1)
    return column_study(
        depth=draw.permutation(count).astype(float),
        aum=draw.normal(size=count),
        dual=draw.random(count),
        data_map_confidence=draw.random(count),
        prototype_distance=draw.random(count),
        confidence=draw.random(count),
        label=labels(count),
    )

"""A study as a data set of Hugging Face's `datasets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from depthviz.difficulty.class_columns import CLASS_COLUMNS
from depthviz.errors import DependencyError
from depthviz.exchange.arrow import arrow_table, describe_features, with_pictures
from depthviz.exchange.columns import (
    IMAGE,
    class_names,
    exchange_columns,
    is_users,
)

if TYPE_CHECKING:
    import datasets

__all__ = ["make_dataset"]


def make_dataset(
    data: xr.Dataset, frame: pd.DataFrame, *, thumbnails: bool
) -> datasets.Dataset:
    """Make the data set, in memory.

    Args:
        data: A study's dataset.
        frame: Its table.
        thumbnails: Whether it has the pictures.

    Returns:
        Classes are `ClassLabel` features, pictures an `Image` feature.

    Raises:
        DependencyError: If datasets is missing.
        StudyError: If a column cannot be one of Arrow.
    """
    try:
        import datasets
    except ImportError as error:
        raise DependencyError(
            "study.to_datasets needs Hugging Face's datasets, which is not installed: "
            "pip install datasets."
        ) from error
    columns = exchange_columns(data, frame)
    named = [
        name for name in CLASS_COLUMNS if name in columns and not is_users(data, name)
    ]
    columns |= {name: _codes(columns[name]) for name in named}
    table = arrow_table(columns)
    features: dict[str, Any] = {
        name: {"names": class_names(data), "_type": "ClassLabel"} for name in named
    }
    if thumbnails and IMAGE in data:
        table = with_pictures(data, table)
        features[IMAGE] = {"_type": "Image"}
    said = describe_features(table.schema, features)
    return datasets.Dataset(table.replace_schema_metadata(said.metadata))


def _codes(classes: pd.Series[Any]) -> Any:
    """Number classes, missing where they are none."""
    codes = classes.cat.codes.to_numpy(np.int64)
    return pd.arrays.IntegerArray(codes, codes < 0)

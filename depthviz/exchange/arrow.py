"""A study's table as a stream of Arrow batches, with pictures where they are wanted.

A batch holds some thousand rows, and pictures are read and written down as PNG when
their batch is asked for: however many there are, few are in memory. The schema says
which column is of pictures, by the key that Hugging Face's `datasets` reads.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from PIL import Image

from depthviz.errors import DependencyError, StudyError
from depthviz.exchange.columns import IMAGE, exchange_columns

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ROWS", "arrow_table", "describe_features", "open_stream", "with_pictures"]

ROWS = 1_024  # of a batch
NO_NAME = re.compile(r'[%/\\:*?"<>|\x00-\x1f]')  # on some system or other


def open_stream(
    data: xr.Dataset, frame: pd.DataFrame, *, thumbnails: bool
) -> pa.RecordBatchReader:
    """Open a stream of the examples.

    Args:
        data: A study's dataset.
        frame: Its table.
        thumbnails: Whether the pictures come too, where the study has some.

    Returns:
        A reader of batches of 1,024 rows; classes are their names.

    Raises:
        DependencyError: If pyarrow is missing.
        StudyError: If a column cannot be one of Arrow.
    """
    arrow = load_arrow()
    table = arrow_table(exchange_columns(data, frame))
    schema = table.schema
    if thumbnails and IMAGE in data:
        schema = describe_features(_with_image(schema), {IMAGE: {"_type": "Image"}})
    batches = _batches(data, table, schema)
    return arrow.RecordBatchReader.from_batches(schema, batches)


def load_arrow() -> Any:
    """Import pyarrow.

    Returns:
        The module.

    Raises:
        DependencyError: If it is missing; says how to install it.
    """
    try:
        import pyarrow as arrow
    except ImportError as error:
        raise DependencyError(
            "Parquet and Arrow need pyarrow, which is not installed: pip install "
            "'torch-depthviz[arrow]'."
        ) from error
    return arrow


def arrow_table(columns: dict[str, Any]) -> pa.Table:
    """Make a table of Arrow of columns.

    Args:
        columns: Values of shape `(N,)` by name.

    Returns:
        The table; NaN and missing values are null, and categories their names.

    Raises:
        StudyError: If a column cannot be one of Arrow; says which.
    """
    arrays = {name: _array(name, values) for name, values in columns.items()}
    table: pa.Table = load_arrow().table(arrays)
    return table


def describe_features(schema: pa.Schema, features: dict[str, Any]) -> pa.Schema:
    """Say in a schema what columns are, in the words of Hugging Face's `datasets`.

    Args:
        schema: Of a table.
        features: What each column is that its type does not tell.

    Returns:
        The schema with its key `huggingface`.
    """
    said = json.dumps({"info": {"features": features}})
    return schema.with_metadata({**(schema.metadata or {}), "huggingface": said})


def with_pictures(data: xr.Dataset, table: pa.Table) -> pa.Table:
    """Give a table all pictures of a study at once.

    Args:
        data: A study's dataset, with pictures.
        table: One row an example.

    Returns:
        The table with the column `image`.
    """
    schema = _with_image(table.schema)
    batches = _batches(data, table, schema)
    whole: pa.Table = load_arrow().Table.from_batches(batches, schema)
    return whole


def _array(name: str, values: Any) -> Any:
    arrow = load_arrow()
    series = pd.Series(values)
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object).where(series.notna(), None)
    if series.dtype == np.float16:
        series = series.astype(np.float32)
    try:
        return arrow.array(series, from_pandas=True)
    except (arrow.ArrowException, UnicodeEncodeError) as error:
        raise StudyError(
            f"Column {name!r} cannot be one of Arrow ({error}). Its values must be of "
            "one type, and text UTF-8: replace it with study.assign, or leave it out."
        ) from error


def _with_image(schema: pa.Schema) -> pa.Schema:
    arrow = load_arrow()
    kind = arrow.struct({"bytes": arrow.binary(), "path": arrow.string()})
    return schema.append(arrow.field(IMAGE, kind))


def _batches(
    data: xr.Dataset, table: pa.Table, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Cut a table into batches; the last column of the schema may be the pictures."""
    arrow = load_arrow()
    for start in range(0, len(table), ROWS):
        part = table.slice(start, ROWS).combine_chunks()
        arrays = [column.combine_chunks() for column in part.columns]
        if len(schema) > len(arrays):
            rows = slice(start, start + ROWS)
            found = _pictures(data[IMAGE].isel(example=rows).values, part["example_id"])
            arrays.append(arrow.array(found, type=schema.field(IMAGE).type))
        yield arrow.record_batch(arrays, schema=schema)


def _pictures(images: NDArray[np.uint8], ids: Any) -> list[dict[str, Any]]:
    return [
        {"bytes": _png(image), "path": f"{_file_name(str(example))}.png"}
        for image, example in zip(images, ids.to_pylist(), strict=True)
    ]


def _file_name(example: str) -> str:
    """Name a file in one folder: ids may be paths, and lead to a person's originals."""
    return NO_NAME.sub(lambda found: quote(found[0], safe=""), example)


def _png(image: NDArray[np.uint8]) -> bytes:
    held = io.BytesIO()
    grey = image.shape[2] == 1
    Image.fromarray(image[:, :, 0] if grey else image).save(held, format="PNG")
    return held.getvalue()

"""A study's table as one Parquet file, written row group by row group."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import xarray as xr

from depthviz.exchange.arrow import load_arrow, open_stream
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import check_writable, replacing_file
from depthviz.machine.paths import local_path

__all__ = ["write_parquet"]


def write_parquet(
    data: xr.Dataset,
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    thumbnails: bool,
) -> Path:
    """Write a file that is there whole or not at all.

    Args:
        data: A study's dataset.
        frame: Its table.
        path: The file; an earlier one is replaced.
        thumbnails: Whether the pictures are written too.

    Returns:
        The path.

    Raises:
        DepthvizError: As for `Study.to_parquet`.
    """
    target = local_path(path)
    load_arrow()
    check_writable(target)
    from pyarrow import parquet

    with (
        open_stream(data, frame, thumbnails=thumbnails) as reader,
        writing(target),
        replacing_file(target) as file,
        parquet.ParquetWriter(file, reader.schema) as writer,
    ):
        for batch in reader:
            writer.write_batch(batch)
    return target

"""The methods of a study that hand it to other libraries.

They load what they need when they are called: a study is opened without Arrow.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

if TYPE_CHECKING:
    import datasets

__all__ = ["ExchangeMethods"]


class ExchangeMethods:
    """How a study leaves for tables, data sets and other tools.

    Attributes:
        dataset: That of the study.
    """

    dataset: xr.Dataset

    if TYPE_CHECKING:

        def frame(self) -> pd.DataFrame:
            """As the study has it."""

    def to_parquet(
        self, path: str | os.PathLike[str], *, thumbnails: bool = True
    ) -> Path:
        """Write the table of the examples as a Parquet file, whole or not at all.

        The columns are those of `frame()`, ids first, with classes by name in place of
        by number, and `projection_x_…` and `projection_y_…` of every probe that has a
        map. Pictures are the column `image`, which Hugging Face's `datasets` reads as
        pictures. What is unknown is null.

        Args:
            path: The file; an earlier one is replaced.
            thumbnails: Whether the pictures are written too, as PNG.

        Returns:
            The path.

        Raises:
            ArgumentError: If the path is none of a local disk.
            DataError: If the path is a folder.
            DependencyError: If pyarrow is missing.
            DiskError: If it cannot be written; an earlier file is then unchanged.
            StudyError: If a column of yours bears a name that is needed, or holds what
                no column of a table holds.

        Example:
            >>> import tempfile, torch
            >>> from depthviz.measurement import measure
            >>> data = torch.randn(40, 2), torch.arange(40) % 2
            >>> net = torch.nn.Linear(2, 2)
            >>> study = measure(net, data, k=5, projection=None, progress=False)
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     written = study.to_parquet(f"{folder}/study.parquet")
            ...     pd.read_parquet(written)["label"].head(2).tolist()
            ['0', '1']
        """
        from depthviz.exchange.parquet import write_parquet

        return write_parquet(self.dataset, self.frame(), path, thumbnails=thumbnails)

    def to_datasets(self, *, thumbnails: bool = True) -> datasets.Dataset:
        """Make a data set of Hugging Face's, in memory.

        Args:
            thumbnails: Whether it has the pictures.

        Returns:
            The columns that `to_parquet` writes, but classes are `ClassLabel` features:
            numbers that know their names; those of a class that has none are null.
            `image` is an `Image` feature.

        Raises:
            DependencyError: If datasets is missing.
            StudyError: As for `to_parquet`.
        """
        from depthviz.exchange.hugging_face import make_dataset

        return make_dataset(self.dataset, self.frame(), thumbnails=thumbnails)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> object:
        """Hand the table to any library that reads Arrow, without the pictures.

        `pyarrow.table(study)`, `polars.DataFrame(study)`, `duckdb.sql("FROM study")`
        call this. The columns are those that `to_parquet` writes.

        Args:
            requested_schema: A capsule with the types that the library asks for.

        Returns:
            A capsule with a stream of Arrow.

        Raises:
            DependencyError: If pyarrow is missing.
            StudyError: As for `to_parquet`.
        """
        from depthviz.exchange.arrow import open_stream

        reader = open_stream(self.dataset, self.frame(), thumbnails=False)
        return reader.__arrow_c_stream__(requested_schema)

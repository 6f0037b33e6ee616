"""The arrays of a study's folder as xarray reads them: later, part by part, or refused.

Whatever Zarr and its codecs raise over a chunk is damage of that chunk, and becomes a
FormatError here, the one place where a study's arrays are read. Attributes stay what
they are: a column with a unit is no date, and one with a `scale_factor` is not scaled.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
import zarr
from xarray.backends import AbstractDataStore, BackendArray
from xarray.core import indexing

from depthviz.errors import DepthvizError, FormatError, StudyError
from depthviz.machine.disk.failures import reading
from depthviz.study.storage.reading.file_list import REMEDY

if TYPE_CHECKING:
    from depthviz.study.storage.reading.guarded_store import GuardedStore
    from depthviz.study.storage.reading.layouts import Layout

__all__ = ["StoredArray", "open_arrays"]

UNPACKING = (ValueError, TypeError, LookupError, RuntimeError, zlib.error)
ENCODED = ("_FillValue", "coordinates")  # attributes that xarray writes for itself


class StoredArray(BackendArray):
    """An array that is read from its chunks when it is indexed.

    Args:
        store: The study's folder.
        layout: The array's.
    """

    def __init__(self, store: GuardedStore, layout: Layout) -> None:
        self.store, self.layout = store, layout
        self.shape, self.dtype = layout.shape, layout.dtype

    @cached_property
    def array(self) -> Any:
        """Zarr's array."""
        return zarr.open_array(
            self.store, path=self.layout.name, mode="r", zarr_format=3
        )

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        """Read a part."""
        if isinstance(key, indexing.BasicIndexer):
            read = self._basic
        elif isinstance(key, indexing.VectorizedIndexer):
            read = self._vectorized
        else:
            read = self._outer
        support = indexing.IndexingSupport.VECTORIZED
        try:
            with reading(self._place):
                return indexing.explicit_indexing_adapter(
                    key, self.shape, support, read
                )
        except (DepthvizError, IndexError):
            raise
        except MemoryError as error:
            raise StudyError(
                f"{self._place} has the shape {self.shape}, and what is read of it "
                "does not fit into the memory that is free. Read fewer examples at a "
                "time, such as study.dataset.isel(example=slice(0, 1000))."
            ) from error
        except UNPACKING as error:
            raise FormatError(
                f"{self._place} is damaged: its chunks cannot be unpacked "
                f"({type(error).__name__}: {error!s:.120}). {REMEDY}"
            ) from error

    @property
    def _place(self) -> Path:
        return self.store.folder / self.layout.name

    def _basic(self, key: Any) -> Any:
        return np.asarray(self.array[key], dtype=self.dtype)

    def _outer(self, key: Any) -> Any:
        return np.asarray(self.array.oindex[key], dtype=self.dtype)

    def _vectorized(self, key: Any) -> Any:
        return np.asarray(self.array.vindex[key], dtype=self.dtype)


class _Arrays(AbstractDataStore):
    """Arrays and attributes, in the form that xarray opens."""

    def __init__(
        self, variables: Mapping[str, xr.Variable], attributes: Mapping[str, Any]
    ) -> None:
        self._variables, self._attributes = variables, attributes

    def get_variables(self) -> Mapping[str, xr.Variable]:
        """All arrays by name."""
        return self._variables

    def get_attrs(self) -> Mapping[str, Any]:
        """What is kept with all of them."""
        return self._attributes


def open_arrays(
    store: GuardedStore, layouts: Mapping[str, Layout], attributes: Mapping[str, Any]
) -> xr.Dataset:
    """Open arrays without reading any but the names along dimensions.

    Args:
        store: The study's folder.
        layouts: Of the arrays, by the name that each is to have.
        attributes: Those of the dataset.

    Returns:
        The dataset; no variable is a coordinate but those that name a dimension.
    """
    variables = {
        name: _open_array(StoredArray(store, layout))
        for name, layout in layouts.items()
    }
    return xr.open_dataset(
        _Arrays(variables, attributes),
        engine="store",
        mask_and_scale=False,
        decode_times=False,
        decode_timedelta=False,
        concat_characters=False,
        decode_coords=False,
    )


def _open_array(array: StoredArray) -> xr.Variable:
    layout = array.layout
    kept = {
        name: value for name, value in layout.attributes.items() if name not in ENCODED
    }
    encoding = {
        "chunks": layout.chunks,
        "preferred_chunks": dict(zip(layout.dimensions, layout.chunks, strict=True)),
    }
    lazy = indexing.LazilyIndexedArray(array)
    return xr.Variable(layout.dimensions, lazy, kept, encoding)

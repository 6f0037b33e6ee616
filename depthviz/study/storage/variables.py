"""Variables of types that every reader of a study's folder knows.

Numbers of usual sizes, truth values and text, which Zarr stores as UTF-8. Anything else
is refused by name before a file is written.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from depthviz.errors import StudyError
from depthviz.study.storage.attributes import plain_attributes
from depthviz.study.text import check_text

__all__ = ["storable"]

LARGEST_FLOAT = 8  # bytes


def storable(dataset: xr.Dataset) -> xr.Dataset:
    """Make a dataset of types that are stored, its attributes included.

    Args:
        dataset: A study's dataset.

    Returns:
        The dataset with text as objects; other arrays are not read.

    Raises:
        StudyError: If a variable or an attribute is of another type; names it.
    """
    plain = dataset.drop_encoding().copy(deep=False)
    plain.attrs = plain_attributes(dataset.attrs)
    for name, variable in dataset.variables.items():
        check_text(f"The dimensions of {name!r}", list(map(str, variable.dims)))
        if variable.dtype.kind not in "biuf" or _is_long(variable.dtype):
            plain[name] = variable.dims, _text(str(name), variable)
        plain[name].attrs = plain_attributes(variable.attrs, of=repr(name))
    return plain


def _is_long(kind: np.dtype[Any]) -> bool:
    return kind.kind == "f" and kind.itemsize > LARGEST_FLOAT


def _text(name: str, variable: xr.Variable) -> Any:
    """Read text as objects, which Zarr v3 has a stable type for."""
    values = np.asarray(variable.values)
    texts = values.astype(object)
    flat = texts.ravel().tolist()
    odd = [each for each in flat if not isinstance(each, str)]
    if odd:
        raise StudyError(
            f"{name!r} holds {odd[0]!r}, of type {type(odd[0]).__name__}, and a study "
            "keeps numbers, truth values and text. Give it to study.assign, which "
            "takes columns with missing values, or convert it with .astype(str) or "
            ".astype(float)."
        )
    check_text(repr(name), flat)
    return texts

"""What a person gives to be seen of the examples, read, checked and kept.

Checked before anything is measured: nobody should wait an hour for a list that is one
too short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Sized
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from pandas.api.extensions import ExtensionArray

from depthviz.errors import ArgumentError, ShapeError
from depthviz.study.previews.rows import ROW_COLUMNS
from depthviz.study.previews.sounds import are_sounds, check_sounds, sound_variables
from depthviz.study.previews.texts import TEXT
from depthviz.study.text import check_text
from depthviz.study.user_columns import to_column

__all__ = ["add_preview", "check_preview"]

EXPECTED = (
    "preview must be a list of one text or one sound an example, or a table with one "
    "row an example"
)
MEASURED = (  # every study has these of its examples
    "confidence",
    "depth",
    "depth_of_label",
    "label",
    "label_probability",
    "neighbor_margin",
    "output_margin",
    "prediction",
    "split",
    "suggested_label",
    "suspicion",
)
DIMENSIONS = ("class", "example", "map_axis", "neighbor", "part", "probe")


def check_preview(preview: Any, count: int) -> None:
    """Refuse what cannot be seen of the examples, before they are measured.

    Args:
        preview: N texts, N sounds or a table of N rows, training examples first.
        count: Number of examples, N.

    Raises:
        ArgumentError: If it is none of these.
        DataError: If the file of a sound cannot be read.
        ShapeError: If it is not of N examples.
        StudyError: If a text is not UTF-8, a column of the table does not fit, or bears
            the name of one that is measured.
    """
    read = _read(preview, count)
    if isinstance(read, dict):
        _columns(_as_measured(count), read)
    elif are_sounds(read):
        check_sounds(read)


def add_preview(data: xr.Dataset, preview: Any) -> xr.Dataset:
    """Keep what is to be seen of the examples.

    Args:
        data: A study's dataset.
        preview: N texts, which become the column `text`; a table, whose columns become
            columns; or N sounds, whose waves become the pictures.

    Returns:
        The dataset with it.

    Raises:
        ArgumentError: If it is nothing that can be seen.
        ShapeError: If it is not of N examples.
        DataError: If the file of a sound cannot be read.
        StudyError: If a column does not fit, or bears the name of a measured one.
    """
    read = _read(preview, data.sizes["example"])
    if isinstance(read, dict):
        return data.assign(_columns(data, read)).assign_attrs({ROW_COLUMNS: [*read]})
    if are_sounds(read):
        return _with_sounds(data, read)
    texts = [text if isinstance(text, str) else "" for text in read]
    return data.assign({TEXT: to_column(data, TEXT, texts)})


def _read(preview: Any, count: int) -> Any:
    """Read columns by name, or one text or sound an example, of as many examples."""
    if isinstance(preview, pd.DataFrame | Mapping):
        return _read_table(preview, count)
    if isinstance(preview, str | bytes) or not isinstance(
        preview, Sequence | np.ndarray | pd.Series | pd.Index | ExtensionArray
    ):
        raise ArgumentError(f"{EXPECTED}; got {preview!r:.60}.")
    if len(preview) != count:
        raise ShapeError(
            f"preview must have one text or sound for each of the {count:,} examples, "
            f"training examples first; got {len(preview):,}."
        )
    given = _plain(preview)
    if not are_sounds(given):
        _check_texts(given)
    return given


def _read_table(table: Any, count: int) -> dict[str, Any]:
    names = Counter(str(name) for name in table)
    if not names:
        raise ArgumentError("preview is a table without columns; give at least one.")
    twice = [name for name, times in names.items() if times > 1]
    if twice:
        raise ArgumentError(
            f"preview is a table with two columns {twice[0]!r}; give each a name of "
            "its own."
        )
    columns = {str(name): _plain(table[name]) for name in table}
    for name, values in columns.items():
        if not isinstance(values, Sized) or len(values) != count:
            found = f"{len(values):,}" if isinstance(values, Sized) else repr(values)
            raise ShapeError(
                f"preview must have one row for each of the {count:,} examples, "
                f"training examples first; column {name!r} has {found:.60}."
            )
    return columns


def _columns(data: xr.Dataset, columns: dict[str, Any]) -> dict[str, xr.DataArray]:
    return {name: to_column(data, name, values) for name, values in columns.items()}


def _as_measured(count: int) -> xr.Dataset:
    """The names that any study will have taken, before there is one."""
    each = "example", np.zeros(count, np.uint8)
    axes = {name: np.zeros(1, np.uint8) for name in DIMENSIONS if name != "example"}
    return xr.Dataset(dict.fromkeys(MEASURED, each), axes)


def _with_sounds(data: xr.Dataset, sounds: Any) -> xr.Dataset:
    found = sound_variables(sounds)
    pictures = [name for name in ("image", *found) if name in data]
    return data.drop_vars(pictures).assign(found)


def _check_texts(texts: Any) -> None:
    odd = [value for value in texts if not isinstance(value, str) and not _none(value)]
    if odd:
        raise ArgumentError(f"{EXPECTED}; one is a {type(odd[0]).__name__}.")
    check_text("preview", list(texts))


def _none(value: Any) -> bool:
    """Whether there is no text: None, NaN or NA."""
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _plain(values: Any) -> Any:
    """Take values in their own order: the rows are those of the study."""
    return values.array if isinstance(values, pd.Series | pd.Index) else values

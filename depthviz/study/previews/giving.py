"""What a person gives to be seen of the examples, read, checked and kept.

Checked before anything is measured: nobody should wait an hour for a list that is one
too short.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from depthviz.errors import ArgumentError, ShapeError
from depthviz.study.previews.rows import ROW_COLUMNS
from depthviz.study.previews.sounds import are_sounds, sound_variables
from depthviz.study.previews.texts import TEXT
from depthviz.study.text import check_text
from depthviz.study.user_columns import to_column

__all__ = ["add_preview", "check_preview"]

EXPECTED = (
    "preview must be a list of one text or one sound an example, or a table with one "
    "row an example"
)


def check_preview(preview: Any, count: int) -> None:
    """Refuse what cannot be seen of the examples.

    Args:
        preview: N texts, N sounds or a table of N rows, training examples first.
        count: Number of examples, N.

    Raises:
        ArgumentError: If it is none of these.
        ShapeError: If it is not of N examples.
        StudyError: If a text is not UTF-8.
    """
    if isinstance(preview, pd.DataFrame | Mapping):
        _check_table(preview, count)
    elif isinstance(preview, Sequence | np.ndarray | pd.Series) and not isinstance(
        preview, str | bytes
    ):
        _check_list(preview, count)
    else:
        raise ArgumentError(f"{EXPECTED}; got {preview!r:.60}.")


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
    check_preview(preview, data.sizes["example"])
    if not isinstance(preview, pd.DataFrame | Mapping):
        if are_sounds(preview):
            return _with_sounds(data, preview)
        return data.assign({TEXT: to_column(data, TEXT, _plain(preview))})
    names = [str(name) for name in preview]
    columns = {str(name): _plain(preview[name]) for name in preview}
    kept = {name: to_column(data, name, values) for name, values in columns.items()}
    return data.assign(kept).assign_attrs({ROW_COLUMNS: names})


def _check_table(table: Any, count: int) -> None:
    if not list(table):
        raise ArgumentError("preview is a table without columns; give at least one.")
    for name in table:
        if len(table[name]) != count:
            raise ShapeError(
                f"preview must have one row for each of the {count:,} examples, "
                f"training examples first; column {str(name)!r} has "
                f"{len(table[name]):,}."
            )


def _with_sounds(data: xr.Dataset, sounds: Any) -> xr.Dataset:
    found = sound_variables(sounds)
    pictures = [name for name in ("image", *found) if name in data]
    return data.drop_vars(pictures).assign(found)


def _check_list(given: Any, count: int) -> None:
    if len(given) != count:
        raise ShapeError(
            f"preview must have one text or sound for each of the {count:,} examples, "
            f"training examples first; got {len(given):,}."
        )
    if not are_sounds(given):
        _check_texts(given)


def _check_texts(texts: Any) -> None:
    odd = [value for value in texts if not isinstance(value, str | None)]
    if odd:
        raise ArgumentError(f"{EXPECTED}; one is a {type(odd[0]).__name__}.")
    check_text("preview", list(texts))


def _plain(values: Any) -> Any:
    """Take values in their own order: the rows are those of the study."""
    return (
        values.reset_index(drop=True).array if isinstance(values, pd.Series) else values
    )

"""One column of a study's frame as the browser reads it: a description and its bytes.

The browser filters, sorts and colors by typed arrays alone, so every column becomes
one: codes for categories and classes, float32 for numbers, a JSON list for text. Knows
nothing of studies or widgets.
"""

import json
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from depthviz.difficulty import MEASURES
from depthviz.difficulty.class_columns import CLASS_COLUMNS

__all__ = ["Column", "pack_column", "pack_ids"]

_YES_NO = {"correct": ["wrong", "right"], "undecided": ["decided", "undecided"]}
_TITLES = {
    "example_id": "Example",
    "undecided": "Decision",
    "trained_on": "Members that trained on it",
    "held_out": "Members that held it out",
}
_ALL_CATEGORIES = {"group"}  # a group without examples is news
_MISSING_CLASS = np.iinfo(np.uint16).max
_MISSING_CATEGORY = np.iinfo(np.uint8).max
_MOST_CATEGORIES = 50
_LARGEST_EXACT = 2**24  # in float32


class Column(NamedTuple):
    """A column's description for the manifest and its little-endian bytes."""

    description: dict[str, Any]
    data: bytes


def pack_column(values: pd.Series) -> Column:
    """Choose a column's kind by its name and type, and pack it.

    Args:
        values: One value an example, named as the column, shape `(N,)`.

    Returns:
        The description and the bytes: uint16 for classes, uint8 for categories, float32
        for numbers, a JSON list of strings in UTF-8 for text, and for whole numbers
        that float32 would change. Missing values (of classes also negative ones) are
        65535, 255, NaN and an empty string.
    """
    name = str(values.name)
    numeric = pd.api.types.is_numeric_dtype(values.dtype)
    if name in CLASS_COLUMNS and numeric:
        return _pack_classes(name, values)
    if values.dtype == bool:
        column = _pack_categories(name, _from_bool(name, values))
        column.description["truth"] = True
        return column
    if numeric and not _too_large(values):
        return _pack_numbers(name, values)
    if isinstance(values.dtype, pd.CategoricalDtype):
        categories = values
        if name not in _ALL_CATEGORIES:
            categories = values.cat.remove_unused_categories()
        if len(categories.cat.categories) < _MISSING_CATEGORY:
            return _pack_categories(name, categories)
    elif values.nunique() <= min(_MOST_CATEGORIES, len(values) // 2):
        return _pack_categories(name, values.astype("category"))
    return _pack_text(name, values)


def pack_ids(values: pd.Series) -> Column:
    """Pack the ids: whole numbers as such where they fit, a million in no time.

    Args:
        values: One id an example, shape `(N,)`.

    Returns:
        The description and the bytes: int32, or text as in `pack_column`.
    """
    if not pd.api.types.is_integer_dtype(values.dtype) or _beyond_int32(values):
        return _pack_text("example_id", values, "id")
    data = values.to_numpy(dtype="<i4").tobytes()
    return Column(_describe("example_id", "id", "int32"), data)


def _beyond_int32(values: pd.Series) -> bool:
    limits = np.iinfo(np.int32)
    return bool(values.min() < limits.min or values.max() > limits.max)


def _pack_classes(name: str, values: pd.Series) -> Column:
    codes = values.fillna(_MISSING_CLASS).to_numpy()
    packed = np.where(codes < 0, _MISSING_CLASS, codes).astype("<u2")
    return Column(_describe(name, "class", "uint16"), packed.tobytes())


def _too_large(values: pd.Series) -> bool:
    """Whether whole numbers would change as float32: ids and time stamps do."""
    whole = pd.api.types.is_integer_dtype(values.dtype)
    return whole and bool((values.abs() > _LARGEST_EXACT).any())


def _pack_numbers(name: str, values: pd.Series) -> Column:
    numbers = values.to_numpy(dtype="<f4", na_value=np.nan)
    description = _describe(name, "number", "float32")
    if pd.api.types.is_integer_dtype(values.dtype):
        description["integer"] = True
    return Column(description, numbers.tobytes())


def _pack_categories(name: str, values: pd.Series) -> Column:
    codes = values.cat.codes.to_numpy()
    packed = np.where(codes < 0, _MISSING_CATEGORY, codes).astype(np.uint8)
    description = _describe(name, "category", "uint8")
    description["categories"] = [str(category) for category in values.cat.categories]
    return Column(description, packed.tobytes())


def _pack_text(name: str, values: pd.Series, kind: str = "text") -> Column:
    """Text as a JSON list; missing values are found all at once, not one by one."""
    texts = values.astype(object).where(values.notna(), "").map(str).tolist()
    data = json.dumps(texts, ensure_ascii=False).encode()
    return Column(_describe(name, kind, "text"), data)


def _from_bool(name: str, values: pd.Series) -> pd.Series:
    names = _YES_NO.get(name, ["no", "yes"])
    codes = values.to_numpy().astype(np.int8)
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(names)))


def _describe(name: str, kind: str, dtype: str) -> dict[str, Any]:
    measure = MEASURES.get(name)
    title = measure.title if measure else name.replace("_", " ").capitalize()
    description: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "dtype": dtype,
        "title": _TITLES.get(name, title),
    }
    if measure:
        description["help"] = measure.help
    if measure and measure.reference not in ("", "depthviz"):  # no source but ours
        description["reference"] = measure.reference
    if measure and measure.harder:  # the page says "hardest" of these alone
        description["harder"] = measure.harder
    return description

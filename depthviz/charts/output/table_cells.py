"""The cells of a table: numbers as people read them, and texts that are safe.

Which columns are shares follows from the names that tables of depthviz have.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from depthviz.charts.look.names import clean_text
from depthviz.errors import ArgumentError

__all__ = ["Column", "read_columns", "to_csv", "to_latex", "to_markdown"]

UNKNOWN = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
SHARES = {"share", "agreement", "accuracy", "accuracy_se", "gain", "gain_se"} | {
    "settled", "neighbors_kept", "search_recall", "group_confidence",
    "train_accuracy", "held_out_accuracy", "c_score", "consistency",
}  # fmt: skip
BESIDE = {"value", "mean", "low", "high"}  # of what another column names
OWN_NAME = re.compile("[a-z][a-z0-9_]*")
DIGITS, MOST_DECIMALS = 3, 6
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LATEX = {
    "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}",
    "`": "\\textasciigrave{}", MINUS: "$-$", UNKNOWN: "--", "…": "\\ldots{}",
    "∞": "$\\infty$",
} | {one: f"\\{one}" for one in "_%&#${}"}  # fmt: skip
MARKDOWN = re.compile(r"([\\`*_\[\]|~#])")


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        title: As people read it.
        name: As the table has it.
        values: What it holds.
        texts: A text each.
        is_number: Whether it stands at the right.
    """

    title: str
    name: str
    values: pd.Series[Any]
    texts: list[str]
    is_number: bool


def read_columns(
    table: pd.DataFrame, percents: Iterable[str] | None = None
) -> list[Column]:
    """Write the cells of a table as people read them.

    Args:
        table: Any; an index with a name becomes columns.
        percents: Columns of shares; None for those that are known.

    Returns:
        Its columns.

    Raises:
        ArgumentError: If a column of shares is unknown.
    """
    if any(name is not None for name in table.index.names):
        table = table.reset_index()
    names = [str(name) for name in table.columns]
    shares = _shares(table) if percents is None else set(percents)
    for name in shares - set(names) if percents is not None else ():
        listed = ", ".join(map(repr, names))
        raise ArgumentError(f"Unknown column {name!r}. This table has: {listed}.")
    found = []
    for place, name in enumerate(names):
        values = table.iloc[:, place]
        is_number = pd.api.types.is_numeric_dtype(values.dtype)
        is_number = is_number and not pd.api.types.is_bool_dtype(values.dtype)
        texts = _texts(name, values, is_share=name in shares)
        found.append(Column(_title(name), name, values, texts, is_number))
    return found


def to_latex(text: str) -> str:
    r"""Write a text so that LaTeX prints it.

    Args:
        text: Any text.

    Returns:
        It, escaped.

    Example:
        >>> print(to_latex(r"a\b~c^d_%&#$ 2--3"))
        a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d\_\%\&\#\$ 2-{}-3
    """
    pairs = zip(f" {text}", text, strict=False)
    return "".join(
        "{}-" if before == letter == "-" else LATEX.get(letter, letter)
        for before, letter in pairs
    )


def to_markdown(text: str) -> str:
    r"""Write a text so that Markdown shows it.

    Args:
        text: Any text.

    Returns:
        It, escaped.

    Example:
        >>> print(to_markdown("<b> a|b_c"))
        &lt;b&gt; a\|b\_c
    """
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MARKDOWN.sub(r"\\\1", plain)


def to_csv(columns: Sequence[Column]) -> str:
    """Write the values themselves; no text of them is a formula to a spreadsheet.

    Args:
        columns: Of a table.

    Returns:
        Lines, the first of names.
    """
    safe = [
        column.values if column.is_number else column.values.map(_no_formula)
        for column in columns
    ]
    table = pd.concat([one.reset_index(drop=True) for one in safe], axis=1)
    table.columns = [_no_formula(column.name) for column in columns]
    written: str = table.to_csv(index=False, lineterminator="\n")
    return written


def _no_formula(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would calculate."""
    if not isinstance(value, str) or not value.startswith(FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def _shares(table: pd.DataFrame) -> set[str]:
    names = set(map(str, table.columns))
    found = names & SHARES
    of_shares = bool(found) or {"label", "mean"} <= names
    if "measure" in names:
        of_shares = set(table["measure"].astype(str)) <= SHARES
    return found | (names & BESIDE if of_shares else set())


def _title(name: str) -> str:
    if not OWN_NAME.fullmatch(name):
        return clean_text(name)
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _texts(name: str, values: pd.Series[Any], *, is_share: bool) -> list[str]:
    kind = values.dtype
    if pd.api.types.is_bool_dtype(kind):
        return [UNKNOWN if pd.isna(one) else "yes" if one else "no" for one in values]
    if not pd.api.types.is_numeric_dtype(kind):
        return [UNKNOWN if pd.isna(one) else clean_text(one) for one in values]
    if pd.api.types.is_integer_dtype(kind):
        return [UNKNOWN if pd.isna(one) else _signed(f"{one:,}") for one in values]
    numbers = values.to_numpy(float, na_value=np.nan)
    decimals = 1 if is_share else 2 if name.endswith("_depth") else _decimals(numbers)
    return [
        _number(100 * one if is_share else one, decimals, "%" if is_share else "")
        for one in numbers.tolist()
    ]


def _decimals(numbers: Any) -> int:
    """As many as give the largest number three digits."""
    finite = np.abs(numbers[np.isfinite(numbers)])
    largest = float(finite.max()) if len(finite) else 0.0
    if largest == 0 or (np.round(finite) == finite).all():
        return 0
    return int(np.clip(DIGITS - 1 - math.floor(math.log10(largest)), 0, MOST_DECIMALS))


def _number(value: float, decimals: int, unit: str) -> str:
    if math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return _signed(f"{value:,.{decimals}f}") + unit


def _signed(text: str) -> str:
    return text.replace("-", MINUS)

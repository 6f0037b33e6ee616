"""The numbers of a table as people read them: percentages, depths, counts."""

import numpy as np
import pandas as pd

__all__ = ["format_table"]


def format_table(table: pd.DataFrame) -> pd.DataFrame:
    """Write the numbers of a table as people read them.

    Args:
        table: One of those of `depthviz.reports.tables`.

    Returns:
        The same rows as text: shares as percentages, depths with two decimals, counts
        with separators, `n/a` for NaN.

    Example:
        >>> format_table(pd.DataFrame({"share": [0.25], "train_depth": [1.5]})).values
        array([['25.0%', '1.50']], dtype=object)
    """
    return pd.DataFrame(
        {
            name: [_format_cell(str(name), value) for value in values]
            for name, values in table.items()
        },
        index=table.index,
        dtype=object,
    )


def _format_cell(column: str, value: object) -> str:
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return "n/a"
        return f"{value:.2f}" if column.endswith("_depth") else f"{value:.1%}"
    return f"{value:,}" if isinstance(value, int | np.integer) else str(value)

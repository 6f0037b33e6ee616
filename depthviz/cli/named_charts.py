"""The charts by their names, which `dv.charts` lists without loading one."""

from depthviz import charts

__all__ = ["chart_names"]

NO_CHARTS = {"save", "save_table"}


def chart_names() -> list[str]:
    """List the names of all charts.

    Returns:
        Names in `dv.charts`, sorted.
    """
    return [
        name
        for name in dir(charts)
        if name.islower() and not name.endswith("_table") and name not in NO_CHARTS
    ]

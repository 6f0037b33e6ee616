"""Data whose parts have names: tables, and data sets of dictionaries.

The names say what the network is given and what is the label. Nothing is copied that a
batch does not need.
"""

from depthviz.datasets.named.choice import ABOUT_COLUMNS, Columns, from_named

__all__ = ["ABOUT_COLUMNS", "Columns", "from_named"]

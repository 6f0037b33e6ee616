"""The loops of a search on the CPU that no tensor operation does in one pass.

Selecting the few promising references of a tile, and the float64 distances of chosen
pairs, are each one walk over memory here; as tensor operations they are four or five,
with copies in between. Compiled at first use; a search goes by tensor operations where
Numba is missing. What takes long to compile has no place here: NumPy's sorts, and
slices that are assigned (their error messages alone take a second). Every loop releases
the interpreter's lock and is given a range of rows, so that threads share one call.
"""

from depthviz.neighbors.kernels.distances import (
    fill_scaled_squares,
    fill_squares,
    keep_nearest,
    rank_listed,
    row_squares,
)
from depthviz.neighbors.kernels.preparation import center, center_and_round, sum_columns
from depthviz.neighbors.kernels.scans import finish, scan_columns, scan_rows

__all__ = [
    "center",
    "center_and_round",
    "fill_scaled_squares",
    "fill_squares",
    "finish",
    "keep_nearest",
    "rank_listed",
    "row_squares",
    "scan_columns",
    "scan_rows",
    "sum_columns",
]

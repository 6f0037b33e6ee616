"""Reading features once: their sums, and rows centered, rounded and measured."""

import numpy as np

from depthviz.machine.compilation import compiled_loop

__all__ = ["center", "center_and_round", "sum_columns"]


@compiled_loop()
def sum_columns(values, totals, peaks, part, start, stop):
    """Sum rows by column, and find the largest absolute value of each column.

    Args:
        values: Shape `(N, F)`.
        totals: Sums of each part, shape `(parts, F)`, float64; NaN if a value is.
        peaks: Largest absolute values of each part, shape `(parts, F)`.
        part: Number of rows of a part.
        start: First row of this call, at which a part begins.
        stop: End of its rows.
    """
    total, peak = totals[start // part], peaks[start // part]
    for i in range(start, stop):
        for f in range(values.shape[1]):
            value = values[i, f]
            total[f] += value
            size = abs(value)
            peak[f] = size if size > peak[f] else peak[f]


@compiled_loop(fastmath={"reassoc", "contract", "nsz"})
def center(values, middle, scale, place, out, squares, start, stop):
    """Center and scale some columns of rows, and add up their squares.

    Args:
        values: Shape `(n, F)`, float32.
        middle: Shape `(F,)`, float32.
        scale: A power of two.
        place: First column, and first row of `out` and `squares`.
        out: Factors, shape `(N, f)`, float32.
        squares: Grows by the squares of each row, shape `(N,)`.
        start: First row of this call.
        stop: End of its rows.
    """
    column, row = place
    for i in range(start, stop):
        total = 0.0
        for f in range(out.shape[1]):
            value = (values[i, column + f] - middle[column + f]) * scale
            out[row + i, f] = value
            total += np.float64(value) * np.float64(value)
        squares[row + i] += total


@compiled_loop(fastmath={"reassoc", "contract", "nsz"})
def center_and_round(values, middle, scale, place, out, squares, errors, start, stop):
    """Do what `center` does, and round to bfloat16.

    Args:
        values: As in `center`.
        middle: As in `center`.
        scale: As in `center`.
        place: As in `center`.
        out: Factors as their bits, shape `(N, f)`, uint16.
        squares: As in `center`.
        errors: Grows by the squares of what rounding takes, shape `(N,)`.
        start: First row of this call.
        stop: End of its rows.
    """
    column, row = place
    exact = np.empty(out.shape[1], np.float32)
    rounded = np.empty(out.shape[1], np.float32)
    bits, cut = exact.view(np.uint32), rounded.view(np.uint32)
    for i in range(start, stop):
        for f in range(out.shape[1]):
            exact[f] = (values[i, column + f] - middle[column + f]) * scale
        for f in range(out.shape[1]):
            # To the nearest, ties to even.
            kept = (bits[f] + np.uint32(0x7FFF) + ((bits[f] >> 16) & 1)) >> 16
            out[row + i, f] = np.uint16(kept)
            cut[f] = np.uint32(kept) << 16
        total = lost = 0.0
        for f in range(out.shape[1]):
            value = np.float64(exact[f])
            total += value * value
            error = value - np.float64(rounded[f])
            lost += error * error
        squares[row + i] += total
        errors[row + i] += lost

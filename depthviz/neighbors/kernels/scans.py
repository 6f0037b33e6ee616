"""Choosing the few references of a tile that may be among the nearest.

Nearly all of a tile is looked at once, by vector instructions: the smallest bound of a
lane of references shows whether any of them is worth a look. A list that is full is cut
to what the k-th smallest upper bound allows; before there are k, lanes give that bound.
"""

import numpy as np
from numba import njit

__all__ = ["OVERFULL", "finish", "scan_columns", "scan_rows"]

OVERFULL = -1
"""Count of a query with more candidates than its list holds."""

LANES = 256
SOME = 16
FINITE = {"nnan", "nsz"}


@njit(nogil=True, cache=True)
def _smallest(values, count, k):
    """Put the k-th smallest of the first values in its place, and give it."""
    low, high, place = 0, count - 1, k - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while pivot < values[j]:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if place <= j:
            high = j
        elif place >= i:
            low = i
        else:
            break
    return values[place]


@njit(nogil=True, cache=True)
def _compact(lower, upper, index, held, k, spread, scratch):
    """Drop the candidates of a query that k others are surely nearer than.

    Returns:
        How many are kept, first in their list, and the bound that they do not exceed.
    """
    for c in range(held):
        scratch[c] = upper[c]
    bound = _smallest(scratch, held, k) + spread
    kept = 0
    for c in range(held):
        if lower[c] <= bound:
            lower[kept] = lower[c]
            upper[kept] = upper[c]
            index[kept] = index[c]
            kept += 1
    return kept, bound


@njit(nogil=True, cache=True)
def _make_room(query, k, lists, scratch):
    """Compact a full list, or give it up."""
    lower, upper, index, count, reach, spread = lists
    width = lower.shape[1]
    kept, bound = _compact(
        lower[query], upper[query], index[query], width, k, spread[query], scratch
    )
    count[query], reach[query] = kept, bound
    if kept > width - width // 4:
        count[query], reach[query] = OVERFULL, -np.inf


@njit(nogil=True, cache=True, fastmath=FINITE)
def _least_of_lanes(values, base, slack, least):
    """Find the smallest bound of each lane: of every LANES-th reference of a query."""
    two = values.dtype.type(2)
    least[:] = np.inf
    for step in range(len(values) // LANES):
        here = values[step * LANES : (step + 1) * LANES]
        square = base[step * LANES : (step + 1) * LANES]
        for lane in range(LANES):
            bound = square[lane] - two * here[lane] - slack * abs(here[lane])
            least[lane] = min(least[lane], bound)


@njit(nogil=True, cache=True, fastmath=FINITE)
def _least_of_rows(tile, squares, slack, least):
    """Find the smallest bound of each column of some rows."""
    two = tile.dtype.type(2)
    least[:] = np.inf
    for i in range(len(tile)):
        here, square = tile[i], squares[i]
        for c in range(len(least)):
            bound = square - two * here[c] - slack * abs(here[c])
            least[c] = min(least[c], bound)


@njit(nogil=True, cache=True)
def _first_reach(values, bounds, reference, exclude, k, least):
    """Find a bound that k references of a row surely lie within, but for its spread."""
    _, top, slack = bounds
    steps = len(values) // LANES
    if steps == 0 or k >= LANES:
        return values.dtype.type(np.inf)
    _least_of_lanes(values, top[reference : reference + len(values)], -slack, least)
    if reference <= exclude < reference + steps * LANES:
        least[(exclude - reference) % LANES] = np.inf
    return _smallest(least, LANES, k)


@njit(nogil=True, cache=True)
def _first_reaches(tile, bounds, first, k, lists, exclude, start, stop):
    """Do for columns what `_first_reach` does for a row, by groups of rows."""
    _, top, slack = bounds
    reach, spread = lists[4], lists[5]
    groups = len(tile) // SOME
    if groups <= k or reach[first[1] + start] != np.inf:
        return
    least = np.empty((groups, stop - start), tile.dtype)
    for g in range(groups):
        rows = slice(g * SOME, (g + 1) * SOME)
        squares = top[first[0] + g * SOME : first[0] + (g + 1) * SOME]
        _least_of_rows(tile[rows, start:stop], squares, -slack, least[g])
    column = np.empty(groups, tile.dtype)
    for c in range(stop - start):
        query = first[1] + start + c
        column[:] = least[:, c]
        own = exclude[query] - first[0]
        if 0 <= own < groups * SOME:
            column[own // SOME] = np.inf
        if reach[query] == np.inf:
            reach[query] = _smallest(column, groups, k) + spread[query]


@njit(nogil=True, cache=True)
def scan_rows(tile, bounds, first, k, lists, left_out, start, stop):
    """Collect candidates from a tile whose rows are queries.

    Args:
        tile: Products of queries and references, shape `(q, r)`.
        bounds: Squares of all references bounded from below and from above, and the
            rounding of the tile's numbers, relative.
        first: First query and first reference of the tile.
        k: Number of neighbors.
        lists: Lower and upper bounds and index, shape `(Q, W)`; count, reach and spread
            of each query, shape `(Q,)`.
        left_out: Reference that each query leaves out, shape `(Q,)`, and a mask of
            shape `(Q, R)` or `(0, 0)`.
        start: First row of this call.
        stop: End of its rows.
    """
    base, top, slack = bounds
    lower, upper, index, count, reach, spread = lists
    exclude, mask = left_out
    masked, room = mask.shape[0] > 0, lower.shape[1]
    scratch, least = np.empty(room, lower.dtype), np.empty(LANES, lower.dtype)
    two = tile.dtype.type(2)
    width = tile.shape[1]
    whole = width - width % LANES
    squares = base[first[1] : first[1] + width]
    for i in range(start, stop):
        query, values = first[0] + i, tile[i]
        if reach[query] == np.inf and not masked:
            bound = _first_reach(values, bounds, first[1], exclude[query], k, least)
            reach[query] = bound + spread[query]
        limit, held = reach[query], count[query]
        _least_of_lanes(values, squares, slack, least)
        for lane in range(LANES + width - whole):
            begin, step = lane, LANES
            if lane >= LANES:
                begin, step = whole + lane - LANES, width
            elif least[lane] > limit:
                continue
            for c in range(begin, whole if lane < LANES else width, step):
                value, reference = values[c], first[1] + c
                off = slack * abs(value)
                low = squares[c] - two * value - off
                if low > limit or reference == exclude[query]:
                    continue
                if masked and mask[query, reference]:
                    continue
                lower[query, held] = low
                upper[query, held] = top[reference] - two * value + off
                index[query, held] = reference
                held += 1
                if held == room:
                    _make_room(query, k, lists, scratch)
                    limit, held = reach[query], count[query]
        if 2 * k <= held:
            held, reach[query] = _compact(
                lower[query],
                upper[query],
                index[query],
                held,
                k,
                spread[query],
                scratch,
            )
        count[query] = held


@njit(nogil=True, cache=True)
def scan_columns(tile, bounds, first, k, lists, left_out, start, stop):
    """Collect candidates from a tile whose columns are queries; see `scan_rows`.

    Args:
        tile: Products of references and queries, shape `(r, q)`.
        bounds: As in `scan_rows`.
        first: First reference and first query of the tile.
        k: Number of neighbors.
        lists: As in `scan_rows`.
        left_out: As in `scan_rows`.
        start: First column of this call.
        stop: End of its columns.
    """
    base, top, slack = bounds
    lower, upper, index, count, reach, _ = lists
    exclude, mask = left_out
    masked, room = mask.shape[0] > 0, lower.shape[1]
    scratch = np.empty(room, lower.dtype)
    least = np.empty(stop - start, lower.dtype)
    two = tile.dtype.type(2)
    if not masked:
        _first_reaches(tile, bounds, first, k, lists, exclude, start, stop)
    for begin in range(0, tile.shape[0], SOME):
        end = min(begin + SOME, tile.shape[0])
        squares = base[first[0] + begin : first[0] + end]
        _least_of_rows(tile[begin:end, start:stop], squares, slack, least)
        for c in range(stop - start):
            query = first[1] + start + c
            if least[c] > reach[query]:
                continue
            for i in range(begin, end):
                value, reference = tile[i, start + c], first[0] + i
                off = slack * abs(value)
                low = base[reference] - two * value - off
                if low > reach[query] or reference == exclude[query]:
                    continue
                if masked and mask[query, reference]:
                    continue
                held = count[query]
                lower[query, held] = low
                upper[query, held] = top[reference] - two * value + off
                index[query, held] = reference
                count[query] = held + 1
                if held + 1 == room:
                    _make_room(query, k, lists, scratch)


@njit(nogil=True, cache=True)
def finish(k, lists, start, stop):
    """Drop what is too far from each query's list, and sort it by index."""
    lower, upper, index, count, reach, spread = lists
    scratch = np.empty(lower.shape[1], lower.dtype)
    for query in range(start, stop):
        held = count[query]
        if held == OVERFULL:
            continue
        held, reach[query] = _compact(
            lower[query], upper[query], index[query], held, k, spread[query], scratch
        )
        count[query] = held
        index[query, :held] = np.sort(index[query, :held])

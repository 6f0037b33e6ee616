"""Choosing the few references of a tile that may be among the nearest.

Nearly all of a tile is looked at once, by vector instructions: the smallest bound of a
lane of references shows whether any of them is worth a look. A list that is full is cut
to what the k-th smallest upper bound allows; before there are k, lanes give that bound.
"""

import numpy as np

from depthviz.machine.compilation import compiled_loop, loop_part

__all__ = ["OVERFULL", "finish", "scan_columns", "scan_rows"]

OVERFULL = -1
"""Count of a query with more candidates than its list holds."""

LANES = 256
SOME = 16
FINITE = {"nnan", "nsz"}


@loop_part()
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


@loop_part()
def _compact(lists, query, held, k, most, scratch):
    """Drop the candidates of a query that k others are surely nearer than.

    What is kept comes first in its list. A query that keeps more than `most` is given
    up: its count is OVERFULL and nothing reaches it any more.
    """
    lower, upper, index, count, reach, spread = lists
    for c in range(held):
        scratch[c] = upper[query, c]
    bound = _smallest(scratch, held, k) + spread[query]
    kept = 0
    for c in range(held):
        if lower[query, c] <= bound:
            lower[query, kept] = lower[query, c]
            upper[query, kept] = upper[query, c]
            index[query, kept] = index[query, c]
            kept += 1
    count[query], reach[query] = kept, bound
    if kept > most:
        count[query], reach[query] = OVERFULL, -np.inf


@loop_part(fastmath=FINITE)
def _least_of_lanes(values, base, slack, least):
    """Find the smallest bound of each lane: of every LANES-th reference of a query."""
    two = values.dtype.type(2)
    for lane in range(LANES):
        least[lane] = np.inf
    for step in range(len(values) // LANES):
        here = values[step * LANES :]
        square = base[step * LANES :]
        for lane in range(LANES):
            bound = square[lane] - two * here[lane] - slack * abs(here[lane])
            least[lane] = bound if bound < least[lane] else least[lane]


@loop_part(fastmath=FINITE)
def _least_of_rows(tile, rows, squares, slack, least):
    """Find the smallest bound of each column of some rows, from a column on."""
    begin, end, column = rows
    two = tile.dtype.type(2)
    for c in range(len(least)):
        least[c] = np.inf
    for i in range(begin, end):
        here, square = tile[i, column:], squares[i]
        for c in range(len(least)):
            bound = square - two * here[c] - slack * abs(here[c])
            least[c] = bound if bound < least[c] else least[c]


@loop_part()
def _first_reaches(tile, bounds, first, k, lists, exclude, start, stop):
    """Do for columns what `scan_rows` does first for a row, by groups of rows."""
    top, slack = bounds[1], bounds[2]
    reach, spread = lists[4], lists[5]
    groups = len(tile) // SOME
    if groups <= k or reach[first[1] + start] != np.inf:
        return
    least = np.empty((groups, stop - start), tile.dtype)
    column = np.empty(groups, tile.dtype)
    for g in range(groups):
        rows = (g * SOME, (g + 1) * SOME, start)
        _least_of_rows(tile, rows, top[first[0] :], -slack, least[g])
    for c in range(stop - start):
        query = first[1] + start + c
        if reach[query] != np.inf:
            continue
        for g in range(groups):
            column[g] = least[g, c]
        own = exclude[query] - first[0]
        if 0 <= own < groups * SOME:
            column[own // SOME] = np.inf
        reach[query] = _smallest(column, groups, k) + spread[query]


@compiled_loop()
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
    squares = base[first[1] :]
    for i in range(start, stop):
        query, values = first[0] + i, tile[i]
        if reach[query] == np.inf and not masked and whole and k < LANES:
            _least_of_lanes(values, top[first[1] :], -slack, least)
            if first[1] <= exclude[query] < first[1] + whole:
                least[(exclude[query] - first[1]) % LANES] = np.inf
            reach[query] = _smallest(least, len(least), k) + spread[query]
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
                    _compact(lists, query, room, k, room - room // 4, scratch)
                    limit, held = reach[query], count[query]
        count[query] = held
        if 2 * k <= held:
            _compact(lists, query, held, k, room, scratch)


@compiled_loop()
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
    least, squares = np.empty(stop - start, lower.dtype), base[first[0] :]
    two = tile.dtype.type(2)
    if not masked:
        _first_reaches(tile, bounds, first, k, lists, exclude, start, stop)
    for begin in range(0, tile.shape[0], SOME):
        end = min(begin + SOME, tile.shape[0])
        _least_of_rows(tile, (begin, end, start), squares, slack, least)
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
                    _compact(lists, query, room, k, room - room // 4, scratch)


@compiled_loop()
def finish(k, lists, start, stop):
    """Drop what is too far from each query's list, and sort it by index."""
    lower, index, count = lists[0], lists[2], lists[3]
    room = lower.shape[1]
    scratch = np.empty(room, lower.dtype)
    for query in range(start, stop):
        if count[query] == OVERFULL:
            continue
        _compact(lists, query, count[query], k, room, scratch)
        held = count[query]
        gap = 1
        while gap < held:
            gap = 3 * gap + 1
        while gap > 0:
            for c in range(gap, held):
                place, slot = index[query, c], c
                while slot >= gap and index[query, slot - gap] > place:
                    index[query, slot] = index[query, slot - gap]
                    slot -= gap
                index[query, slot] = place
            gap //= 3

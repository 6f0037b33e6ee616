"""Float64 distances of pairs, one pair after the other.

Sums may be reordered for speed, so a distance has the same bits only where the same
compiled loop made it: `fill_squares` and `fill_scaled_squares` are the only ones, and
one search uses one of them for all its pairs.
"""

import numpy as np

from depthviz.machine.compilation import compiled_loop, loop_part

__all__ = [
    "fill_scaled_squares",
    "fill_squares",
    "keep_nearest",
    "rank_listed",
    "row_squares",
]

TOGETHER = 32
REORDER = {"reassoc", "contract", "nsz"}
KEEP_ROUNDING = {"reassoc", "nsz"}  # a * b - c * d is 0 for equal pairs


@compiled_loop(fastmath=REORDER)
def row_squares(rows, out, start, stop):
    """Sum the row_squares of each row in float64."""
    for i in range(start, stop):
        total = 0.0
        for f in range(rows.shape[1]):
            value = np.float64(rows[i, f])
            total += value * value
        out[i] = total


@loop_part(fastmath=REORDER)
def _square_distance(query, reference):
    total = 0.0
    for f in range(query.shape[0]):
        difference = np.float64(query[f]) - np.float64(reference[f])
        total += difference * difference
    return total


@loop_part(fastmath=KEEP_ROUNDING)
def _scaled_distance(query, reference, of_query, of_reference):
    total = 0.0
    for f in range(query.shape[0]):
        left = np.float64(query[f]) * of_query
        difference = left - np.float64(reference[f]) * of_reference
        total += difference * difference
    return total


@compiled_loop()
def fill_squares(query, reference, index, count, cursor, first, out, start, stop):
    """Find squared distances of candidates that lie in a block of the references.

    Args:
        query: Rows of the queries, shape `(q, F)`.
        reference: Rows of the block, shape `(r, F)`.
        index: Candidates, ascending, shape `(q, W)`.
        count: How many each query has, shape `(q,)`.
        cursor: How many are done, shape `(q,)`; moved on.
        first: Index of the block's first reference.
        out: Squared distances, shape `(q, W)`.
        start: First query of this call.
        stop: End of its queries.
    """
    for i in range(start, stop):
        c = cursor[i]
        while c < count[i] and index[i, c] < first + reference.shape[0]:
            out[i, c] = _square_distance(query[i], reference[index[i, c] - first])
            c += 1
        cursor[i] = c


@compiled_loop()
def fill_scaled_squares(
    query, reference, factors, index, count, cursor, first, out, start, stop
):
    """Do what `fill_squares` does, for rows that are multiplied by a factor each."""
    of_query, of_reference = factors
    for i in range(start, stop):
        c = cursor[i]
        while c < count[i] and index[i, c] < first + reference.shape[0]:
            j = index[i, c] - first
            out[i, c] = _scaled_distance(
                query[i], reference[j], of_query[i], of_reference[j]
            )
            c += 1
        cursor[i] = c


@loop_part()
def _sort_pairs(distance, index, row, held):
    """Sort a row's first entries by distance, equal ones by index: a shell sort."""
    gap = 1
    while gap < held:
        gap = 3 * gap + 1
    while gap > 0:
        for c in range(gap, held):
            value, place, slot = distance[row, c], index[row, c], c
            while slot >= gap:
                before = distance[row, slot - gap]
                if before < value or (
                    before == value and index[row, slot - gap] < place
                ):
                    break
                distance[row, slot] = before
                index[row, slot] = index[row, slot - gap]
                slot -= gap
            distance[row, slot] = value
            index[row, slot] = place
        gap //= 3


@compiled_loop()
def rank_listed(square, index, count, k, distance, nearest, start, stop):
    """Put the k nearest candidates in order, equal distances by the smaller index.

    Args:
        square: Squared distances, shape `(q, W)`; become sorted distances.
        index: Candidates, ascending, shape `(q, W)`; sorted alike.
        count: How many each query has, shape `(q,)`; no order where fewer than k.
        k: Number of neighbors.
        distance: Becomes the k smallest, shape `(q, k)`.
        nearest: Becomes their references, shape `(q, k)`.
        start: First query of this call.
        stop: End of its queries.
    """
    for i in range(start, stop):
        held = count[i]
        if held < k:
            continue
        # Roots may be equal where squares are not, so roots are what is ranked.
        for c in range(held):
            square[i, c] = np.sqrt(square[i, c])
        _sort_pairs(square, index, i, held)
        for c in range(k):
            distance[i, c] = square[i, c]
            nearest[i, c] = index[i, c]


@compiled_loop()
def keep_nearest(found, first, k, left_out, nearest, index, count, start, stop):
    """Take the nearest of a block of references into the lists of queries.

    Blocks come in ascending order, so of equal distances the first stays.

    Args:
        found: Distances to the block's references, shape `(q, r)`.
        first: Index of the first of them.
        k: Number of neighbors.
        left_out: Reference that each query leaves out, shape `(q,)`, and a mask of
            shape `(q, R)` or `(0, 0)`.
        nearest: Smallest distances so far, shape `(q, W)`, W > k.
        index: Their references, shape `(q, W)`.
        count: How many each list holds, shape `(q,)`.
        start: First query of this call.
        stop: End of its queries.
    """
    exclude, mask = left_out
    masked, width = mask.shape[0] > 0, nearest.shape[1]
    for i in range(start, stop):
        held = count[i]
        for j in range(found.shape[1]):
            place, distance = first + j, found[i, j]
            if held >= k and distance >= nearest[i, k - 1]:
                continue
            if exclude[i] == place or (masked and mask[i, place]):
                continue
            nearest[i, held] = distance
            index[i, held] = place
            held += 1
            if held in (k, width):
                _sort_pairs(nearest, index, i, held)
                held = k
        _sort_pairs(nearest, index, i, held)
        count[i] = min(held, k)

"""Float64 distances of pairs, one pair after the other.

Sums may be reordered for speed, so a distance has the same bits only where the same
compiled loop made it: `fill_squares` and `fill_scaled_squares` are the only ones, and
one search uses one of them for all its pairs.
"""

import numpy as np
from numba import njit

__all__ = [
    "fill_scaled_squares",
    "fill_squares",
    "keep_nearest",
    "rank_listed",
    "row_squares",
]

TOGETHER = 32
MANY = 128
REORDER = {"reassoc", "contract", "nsz"}
KEEP_ROUNDING = {"reassoc", "nsz"}  # a * b - c * d is 0 for equal pairs


@njit(nogil=True, cache=True, fastmath=REORDER)
def row_squares(rows, out, start, stop):
    """Sum the row_squares of each row in float64."""
    for i in range(start, stop):
        total = 0.0
        for f in range(rows.shape[1]):
            value = np.float64(rows[i, f])
            total += value * value
        out[i] = total


@njit(nogil=True, cache=True, fastmath=REORDER)
def _square_distance(query, reference):
    total = 0.0
    for f in range(query.shape[0]):
        difference = np.float64(query[f]) - np.float64(reference[f])
        total += difference * difference
    return total


@njit(nogil=True, cache=True, fastmath=KEEP_ROUNDING)
def _scaled_distance(query, reference, of_query, of_reference):
    total = 0.0
    for f in range(query.shape[0]):
        left = np.float64(query[f]) * of_query
        difference = left - np.float64(reference[f]) * of_reference
        total += difference * difference
    return total


@njit(nogil=True, cache=True)
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


@njit(nogil=True, cache=True)
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


@njit(nogil=True, cache=True)
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
        # Roots may be equal where row_squares are not, so roots are what is ranked.
        square[i, :held] = np.sqrt(square[i, :held])
        if held > MANY:
            order = np.argsort(square[i, :held], kind="mergesort")[:k]
            distance[i] = square[i, :held][order]
            nearest[i] = index[i, :held][order]
            continue
        for c in range(1, held):
            value, place, slot = square[i, c], index[i, c], c
            while slot > 0 and square[i, slot - 1] > value:
                square[i, slot] = square[i, slot - 1]
                index[i, slot] = index[i, slot - 1]
                slot -= 1
            square[i, slot] = value
            index[i, slot] = place
        distance[i] = square[i, :k]
        nearest[i] = index[i, :k]


@njit(nogil=True, cache=True)
def _keep_nearest(distance, index, held, k):
    """Sort a list by distance, equal ones as they came, and cut it to k."""
    order = np.argsort(distance[:held], kind="mergesort")
    kept = min(held, k)
    nearest = distance[:held][order][:kept]
    places = index[:held][order][:kept]
    distance[:kept] = nearest
    index[:kept] = places
    return kept


@njit(nogil=True, cache=True)
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
    masked = mask.shape[0] > 0
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
            if held in (k, nearest.shape[1]):
                held = _keep_nearest(nearest[i], index[i], held, k)
        count[i] = _keep_nearest(nearest[i], index[i], held, k)

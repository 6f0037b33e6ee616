"""Float64 distances of pairs, one pair after the other.

Sums may be reordered for speed, but a pair is always summed by the same instructions:
its distance has the same bits whichever block or thread it falls to.
"""

import numpy as np
from numba import njit

__all__ = ["nearest_of_all", "rank_listed", "settle", "settle_scaled", "squares"]

TOGETHER = 32
MANY = 128
REORDER = {"reassoc", "contract", "nsz"}
KEEP_ROUNDING = {"reassoc", "nsz"}  # a * b - c * d is 0 for equal pairs


@njit(nogil=True, cache=True, fastmath=REORDER)
def squares(rows, out, start, stop):
    """Sum the squares of each row in float64."""
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
def settle(query, reference, index, count, cursor, first, out, start, stop):
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
def settle_scaled(
    query, reference, factors, index, count, cursor, first, out, start, stop
):
    """Do what `settle` does, for rows that are multiplied by a factor each."""
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
        square: Squared distances, shape `(q, W)`; sorted in place.
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
        if held > MANY:
            order = np.argsort(square[i, :held], kind="mergesort")[:k]
            distance[i] = np.sqrt(square[i, :held][order])
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
        distance[i] = np.sqrt(square[i, :k])
        nearest[i] = index[i, :k]


@njit(nogil=True, cache=True)
def _keep_nearest(square, index, held, k):
    """Sort a list by distance, equal ones as they came, and cut it to k."""
    order = np.argsort(square[:held], kind="mergesort")
    kept = min(held, k)
    nearest = square[:held][order][:kept]
    places = index[:held][order][:kept]
    square[:kept] = nearest
    index[:kept] = places
    return kept


@njit(nogil=True, cache=True)
def nearest_of_all(
    query, reference, factors, first, k, left_out, square, index, count, start, stop
):
    """Search a block of the references by the distances to all of them.

    References come in ascending order, so of equal distances the first stays.

    Args:
        query: Rows of the queries, shape `(q, F)`.
        reference: Rows of the block, shape `(r, F)`.
        factors: What rows are multiplied by, shapes `(q,)` and `(r,)`.
        first: Index of the block's first reference.
        k: Number of neighbors.
        left_out: As in `scan_rows`, for these queries.
        square: Nearest squared distances so far, shape `(q, W)`, W > k.
        index: Their references, shape `(q, W)`.
        count: How many each list holds, shape `(q,)`.
        start: First query of this call.
        stop: End of its queries.
    """
    of_query, of_reference = factors
    exclude, mask = left_out
    for begin in range(0, reference.shape[0], TOGETHER):
        for i in range(start, stop):
            for j in range(begin, min(begin + TOGETHER, reference.shape[0])):
                place = first + j
                if exclude[i] == place or (mask.shape[0] > 0 and mask[i, place]):
                    continue
                distance = _scaled_distance(
                    query[i], reference[j], of_query[i], of_reference[j]
                )
                held = count[i]
                if held >= k and distance >= square[i, k - 1]:
                    continue
                square[i, held] = distance
                index[i, held] = place
                count[i] = held + 1
                if held + 1 == square.shape[1] or held + 1 == k:
                    count[i] = _keep_nearest(square[i], index[i], held + 1, k)
    for i in range(start, stop):
        count[i] = _keep_nearest(square[i], index[i], count[i], k)

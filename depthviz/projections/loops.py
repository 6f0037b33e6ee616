"""The loops of a map: widths of neighborhoods, and one move of every point.

Compiled at first use. Each call is given a range of rows, reads the points of before
and writes rows of its own, adding up in the order of the row: threads share the rows
and change no bit.
"""

import numpy as np

from depthviz.machine.compilation import compiled_loop, loop_part

__all__ = ["find_widths", "move"]

STEPS = 64  # of the search for a width, as umap-learn has it
CLOSE = 1e-5
NARROW = 1e-3  # the least width, as a share of the mean distance
LIMIT = np.float32(4)  # of one repulsion along one axis
FARTHEST = np.float32(1)  # move of a point along one axis: none is flung out
NEGATIVE_RATE = np.float32(5)  # repulsions for each attraction

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX = np.uint64(0xBF58476D1CE4E5B9)
HALF = np.uint64(32)


@compiled_loop()
def find_widths(distance, overall, nearest, width, start, stop):
    """Find how far each neighborhood reaches: its memberships add up to log2(k).

    Args:
        distance: Of the neighbors without the example itself, shape `(N, k - 1)`,
            float64; infinite ones do not count.
        overall: Mean distance, each example being at 0 from itself.
        nearest: Written: the least distance above 0, or 0, shape `(N,)`.
        width: Written, above 0, shape `(N,)`.
        start: First row of this call.
        stop: End of its rows.
    """
    count = distance.shape[1]
    goal = np.log2(count + 1.0)
    for i in range(start, stop):
        total = least = 0.0
        for j in range(count):
            if distance[i, j] < np.inf:
                total += distance[i, j]
                if distance[i, j] > 0 and (least == 0 or distance[i, j] < least):
                    least = distance[i, j]
        low, high, middle = 0.0, np.inf, 1.0
        for _ in range(STEPS):
            mass = 0.0
            for j in range(count):
                beyond = distance[i, j] - least
                mass += np.exp(-beyond / middle) if beyond > 0 else 1.0
            if abs(mass - goal) < CLOSE:
                break
            if mass > goal:
                high = middle
                middle = (low + high) / 2
            else:
                low = middle
                middle = 2 * middle if high == np.inf else (low + high) / 2
        mean = total / (count + 1) if least > 0 else overall
        nearest[i] = least
        width[i] = max(middle, NARROW * mean)


@loop_part()
def _look_up(table, square):
    """Read a curve at a squared distance, between entries linearly.

    There are 64 entries to a power of two, from 2**-20 to 2**20.
    """
    bits = np.float32(square).view(np.int32)
    place = (bits >> 17) - (107 << 6)
    if place < 0:
        return table[0]
    if place >= len(table) - 1:
        return table[-1]
    part = np.float32(bits & 0x1FFFF) * np.float32(2**-17)
    return table[place] + part * (table[place + 1] - table[place])


@compiled_loop()
def move(points, graph, curves, rate, key, samples, out, start, stop):
    """Move points once, by all their edges and some others drawn for each.

    Args:
        points: Where all points are, shape `(N, 2)`, float32.
        graph: First edge of each point and the end, shape `(N + 1,)`; the other point
            of each edge; and its weight in [0, 1].
        curves: Tables of attraction and repulsion.
        rate: What a step is damped by; float32.
        key: Decides, with the row, which points are drawn; uint64.
        samples: Points drawn for each.
        out: Where they go, shape `(N, 2)`.
        start: First row of this call.
        stop: End of its rows.
    """
    first, other, weight = graph
    pull, push = curves
    count = np.uint64(len(points))
    zero, one = np.float32(0), np.float32(1)
    for i in range(start, stop):
        x, y = points[i, 0], points[i, 1]
        right = up = total = degree = zero
        for edge in range(first[i], first[i + 1]):
            j = other[edge]
            dx, dy = points[j, 0] - x, points[j, 1] - y
            strength = weight[edge] * _look_up(pull, dx * dx + dy * dy)
            right += strength * dx
            up += strength * dy
            total += strength
            degree += weight[edge]
        away_x = away_y = zero
        state = key ^ (np.uint64(i) * GOLDEN)
        for _ in range(samples):
            state += GOLDEN
            mixed = (state ^ (state >> np.uint64(30))) * MIX
            mixed ^= mixed >> np.uint64(29)
            j = np.int64(((mixed >> HALF) * count) >> HALF)
            dx, dy = x - points[j, 0], y - points[j, 1]
            strength = _look_up(push, dx * dx + dy * dy)
            away_x += min(max(strength * dx, -LIMIT), LIMIT)
            away_y += min(max(strength * dy, -LIMIT), LIMIT)
        scale = NEGATIVE_RATE * degree / np.float32(samples)
        damped = one / (one / rate + total)
        out[i, 0] = x + min(max((right + scale * away_x) * damped, -FARTHEST), FARTHEST)
        out[i, 1] = y + min(max((up + scale * away_y) * damped, -FARTHEST), FARTHEST)

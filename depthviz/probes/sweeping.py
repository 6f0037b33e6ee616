"""The walk over all pairs: blocks of queries against blocks of references.

Where the queries are the references, each product serves both of its rows and columns,
which halves the work. Where factors do not fit into memory, a block of queries stays
and the references stream past it, so blocks of queries are made as tall as memory
allows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from depthviz.probes.kinds import Kind
from depthviz.probes.memory import rows_within
from depthviz.probes.products import Bounds, Buffers, Frame, Side, multiply
from depthviz.probes.shortlists import (
    Exclusion,
    Shortlist,
    Shortlists,
    begin_lists,
    list_bytes,
)

__all__ = ["Plan", "plan_sweep", "sweep"]

_TILE_ROWS, _TILE_COLUMNS = 1024, 4096
_GPU_TILE_ROWS, _GPU_TILE_COLUMNS = 4096, 32768
_LEAST = 16


@dataclass(frozen=True)
class Plan:
    """Sizes of the blocks of one walk.

    Attributes:
        keep: Whether all factors stay in memory.
        height: Queries of a block.
        width: References of a block.
        tile: Queries of a tile, a part of a block.
        fold: Whether each product may serve rows and columns.
    """

    keep: bool
    height: int
    width: int
    tile: int
    fold: bool


def plan_sweep(
    shape: tuple[int, int, int], kind: Kind, *, k: int, limit: int, device: str
) -> Plan:
    """Choose block sizes within a limit: half for factors, an eighth for a tile.

    Args:
        shape: Queries whose factors are not those of references, references, features.
        kind: Number type of the products.
        k: Number of neighbors.
        limit: Bytes to work in.
        device: Type of the device.

    Returns:
        Sizes of at least some rows, however small the limit.
    """
    queries, references, features = shape
    gpu = device == "cuda"
    rows, columns = (
        (_GPU_TILE_ROWS, _GPU_TILE_COLUMNS) if gpu else (_TILE_ROWS, _TILE_COLUMNS)
    )
    # The tile, a panel's part of it, and what selecting takes.
    pair = 3 * kind.result.itemsize
    width = rows_within(limit // 8 // pair // 64, 1, most=columns, least=_LEAST)
    tile = rows_within(limit // 8 // pair // width, 1, most=rows, least=_LEAST)
    lists = list_bytes(k, references)
    fold = lists * references <= limit // 4
    row = features * kind.operand.itemsize
    if (queries + references) * row <= limit // 2:
        return Plan(True, tile, width, tile, fold)
    # A block of queries is there twice: as factors, and as they are.
    height = limit * 3 // 8 // (row + 8 * features + 2 * lists)
    width = rows_within(limit // 8, row, most=width)
    height = rows_within(height, 1, most=references + queries)
    return Plan(False, height, width, min(tile, height), fold)


def sweep(
    query: Side,
    reference: Side,
    frame: Frame,
    *,
    bounds: Bounds,
    exclude: Exclusion,
    k: int,
    plan: Plan,
) -> Iterator[tuple[slice, Shortlist]]:
    """Look at all pairs, and give the shortlists of each block of queries.

    Args:
        query: Queries; the references themselves for a walk that folds.
        reference: References.
        frame: Where both are seen from.
        bounds: What turns products into bounds.
        exclude: What queries leave out.
        k: Number of neighbors.
        plan: Sizes of the blocks.

    Yields:
        Queries and their lists.
    """
    fold = plan.fold and query is reference
    buffers = Buffers()
    every = begin_lists(bounds, exclude, k) if fold else None
    for start in range(0, query.count, plan.height):
        rows = slice(start, min(start + plan.height, query.count))
        if every is not None:
            _look(
                query,
                reference,
                frame,
                rows,
                every,
                plan=plan,
                fold=True,
                buffers=buffers,
            )
            yield rows, every.take(rows)
            continue
        part = replace(bounds, spread=bounds.spread[rows])
        lists = begin_lists(part, exclude[rows], k)
        _look(
            query, reference, frame, rows, lists, plan=plan, fold=False, buffers=buffers
        )
        yield rows, lists.take(slice(0, rows.stop - rows.start))


def _look(
    query: Side,
    reference: Side,
    frame: Frame,
    rows: slice,
    lists: Shortlists,
    *,
    plan: Plan,
    fold: bool,
    buffers: Buffers,
) -> None:
    """Look at a block of queries and all references that it has not met."""
    left = query.panels(rows)
    offset = rows.start if fold else 0
    for first in range(offset, reference.count, plan.width):
        columns = slice(first, min(first + plan.width, reference.count))
        right = reference.panels(columns)
        for start in range(0, rows.stop - rows.start, plan.tile):
            part = [panel[start : start + plan.tile] for panel in left]
            tile = multiply(part, right, frame, buffers)
            lists.add_rows(tile, offset + start, first)
            met = max(0, rows.stop - first)
            if fold and met < tile.shape[1]:
                lists.add_columns(tile, rows.start + start, first, begin=met)

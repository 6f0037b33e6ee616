"""The walk over all pairs: blocks of queries against blocks of references.

Where the queries are the references, each product serves both of its rows and columns,
which halves the work. Where factors do not fit into memory, a block of queries stays
and the references stream past it, so blocks of queries are made as tall as memory
allows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from depthviz.neighbors.blocks import rows_within
from depthviz.neighbors.exact.bounds import bounds_of, multiply
from depthviz.neighbors.exact.buffers import Buffers
from depthviz.neighbors.exact.number_types import Kind
from depthviz.neighbors.exact.operands import Frame, Side
from depthviz.neighbors.exact.shortlists import (
    Exclusion,
    Shortlist,
    begin_lists,
    list_bytes,
)
from depthviz.neighbors.features import Features

__all__ = ["Plan", "plan_sweep", "sweep", "sweep_folded"]

_TILE_ROWS, _TILE_COLUMNS = 1024, 4096
_GPU_TILE_ROWS, _GPU_TILE_COLUMNS = 4096, 32768
_LEAST = 16
# With fewer features a product is cheaper than looking at its columns as well.
_FOLDS = 256


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
    shape: tuple[int, int, int],
    kind: Kind,
    *,
    k: int,
    limit: int,
    device: str,
    query_bytes: int,
) -> Plan:
    """Choose block sizes within a limit: half for factors, an eighth for a tile.

    Args:
        shape: Queries, references, features.
        kind: Number type of the products.
        k: Number of neighbors.
        limit: Bytes to work in.
        device: Type of the device.
        query_bytes: What a query takes where it is settled.

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
    fold = features >= _FOLDS and lists * references <= limit // 4
    tile = rows_within(limit // 8 // lists, 1, most=tile)
    row = features * kind.operand.itemsize
    if (references + tile) * row <= limit // 2:
        return Plan(True, tile, width, tile, fold)
    # A block of queries is there twice: as factors, and as they are.
    height = limit * 3 // 8 // (row + query_bytes + 2 * lists)
    width = rows_within(limit // 8, row, most=width)
    height = rows_within(height, 1, most=max(1, queries))
    return Plan(False, height, width, min(tile, height), fold)


def sweep(
    query: Features,
    rows: Tensor,
    reference: Side,
    frame: Frame,
    *,
    exclude: Exclusion,
    k: int,
    plan: Plan,
) -> Iterator[tuple[slice, Shortlist]]:
    """Look at all pairs, and give the shortlists of each block of queries.

    Args:
        query: Queries.
        rows: Those that are meant, shape `(q,)`.
        reference: References.
        frame: Where both are seen from.
        exclude: What these queries leave out.
        k: Number of neighbors.
        plan: Sizes of the blocks.

    Yields:
        Places in `rows`, and their lists.
    """
    products, factors = Buffers(), Buffers()
    for start in range(0, len(rows), plan.height):
        place = slice(start, min(start + plan.height, len(rows)))
        side = Side(query, rows[place], frame, keep=True, buffers=factors)
        lists = begin_lists(bounds_of(side, reference, frame), exclude[place], k)
        left = side.panels(slice(0, side.count))
        for columns, tile, first in _tiles(
            left, reference, frame, products, start=0, plan=plan
        ):
            lists.add_rows(tile, first, columns.start)
        yield place, lists.take(slice(0, side.count))


def sweep_folded(
    reference: Side, frame: Frame, *, exclude: Exclusion, k: int, plan: Plan
) -> Iterator[tuple[slice, Shortlist]]:
    """Look at all pairs of references, each product serving rows and columns.

    Args:
        reference: References, which are the queries too.
        frame: Where they are seen from.
        exclude: What they leave out.
        k: Number of neighbors.
        plan: Sizes of the blocks.

    Yields:
        Queries and their lists.
    """
    products = Buffers()
    lists = begin_lists(bounds_of(reference, reference, frame), exclude, k)
    for start in range(0, reference.count, plan.height):
        rows = slice(start, min(start + plan.height, reference.count))
        left = reference.panels(rows)
        if not plan.keep:
            left = [panel.clone() for panel in left]
        for columns, tile, first in _tiles(
            left, reference, frame, products, start=start, plan=plan
        ):
            lists.add_rows(tile, start + first, columns.start)
            met = max(0, rows.stop - columns.start)
            if met < tile.shape[1]:
                lists.add_columns(tile, start + first, columns.start, begin=met)
        yield rows, lists.take(rows)


def _tiles(
    left: list[Tensor],
    reference: Side,
    frame: Frame,
    buffers: Buffers,
    *,
    start: int,
    plan: Plan,
) -> Iterator[tuple[slice, Tensor, int]]:
    """Multiply a block of queries with all references from one on."""
    for first in range(start, reference.count, plan.width):
        columns = slice(first, min(first + plan.width, reference.count))
        right = reference.panels(columns)
        for row in range(0, len(left[0]), plan.tile):
            part = [panel[row : row + plan.tile] for panel in left]
            yield columns, multiply(part, right, frame, buffers), row

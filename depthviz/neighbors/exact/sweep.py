"""The walk over all pairs: blocks of queries against blocks of references.

Where the queries are the references, each product serves both of its rows and columns,
which halves the work. Where factors do not fit into memory, a block of queries stays
and the references stream past it, so blocks of queries are made as tall as memory
allows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from depthviz.neighbors.blocks import as_slice, rows_within
from depthviz.neighbors.exact.bounds import bounds_of, multiply
from depthviz.neighbors.exact.matmul import Buffers
from depthviz.neighbors.exact.number_types import ProductType
from depthviz.neighbors.exact.operands import Frame, Operand, Panels, choose_frame
from depthviz.neighbors.exact.prepared import Exclusion, Prepared
from depthviz.neighbors.exact.shortlists import Shortlist, begin_lists, list_bytes

__all__ = ["find_candidates"]

_TILE_ROWS, _TILE_COLUMNS = 1024, 4096
_GPU_TILE_ROWS, _GPU_TILE_COLUMNS = 4096, 32768
_LEAST = 16
# With fewer features a product is cheaper than looking at its columns as well.
_FOLDS = 256


def find_candidates(
    search: Prepared, rows: Tensor, product_type: ProductType
) -> Iterator[tuple[slice, Shortlist]]:
    """List the references that may be nearest to some queries, shape `(q,)`.

    Yields places in `rows` and their lists; nothing where this number type cannot hold
    the features.
    """
    frame = choose_frame(search.query, search.reference, product_type)
    if frame is None:
        return
    plan = _plan(search, len(rows), product_type)
    reference = Operand(search.reference, None, frame, keep=plan.keep)
    every = len(rows) == len(search.query.values)
    folded = search.shared if every and plan.fold else 0
    if folded:
        out = search.exclude[slice(0, folded)]
        yield from _sweep_folded(reference, exclude=out, k=search.k, plan=plan)
    for place, listed in _sweep(search, rows[folded:], reference, plan):
        yield slice(folded + place.start, folded + place.stop), listed


@dataclass(frozen=True)
class _Plan:
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


def _plan(search: Prepared, queries: int, product_type: ProductType) -> _Plan:
    """Choose block sizes within the limit: half for factors, an eighth for a tile.

    At least some rows, however small the limit. Lists of all references take 5/16 at
    most; they save half of the products, and half of what is read again.
    """
    references, features = search.reference.values.shape
    limit, gpu = search.limit, search.device.type == "cuda"
    rows, columns = (
        (_GPU_TILE_ROWS, _GPU_TILE_COLUMNS) if gpu else (_TILE_ROWS, _TILE_COLUMNS)
    )
    # The tile, a panel's part of it, and what selecting takes.
    pair = 3 * product_type.result.itemsize
    width = rows_within(limit // 8 // pair // 64, 1, most=columns, least=_LEAST)
    tile = rows_within(limit // 8 // pair // width, 1, most=rows, least=_LEAST)
    lists = list_bytes(search.k, references)
    fold = features >= _FOLDS and lists * references <= limit * 5 // 16
    tile = rows_within(limit // 8 // lists, 1, most=tile)
    row = features * product_type.operand.itemsize
    if (references + tile) * row <= limit // 2:
        return _Plan(True, tile, width, tile, fold)
    # A block of queries is there twice: as factors, and as they are.
    height = limit * 3 // 8 // (row + search.query.plain_bytes + 2 * lists)
    width = rows_within(limit // 8, row, most=width)
    height = rows_within(height, 1, most=max(1, queries))
    return _Plan(False, height, width, min(tile, height), fold)


def _sweep(
    search: Prepared, rows: Tensor, reference: Operand, plan: _Plan
) -> Iterator[tuple[slice, Shortlist]]:
    """Look at all pairs, and yield places in `rows` and their lists block by block."""
    products, factors = Buffers(), Buffers()
    exclude = search.exclude[as_slice(rows)]
    for start in range(0, len(rows), plan.height):
        place = slice(start, min(start + plan.height, len(rows)))
        query = Operand(
            search.query, rows[place], reference.frame, keep=True, buffers=factors
        )
        lists = begin_lists(bounds_of(query, reference), exclude[place], search.k)
        left = query.panels(slice(0, query.count))
        for columns, tile, first in _tiles(left, reference, products, plan=plan):
            lists.add_rows(tile, first, columns.start)
        yield place, lists.take(slice(0, query.count))


def _sweep_folded(
    reference: Operand, *, exclude: Exclusion, k: int, plan: _Plan
) -> Iterator[tuple[slice, Shortlist]]:
    """Look at all pairs of references, each product serving rows and columns."""
    products = Buffers()
    lists = begin_lists(bounds_of(reference, reference), exclude, k)
    for start in range(0, reference.count, plan.height):
        rows = slice(start, min(start + plan.height, reference.count))
        left = reference.panels(rows)
        if not plan.keep:
            left = [panel.clone() for panel in left]
        for columns, tile, first in _tiles(
            left, reference, products, plan=plan, start=start
        ):
            lists.add_rows(tile, start + first, columns.start)
            met = max(0, rows.stop - columns.start)
            if met < tile.shape[1]:
                lists.add_columns(tile, start + first, columns.start, begin=met)
        yield rows, lists.take(rows)


def _tiles(
    left: Panels, reference: Operand, buffers: Buffers, *, plan: _Plan, start: int = 0
) -> Iterator[tuple[slice, Tensor, int]]:
    """Multiply a block of queries with all references from one on.

    Yields the references, their products, shape `(tile, width)`, and its first query.
    """
    frame: Frame = reference.frame
    for first in range(start, reference.count, plan.width):
        columns = slice(first, min(first + plan.width, reference.count))
        right = reference.panels(columns)
        for row in range(0, len(left[0]), plan.tile):
            part = [panel[row : row + plan.tile] for panel in left]
            yield columns, multiply(part, right, frame, buffers), row

"""Which number types a search multiplies in, one after the other.

Half precision comes first where the hardware multiplies it faster and a sample shows
that its candidate lists stay short enough; then float32, then float64.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor

from depthviz.machine.exhaustion import is_out_of_memory
from depthviz.neighbors.blocks import spread_evenly
from depthviz.neighbors.exact.matmul import (
    half_is_faster,
    has_wide_product,
    single_is_exact,
)
from depthviz.neighbors.exact.number_types import (
    DOUBLE,
    HALF_ON_CPU,
    HALF_ON_GPU,
    SINGLE,
    ProductType,
)
from depthviz.neighbors.exact.prepared import Prepared, part_exclusion
from depthviz.neighbors.exact.sweep import find_candidates

__all__ = ["choose_types"]

_log = logging.getLogger(__name__)

_SAMPLE_QUERIES, _SAMPLE_REFERENCES = 128, 1024
_FASTER = 1.3
# What the direct distance of a pair costs, in float32 products of a pair.
_DIRECT_COST = {"cpu": 25, "cuda": 1000}


def choose_types(search: Prepared) -> Iterator[ProductType]:
    """Choose the number types of a search's products, the fastest first."""
    device = search.device.type
    half = HALF_ON_GPU if device == "cuda" else HALF_ON_CPU
    if _half_may_pay(search) and _half_pays(search, half):
        yield half
    if device != "cpu" or single_is_exact():
        yield SINGLE
    if device != "mps":
        yield DOUBLE


def _half_may_pay(search: Prepared) -> bool:
    """Whether half precision is worth a trial."""
    queries, references = len(search.query.values), len(search.reference.values)
    features = search.reference.values.shape[1]
    if min(queries, references) < 8 * _SAMPLE_QUERIES or features < 128:
        return False
    if _SAMPLE_REFERENCES * search.reference.plain_bytes > search.limit // 8:
        return False
    if search.device.type == "cpu":
        return half_is_faster(features) > _FASTER
    return search.device.type == "cuda" and has_wide_product(str(search.device))


def _half_pays(search: Prepared, half: ProductType) -> bool:
    """Whether the candidate lists of a sample stay short enough to pay."""
    total = len(search.reference.values)
    sample, rows, share = _take_sample(search)
    try:
        counts = [part.count for _, part in find_candidates(sample, rows, half)]
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        return False
    if not counts:
        return False
    count = torch.cat(counts).double()
    on_cpu = search.device.type == "cpu"
    ratio = half_is_faster(search.reference.values.shape[1]) if on_cpu else 2
    listed = float(count.mean()) / share
    _log.debug("Half precision leaves about %.0f candidates a query.", listed)
    spent = _DIRECT_COST[search.device.type] * (listed - search.k)
    return bool((count > 0).all()) and spent < total * (1 - 1 / ratio)


def _take_sample(search: Prepared) -> tuple[Prepared, Tensor, float]:
    """Take some references and the rows of some queries, and the references' share."""
    total = len(search.reference.values)
    some = spread_evenly(total, _SAMPLE_REFERENCES, search.device)
    rows = spread_evenly(len(search.query.values), _SAMPLE_QUERIES, search.device)
    share = len(some) / total
    reference = replace(
        search.reference,
        values=search.reference.values[some],
        total=search.reference.total * share,
    )
    if search.reference.norm is not None:
        reference = replace(reference, norm=search.reference.norm[some])
    nobody = part_exclusion(torch.full_like(search.exclude.index, -1))
    near = max(1, round(search.k * share))
    return replace(search, reference=reference, exclude=nobody, k=near), rows, share

"""Bounds on squared distances, at the speed of a matrix product.

With features centered by the references' mean, |q - r|² = |q|² + |r|² - 2 q·r. The
product is computed in one number type, whose sums are off by at most u a step. A sum of
n products is off by at most n u |q| |r| whatever the order of its additions; features
that are rounded by a share a (of q) and b (of r) add (a + b + a b) |q| |r|; rounding
the centered features and the final sum adds less than 32 u (|q|² + |r|²). Since
2 |q| |r| <= |q|² + |r|², the whole error is at most kappa (|q|² + |r|²), kappa =
(n + 32) u + a + b + a b, and a tiny constant for underflow: so

    lower = (1 - kappa) (|q|² + |r|²) - 2 q·r

bounds the squared distance from below for every pair, for no more work than the
distance itself. A product that comes back rounded by a share o takes 2 o |q·r| more. A
product that breaks the sums into more than n roundings (as Strassen's does) would break
the bound.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from depthviz.neighbors.exact.matmul import (
    Buffers,
    Product,
    fastest_product,
    plain_product,
    wide_product,
)
from depthviz.neighbors.exact.number_types import ProductType
from depthviz.neighbors.exact.operands import Frame, Operand, Panels

__all__ = ["Bounds", "bounds_of", "multiply"]

_SPARE = 32


@dataclass(frozen=True)
class Bounds:
    """What turns products into bounds.

    Attributes:
        base: `(1 - kappa) |r|²` of each reference, shape `(R,)`.
        extra: What a reference adds to a lower bound for an upper one, shape `(R,)`.
        spread: What a query adds, shape `(Q,)`.
        slack: Share of the product's size that its own rounding takes, each way.
    """

    base: Tensor
    extra: Tensor
    spread: Tensor
    slack: float


def bounds_of(query: Operand, reference: Operand) -> Bounds:
    """Find what turns products of two operands into bounds, in the type of the sums."""
    frame = reference.frame
    product_type, features = frame.product_type, frame.center.shape[1]
    terms = (
        min(features, product_type.width)
        + math.ceil(features / product_type.width)
        + _SPARE
    )
    rounding = query.lost + reference.lost + query.lost * reference.lost
    # The last term covers the float64 distances that are compared with.
    kappa = 1.01 * (terms * product_type.unit + rounding) + (features + 4) * 2.0**-50
    tiny = _tiny(frame)
    dtype, device = product_type.result, frame.center.device

    def convert(values: Tensor) -> Tensor:
        return values.to(dtype).to(device)

    return Bounds(
        convert((1 - kappa) * reference.squares - tiny),
        convert(2 * kappa * reference.squares + 2 * tiny),
        convert(2 * kappa * query.squares + 2 * tiny),
        2.02 * product_type.output,
    )


def _tiny(frame: Frame) -> float:
    """Bound what underflow can take from a product."""
    least = -148 if frame.product_type.result == torch.float32 else -1073
    features = frame.center.shape[1]
    product = features * max(1.0, frame.largest) * 2.0 ** (least + 38)
    rounding = math.sqrt(features) * frame.largest * 2.0 ** (least + 4) * frame.scale
    return product + rounding


def multiply(left: Panels, right: Panels, frame: Frame, buffers: Buffers) -> Tensor:
    """Multiply factors of m and n rows, and add up the products of their panels.

    Returns shape `(m, n)`, in the type of the sums, in memory that the next product
    overwrites.
    """
    product_type, shape = frame.product_type, (len(left[0]), len(right[0]))
    returned = product_type.operand if product_type.output else product_type.result

    def product(role: str, one: Tensor, other: Tensor) -> Tensor:
        out = buffers.get(role, shape, returned, one)
        return _product(one, product_type)(one, other, out)

    total = product("total", left[0], right[0])
    for one, other in zip(left[1:], right[1:], strict=True):
        total.add_(product("part", one, other))
    if returned == product_type.result:
        return total
    return buffers.get("wide", shape, product_type.result, total).copy_(total)


def _product(panel: Tensor, product_type: ProductType) -> Product:
    if not product_type.rounds or product_type.output:
        on_cpu = panel.device.type == "cpu"
        return fastest_product(panel.shape[1], panel.dtype) if on_cpu else plain_product
    return wide_product

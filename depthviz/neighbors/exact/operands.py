"""Queries and references as factors of products: centered, scaled, rounded, in panels.

Rows are read once: centering them, summing their squares and measuring what rounding
takes from them are one walk. Panels are contiguous pieces along the features, so that a
product sums no more at a time than its rounding bound allows.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from depthviz.neighbors.blocks import CACHE_BYTES, as_slice, rows_within, split_range
from depthviz.neighbors.compiled import kernels, share_rows
from depthviz.neighbors.exact.matmul import Buffers
from depthviz.neighbors.exact.number_types import DOUBLE, ProductType
from depthviz.neighbors.features import Features, is_plain, to_double

__all__ = ["Frame", "Operand", "Panels", "choose_frame"]

Panels = list[Tensor]

_LARGEST = 2.0**127


@dataclass(frozen=True)
class Frame:
    """Where features are seen from: `(row - center) * scale`, in one number type."""

    center: Tensor
    scale: float
    largest: float
    product_type: ProductType


class Operand:
    """Queries or references as factors of products.

    Args:
        features: The rows.
        rows: Those that are meant, shape `(q,)`; None for all.
        frame: Where they are seen from.
        keep: Whether to hold all factors; else they are made again when asked for.
        buffers: Where factors go that are not for long; by default, into new memory.
    """

    def __init__(
        self,
        features: Features,
        rows: Tensor | None,
        frame: Frame,
        *,
        keep: bool,
        buffers: Buffers | None = None,
    ) -> None:
        self.frame = frame
        self._features, self._rows = features, rows
        self._buffers = buffers or Buffers()
        self.count = len(features.values) if rows is None else len(rows)
        device = frame.center.device
        home = "cpu" if device.type == "mps" else device
        self.squares = torch.zeros(self.count, dtype=torch.float64, device=home)
        self.lost = 0.0
        self._kept = self._empty("kept", self.count) if keep else None
        for block in split_range(self.count, self._height()):
            if not self._prepare_compiled(block):
                self._prepare(block)

    def panels(self, block: slice) -> Panels:
        """Return factors, cut along the features, each contiguous.

        Those that are not kept are overwritten by the next call.
        """
        if self._kept is not None:
            return [panel[block] for panel in self._kept]
        panels = self._empty("passing", block.stop - block.start)
        for part in split_range(block.stop - block.start, self._height()):
            place = slice(block.start + part.start, block.start + part.stop)
            for panel, piece in zip(panels, self._pieces(place), strict=True):
                panel[part] = piece
        return panels

    def _prepare(self, block: slice) -> None:
        """Find norms and losses of some rows, and keep their factors if asked to."""
        error = torch.zeros_like(self.squares[block])
        for number, piece in enumerate(self._pieces(block)):
            factor = piece.to(self.frame.product_type.operand)
            self.squares[block] += _sum_squares(piece)
            if self.frame.product_type.rounds:
                error += _sum_squares(piece.sub_(factor))
            if self._kept is not None:
                self._kept[number][block] = factor
        self._note_loss(error, block)

    def _prepare_compiled(self, block: slice) -> bool:
        """Do what `_prepare` does in one walk, where compiled loops can."""
        product_type, values = self.frame.product_type, self._features.values
        known = product_type.operand in (torch.float32, torch.bfloat16)
        if self._kept is None or not known or self._features.norm is not None:
            return False
        if self.frame.center.dtype != torch.float32 or not is_plain(values):
            return False
        raw = self._features.raw(self._place(block))
        error = torch.zeros(len(raw), dtype=torch.float64)
        squares = self.squares[block]
        for panel, cut in zip(self._kept, self._cuts(), strict=True):
            out = panel[block]
            bits = out.view(torch.uint16) if product_type.rounds else out
            loop = (
                kernels().center_and_round if product_type.rounds else kernels().center
            )
            sums = (squares, error) if product_type.rounds else (squares,)
            share_rows(
                loop,
                raw.numpy(),
                self.frame.center[0].numpy(),
                np.float32(self.frame.scale),
                (cut.start, 0),
                bits.numpy(),
                *(each.numpy() for each in sums),
                rows=slice(0, len(raw)),
            )
        self._note_loss(error, block)
        return True

    def _note_loss(self, error: Tensor, block: slice) -> None:
        """Keep the largest share that rounding takes from a row's norm."""
        share = (error / self.squares[block].clamp_min(1e-300)).max()
        self.lost = max(self.lost, math.sqrt(float(share)))

    def _place(self, block: slice) -> Tensor | slice:
        """Find the rows of a block among all features."""
        return block if self._rows is None else as_slice(self._rows[block])

    def _pieces(self, block: slice) -> Iterator[Tensor]:
        """Center and scale some rows, a panel's features at a time."""
        frame = self.frame
        raw = self._features.raw(self._place(block))
        wide = (
            self._features.wide if frame.product_type is not DOUBLE else torch.float64
        )
        for cut in self._cuts():
            piece = raw[:, cut].to(wide) - frame.center[:, cut].to(wide)
            if frame.scale != 1:
                piece.mul_(frame.scale)
            yield piece.to(frame.product_type.result)

    def _cuts(self) -> list[slice]:
        features = self.frame.center.shape[1]
        return list(split_range(features, min(features, self.frame.product_type.width)))

    def _empty(self, role: str, count: int) -> Panels:
        dtype, like = self.frame.product_type.operand, self.frame.center
        return [
            self._buffers.get(
                f"{role} {number}", (count, cut.stop - cut.start), dtype, like
            )
            for number, cut in enumerate(self._cuts())
        ]

    def _height(self) -> int:
        features, values = self.frame.center.shape[1], self._features.values
        most = max(1, self.count)
        in_one_walk = self._kept is not None and self._features.norm is None
        if in_one_walk and is_plain(values):
            return most
        on_gpu = self.frame.center.device.type == "cuda"
        return rows_within(
            CACHE_BYTES << 4 if on_gpu else CACHE_BYTES, 16 * features, most=most
        )


def _sum_squares(rows: Tensor) -> Tensor:
    """Sum the squares of each row in float64."""
    if kernels() is None or rows.device.type != "cpu":
        return to_double(rows).square_().sum(1)
    found = torch.empty(len(rows), dtype=torch.float64)
    kernels().row_squares(rows.numpy(), found.numpy(), 0, len(rows))
    return found


def choose_frame(
    query: Features, reference: Features, product_type: ProductType
) -> Frame | None:
    """Find the references' mean and a scale at which nothing overflows.

    Any center would do for the bounds; the mean makes them narrow. None where this
    number type cannot hold the features.
    """
    center = (reference.total / len(reference.values)).unsqueeze(0)
    center = center.clamp(-_LARGEST, _LARGEST).float().to(center.dtype)
    if reference.wide == query.wide == torch.float32:
        center = center.float()
    features = center.shape[1]
    largest = 2 * max(query.largest, reference.largest)
    most = math.sqrt(features) * largest
    narrow = torch.float32 in (query.wide, reference.wide)
    too_large = narrow and product_type.result == torch.float32 and largest > _LARGEST
    if too_large or not math.isfinite(most) or not bool(center.isfinite().all()):
        return None
    scale = _scale(most, product_type)
    return Frame(center, scale, most * scale, product_type)


def _scale(largest: float, product_type: ProductType) -> float:
    """Choose a power of two, 1 if that will do."""
    if largest == 0:
        return 1.0
    highest, always = product_type.exponent, product_type.always
    if not always and -20 <= math.log2(largest) <= highest:
        return 1.0
    limit = 120 if product_type.result == torch.float32 else 1000
    exponent = (highest if always else 0) - math.ceil(math.log2(largest))
    return 2.0 ** max(-limit, min(limit, exponent))

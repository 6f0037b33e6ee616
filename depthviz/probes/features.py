"""The rows that a search compares, read a block at a time.

Features stay as they came, in their own number type and strides; a block is converted
when it is needed and thrown away. Under cosine a row is divided by its norm, in
float64, so cosine is the Euclidean distance of what this module hands out.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from depthviz.errors import FeatureError
from depthviz.probes.memory import blocks, rows_within

__all__ = ["Features", "double", "read_features"]

Metric = Literal["euclidean", "cosine"]


@dataclass(frozen=True)
class Features:
    """Rows to compare.

    Attributes:
        values: Shape `(N, F)`, finite, any real number type.
        norm: Norm of each row under cosine, shape `(N, 1)`, float64; else None.
    """

    values: Tensor
    norm: Tensor | None

    def exact(self, rows: Tensor | slice) -> Tensor:
        """Hand out whole rows in float64, shape `(*rows, F)`."""
        part = double(self.values[rows])
        if self.norm is None:
            return part
        place = rows if isinstance(rows, slice) else rows.to(part.device)
        return part.div_(self.norm[place])

    def part(self, rows: Tensor | slice, features: slice, dtype: torch.dtype) -> Tensor:
        """Hand out new memory with some features, in `dtype` or a wider type."""
        values = self.values[rows, features]
        if self.norm is not None:
            return values.double() / self.norm[rows]
        wide = dtype if values.is_floating_point() else torch.float64
        return values.to(torch.promote_types(values.dtype, wide), copy=True)

    @property
    def row_bytes(self) -> int:
        """Bytes that one row takes on its way to float64, with what comes of it."""
        return 32 * self.values.shape[1]


def double(tensor: Tensor) -> Tensor:
    """Copy to float64; on the CPU where the device has no such numbers.

    Args:
        tensor: Any real tensor.

    Returns:
        New memory.

    Example:
        >>> double(torch.tensor([1, 2]))
        tensor([1., 2.], dtype=torch.float64)
    """
    source = tensor.cpu() if tensor.device.type == "mps" else tensor
    return source.to(torch.float64, copy=True)


def read_features(name: str, values: Tensor, metric: Metric, limit: int) -> Features:
    """Check features and prepare them for a metric.

    Args:
        name: What errors call them.
        values: Shape `(N, F)`.
        metric: "euclidean" or "cosine".
        limit: Bytes to work in.

    Returns:
        The features.

    Raises:
        FeatureError: If some are NaN or infinite, or a row has norm zero under cosine.

    Example:
        >>> rows = read_features("query", torch.ones(1, 4), "cosine", 1 << 20)
        >>> rows.exact(slice(0, 1))
        tensor([[0.5000, 0.5000, 0.5000, 0.5000]], dtype=torch.float64)
    """
    if values.is_complex():
        raise FeatureError(f"The {name} features must be real, got {values.dtype}.")
    plain = Features(values.detach(), None)
    _check_finite(name, plain, limit)
    if metric == "euclidean":
        return plain
    norm = _norms(plain, limit)
    zero = int((norm == 0).sum())
    if zero:
        raise FeatureError(
            f"{zero} of the {len(values)} {name} rows have norm zero, so they have no "
            "cosine. Leave them out, or use metric='euclidean'."
        )
    return Features(plain.values, norm)


def _check_finite(name: str, features: Features, limit: int) -> None:
    values = features.values
    nan = infinite = rows = 0
    for block in blocks(len(values), _height(features, limit)):
        part = values[block]
        bad = ~part.isfinite()
        if bad.any():
            nan += int(part.isnan().sum())
            infinite += int(part.isinf().sum())
            rows += int(bad.any(1).sum())
    if rows:
        raise FeatureError(
            f"The {name} features hold {nan} NaN and {infinite} infinite values, in "
            f"{rows} of {len(values)} rows. Leave these examples out, or look for the "
            "layer that overflows."
        )


def _norms(features: Features, limit: int) -> Tensor:
    height = _height(features, limit)
    cuts = blocks(len(features.values), height)
    return torch.cat([_norm(features.exact(cut)) for cut in cuts])


def _norm(part: Tensor) -> Tensor:
    """Find the norms of rows, each by the same sums whatever rows stand beside it."""
    origin = part.new_zeros(1, part.shape[1])
    mode = "donot_use_mm_for_euclid_dist"
    return torch.cdist(part, origin, compute_mode=mode)


def _height(features: Features, limit: int) -> int:
    return rows_within(limit, features.row_bytes, most=max(1, len(features.values)))

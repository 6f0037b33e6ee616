"""The rows that a search compares, read a block at a time.

Features stay as they came, in their own number type and strides, in memory or in a
scratch file; a block is converted when it is needed and thrown away. Under cosine a row
is divided by its norm, in float64, so cosine is the Euclidean distance of what this
module hands out.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from depthviz.embeddings.stored import Rows
from depthviz.errors import FeatureError
from depthviz.neighbors.blocks import CACHE_BYTES, rows_within, split_range
from depthviz.neighbors.compiled import kernels, share_rows

__all__ = ["Features", "Metric", "Rows", "is_plain", "read_features", "to_double"]

Metric = Literal["euclidean", "cosine"]

_NARROW = (torch.float16, torch.bfloat16, torch.float32)


@dataclass(frozen=True)
class Features:
    """Rows to compare.

    Attributes:
        values: Shape `(N, F)`, finite, any real number type.
        norm: Norm of each row under cosine, shape `(N, 1)`, float64; else None.
        total: Sum of all rows, shape `(F,)`, float64 where the device has it; may
            overflow.
        largest: Largest absolute value.
    """

    values: Rows
    norm: Tensor | None
    total: Tensor
    largest: float

    def exact(self, rows: Tensor | slice) -> Tensor:
        """Return whole rows in float64, shape `(*rows, F)`."""
        part = to_double(self.values[rows])
        if self.norm is None:
            return part
        place = rows if isinstance(rows, slice) else rows.to(part.device)
        return part.div_(self.norm[place])

    def plain(self, rows: Tensor | slice) -> Tensor:
        """Return rows as they are, contiguous, in float32 or float64."""
        part = self.values[rows]
        narrow = part.dtype in _NARROW
        return part.to(torch.float32 if narrow else torch.float64).contiguous()

    def factors(self, rows: Tensor | slice, scale: float) -> Tensor:
        """Return what plain rows are multiplied by: `scale`, over norms if any."""
        count = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
        if self.norm is None:
            return torch.full((count,), scale, dtype=torch.float64)
        return scale / self.norm[rows].squeeze(1)

    def raw(self, rows: Tensor | slice) -> Tensor:
        """Return rows before they are centered; a view where one will do."""
        part = self.values[rows]
        return part if self.norm is None else part.double() / self.norm[rows]

    @property
    def wide(self) -> torch.dtype:
        """The type in which a difference of features rounds no more than float32's."""
        narrow = self.values.dtype in _NARROW and self.norm is None
        return torch.float32 if narrow else torch.float64

    @property
    def in_place(self) -> bool:
        """Whether `plain` takes no new memory for a slice."""
        values = self.values
        if not isinstance(values, Tensor):
            return False
        known = values.dtype in (torch.float32, torch.float64)
        return known and values.device.type == "cpu" and values.is_contiguous()

    @property
    def plain_bytes(self) -> int:
        """Bytes of a row that `plain` hands out."""
        return (4 if self.values.dtype in _NARROW else 8) * self.values.shape[1]

    @property
    def row_bytes(self) -> int:
        """Bytes that one row takes on its way to float64, with what comes of it."""
        return 32 * self.values.shape[1]


def to_double(tensor: Tensor) -> Tensor:
    """Copy a tensor to float64; on the CPU where the device has no such numbers.

    Example:
        >>> to_double(torch.tensor([1, 2]))
        tensor([1., 2.], dtype=torch.float64)
    """
    source = tensor.cpu() if tensor.device.type == "mps" else tensor
    return source.to(torch.float64, copy=True)


def read_features(name: str, values: Rows, metric: Metric, limit: int) -> Features:
    """Check features, shape `(N, F)`, and prepare them for a metric.

    Raises FeatureError, which calls them by `name`, if some are NaN or infinite, or a
    row has norm zero under cosine.

    Example:
        >>> rows = read_features("query", torch.ones(1, 4), "cosine", 1 << 20)
        >>> rows.exact(slice(0, 1))
        tensor([[0.5000, 0.5000, 0.5000, 0.5000]], dtype=torch.float64)
    """
    if values.is_complex():
        raise FeatureError(f"The {name} features must be real, got {values.dtype}.")
    values = values.detach()
    total, largest = _sum_and_peak(name, values, limit)
    plain = Features(values, None, total, largest)
    if metric == "euclidean":
        return plain
    norm = _norms(plain, limit)
    zero = int((norm == 0).sum())
    if zero:
        raise FeatureError(
            f"{zero} of the {len(values)} {name} rows have norm zero, so they have no "
            "cosine. Leave them out, or use metric='euclidean'."
        )
    return Features(values, norm, _unit_total(plain, norm, limit), 1.0)


def _sum_and_peak(name: str, values: Rows, limit: int) -> tuple[Tensor, float]:
    """Sum the rows and find the largest absolute value, in one walk."""
    if isinstance(values, Tensor) and is_plain(values):
        found = _sum_and_peak_compiled(values)
        if found is not None:
            return found
    features = values.shape[1]
    dtype = torch.float32 if values.device.type == "mps" else torch.float64
    total = torch.zeros(features, dtype=dtype, device=values.device)
    largest = 0.0
    for block in split_range(len(values), _height(values, limit)):
        part = values[block]
        part = part.float() if part.dtype in _NARROW else part.double()
        total += part.sum(0)
        low, high = part.aminmax()
        peak = float(torch.maximum(-low, high))
        if not peak < torch.inf:
            _refuse(name, values, limit)
        largest = max(largest, peak)
    return total, largest


def is_plain(values: Rows) -> bool:
    """Whether compiled loops can read features where they are.

    They read contiguous float32 on the CPU.

    Example:
        >>> is_plain(torch.ones(2, 3, dtype=torch.float64))
        False
    """
    if not isinstance(values, Tensor) or kernels() is None:
        return False
    on_cpu = values.device.type == "cpu" and values.dtype == torch.float32
    return on_cpu and values.is_contiguous()


def _sum_and_peak_compiled(values: Tensor) -> tuple[Tensor, float] | None:
    """Do what `_sum_and_peak` does in one walk; None where something is not finite."""
    rows, features = values.shape
    part = max(1, -(-rows // (4 * torch.get_num_threads())))
    shape = (-(-rows // part), features)
    totals = torch.zeros(shape, dtype=torch.float64)
    peaks = torch.zeros(shape, dtype=torch.float32)
    share_rows(
        kernels().sum_columns,
        values.numpy(),
        totals.numpy(),
        peaks.numpy(),
        part,
        rows=slice(0, rows),
        size=part,
    )
    total = totals.sum(0)
    if not total.isfinite().all():
        return None
    return total, float(peaks.max()) if rows else 0.0


def _refuse(name: str, values: Rows, limit: int) -> None:
    nan = infinite = rows = 0
    for block in split_range(len(values), _height(values, limit)):
        part = values[block]
        bad = ~part.isfinite()
        nan += int(part.isnan().sum())
        infinite += int(part.isinf().sum())
        rows += int(bad.any(1).sum())
    raise FeatureError(
        f"The {name} features hold {nan} NaN and {infinite} infinite values, in "
        f"{rows} of {len(values)} rows. Leave these examples out, or look for the "
        "layer that overflows."
    )


def _norms(features: Features, limit: int) -> Tensor:
    height = _height(features.values, limit)
    cuts = split_range(len(features.values), height)
    found = [_norm(features.exact(cut)) for cut in cuts]
    return torch.cat(found) if found else torch.empty(0, 1, dtype=torch.float64)


def _norm(part: Tensor) -> Tensor:
    """Find the norms of rows, each by the same sums whatever other rows there are."""
    # A power of two takes nothing from the digits, and squares neither over- nor
    # underflow.
    power = part.abs().amax(1, keepdim=True).frexp().exponent.clamp(-1000, 1000)
    part = part.ldexp(-power)
    origin = part.new_zeros(1, part.shape[1])
    mode = "donot_use_mm_for_euclid_dist"
    return torch.cdist(part, origin, compute_mode=mode).ldexp(power)


def _unit_total(features: Features, norm: Tensor, limit: int) -> Tensor:
    total = torch.zeros_like(features.total, dtype=torch.float64, device=norm.device)
    for block in split_range(len(norm), _height(features.values, limit)):
        total += (features.exact(block) / norm[block]).sum(0)
    return total


def _height(values: Rows, limit: int) -> int:
    row = 32 * values.shape[1]
    return rows_within(min(limit, CACHE_BYTES), row, most=max(1, len(values)))

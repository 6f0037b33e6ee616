"""Whether two nests hold the same, and a digest by which they are told apart."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from depthviz.datasets.nested.nests import Nest, leaves, length
from depthviz.datasets.nested.words import layout

__all__ = ["feed_digest", "not_finite", "same"]


class _Digest(Protocol):
    def update(self, data: memoryview | bytes, /) -> None:
        """Take more bytes."""


def feed_digest(digest: _Digest, nest: Nest) -> None:
    """Add the bytes of a nest to a digest.

    Of one tensor these are its values alone. Of several they follow their names, types
    and shapes, so that no other nest has the same bytes.

    Args:
        digest: One of `hashlib`.
        nest: On the CPU.

    Example:
        >>> from hashlib import sha256
        >>> one, other = sha256(), sha256()
        >>> feed_digest(one, {"a": torch.tensor([1])})
        >>> feed_digest(other, {"b": torch.tensor([1])})
        >>> one.hexdigest() == other.hexdigest()
        False
    """
    for name, leaf in leaves(nest):
        if not isinstance(nest, Tensor):
            digest.update(f"{name}\0{leaf.dtype}{tuple(leaf.shape)}\0".encode())
        digest.update(leaf.contiguous().flatten().view(torch.uint8).numpy().data)


def same(nest: Nest, other: Nest) -> bool:
    """Whether two nests hold the same numbers, up to rounding.

    Args:
        nest: Any.
        other: Any.

    Returns:
        False also where names or shapes differ.

    Example:
        >>> same({"a": torch.ones(2)}, {"a": torch.ones(2)})
        True
        >>> same({"a": torch.ones(2)}, {"a": torch.ones(3)})
        False
    """
    if layout(nest) != layout(other) or length(nest) != length(other):
        return False
    pairs = zip(leaves(nest), leaves(other), strict=True)
    return all(_close(leaf, twin) for (_, leaf), (_, twin) in pairs)


def not_finite(nest: Nest) -> Tensor:
    """Find the examples with a value that float32 does not hold.

    Args:
        nest: Of some examples.

    Returns:
        Their positions, shape `(B',)`, on the CPU.

    Example:
        >>> not_finite(torch.tensor([[1.0], [torch.inf]]))
        tensor([1])
    """
    bad = torch.zeros(length(nest), dtype=torch.bool)
    for _, leaf in leaves(nest):
        if leaf.is_floating_point():
            finite = leaf.float().isfinite().reshape(len(leaf), -1)
            bad |= ~finite.all(dim=1).cpu()
    return bad.nonzero().flatten()


def _close(leaf: Tensor, twin: Tensor) -> bool:
    if leaf.dtype != twin.dtype:
        return False
    if leaf.dtype == torch.bool:
        return torch.equal(leaf, twin)
    return torch.allclose(leaf, twin, equal_nan=True)

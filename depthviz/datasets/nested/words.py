"""A nest in words: the names, shapes and types of what it holds."""

from __future__ import annotations

from torch import Tensor

from depthviz.datasets.nested.nests import Nest, leaves

__all__ = ["describe_nest", "layout"]


def describe_nest(nest: Nest) -> str:
    """Say what a batch holds.

    Args:
        nest: Any.

    Returns:
        Shape and type of a tensor; of several, with their names.

    Example:
        >>> import torch
        >>> describe_nest(torch.zeros(2, 3))
        'shape (2, 3), float32'
        >>> describe_nest({"ids": torch.zeros(2, 3, dtype=torch.int64)})
        "'ids' of shape (2, 3), int64"
    """
    if isinstance(nest, Tensor):
        return _describe(nest)
    return "; ".join(f"{name!r} of {_describe(leaf)}" for name, leaf in leaves(nest))


def layout(nest: Nest) -> dict[str, tuple[int, ...]]:
    """Find what an example has in each tensor of a batch.

    Args:
        nest: Of some examples.

    Returns:
        Shapes without the first dimension, by name.

    Example:
        >>> import torch
        >>> layout({"ids": torch.zeros(2, 3)})
        {'ids': (3,)}
    """
    return {name: tuple(leaf.shape[1:]) for name, leaf in leaves(nest)}


def _describe(leaf: Tensor) -> str:
    return f"shape {tuple(leaf.shape)}, {str(leaf.dtype).removeprefix('torch.')}"

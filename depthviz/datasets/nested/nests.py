"""A nest's leaves, its length and its rows.

A mapping of any kind, such as a tokenizer's BatchEncoding, comes out as a plain
dictionary in the same order. One tensor takes the shortest way everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import torch
from torch import Tensor

from depthviz.errors import DataError, ShapeError

__all__ = [
    "Nest",
    "is_floats",
    "join",
    "leaves",
    "length",
    "map_leaves",
    "one_tensor",
    "rows",
    "to_device",
]

Nest: TypeAlias = "Tensor | Mapping[str, Nest] | tuple[Nest, ...] | list[Nest]"


def leaves(nest: Nest, name: str = "") -> Iterator[tuple[str, Tensor]]:
    """List the tensors of a nest in their order, each with its name.

    Args:
        nest: Any.
        name: That of the nest itself.

    Yields:
        Names, joined by dots, and tensors; the name of one tensor alone is empty.

    Raises:
        DataError: If something in it is no tensor.

    Example:
        >>> nest = {"ids": torch.zeros(2, 3), "pair": (torch.ones(2), torch.ones(2, 1))}
        >>> [(name, tuple(leaf.shape)) for name, leaf in leaves(nest)]
        [('ids', (2, 3)), ('pair.0', (2,)), ('pair.1', (2, 1))]
    """
    if isinstance(nest, Tensor):
        yield name, nest
    elif isinstance(nest, Mapping):
        for key, part in nest.items():
            yield from leaves(part, f"{name}.{key}" if name else str(key))
    elif isinstance(nest, tuple | list):
        for place, part in enumerate(nest):
            yield from leaves(part, f"{name}.{place}" if name else str(place))
    else:
        raise DataError(
            "Inputs must be tensors, or mappings, tuples and lists of tensors; got "
            f"{type(nest).__name__}{f' at {name!r}' if name else ''}."
        )


def map_leaves(change: Callable[[Tensor], Tensor], nest: Nest) -> Any:
    """Change each tensor of a nest.

    Args:
        change: From a tensor to a tensor.
        nest: Any.

    Returns:
        A nest of the same form.

    Example:
        >>> map_leaves(lambda leaf: leaf + 1, {"a": torch.tensor([1])})
        {'a': tensor([2])}
    """
    if isinstance(nest, Tensor):
        return change(nest)
    if isinstance(nest, Mapping):
        return {key: map_leaves(change, part) for key, part in nest.items()}
    parts = [map_leaves(change, part) for part in nest]
    return parts if isinstance(nest, list) else _like(nest, parts)


def length(nest: Nest) -> int:
    """Count the examples.

    Args:
        nest: Any.

    Returns:
        The size of the first dimension.

    Raises:
        ShapeError: If it is not the same in all tensors, or there are none.

    Example:
        >>> length({"ids": torch.zeros(4, 3), "mask": torch.ones(4, 3)})
        4
    """
    if isinstance(nest, Tensor):
        return len(nest)
    counts = {name: leaf.shape[:1] for name, leaf in leaves(nest)}
    if len(set(counts.values())) != 1 or () in counts.values():
        found = ", ".join(f"{name!r} {tuple(size)}" for name, size in counts.items())
        raise ShapeError(
            "The tensors of a batch must have one first dimension, that of the "
            f"examples; got {found or 'no tensors'}."
        )
    return next(iter(counts.values()))[0]


def rows(nest: Nest, part: Any) -> Any:
    """Take some of the examples.

    Args:
        nest: Any.
        part: A slice, or positions.

    Returns:
        A nest of the same form.

    Example:
        >>> rows({"ids": torch.tensor([[1], [2], [3]])}, slice(1, 3))
        {'ids': tensor([[2],
                [3]])}
    """
    return map_leaves(lambda leaf: leaf[part], nest)


def to_device(nest: Nest, device: torch.device, *, copy: bool = False) -> Any:
    """Bring all tensors of a nest to a device.

    Args:
        nest: Any.
        device: Where to.
        copy: Whether what is there already is copied.

    Returns:
        A nest of the same form.

    Example:
        >>> to_device((torch.ones(1),), torch.device("cpu"))
        (tensor([1.]),)
    """
    return map_leaves(lambda leaf: leaf.to(device, copy=copy), nest)


def is_floats(nest: Nest) -> bool:
    """Whether a nest is one tensor of floats, between which there are distances.

    Args:
        nest: Any.

    Returns:
        False for whole numbers, and for several tensors whatever they hold.

    Example:
        >>> is_floats(torch.ones(2, 3)), is_floats((torch.ones(2, 3),))
        (True, False)
    """
    return isinstance(nest, Tensor) and nest.is_floating_point()


def join(batches: Sequence[Nest]) -> Any:
    """Lay batches of one form one after another.

    Args:
        batches: At least one.

    Returns:
        A nest of the same form, of all their examples.

    Example:
        >>> join([{"ids": torch.tensor([1])}, {"ids": torch.tensor([2, 3])}])
        {'ids': tensor([1, 2, 3])}
    """
    columns = zip(*([leaf for _, leaf in leaves(one)] for one in batches), strict=True)
    joined = map(torch.cat, columns)
    return map_leaves(lambda _: next(joined), batches[0])


def one_tensor(nest: Nest, what: str) -> Tensor:
    """Take the tensor of a nest that is one.

    Args:
        nest: Any.
        what: What needs it, as the start of a sentence.

    Returns:
        The tensor.

    Raises:
        DataError: If there are several.

    Example:
        >>> one_tensor(torch.ones(1), "A mirror")
        tensor([1.])
    """
    if isinstance(nest, Tensor):
        return nest
    names = ", ".join(repr(name) for name, _ in leaves(nest))
    raise DataError(f"{what} needs inputs that are one tensor, got {names}.")


def _like(nest: tuple[Nest, ...], parts: list[Any]) -> Any:
    """Make a tuple of parts, of the same names where it has names."""
    return type(nest)(*parts) if hasattr(nest, "_fields") else tuple(parts)

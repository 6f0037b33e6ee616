"""Arrays of numpy, lists and tables where a function wants tensors.

Embeddings, votes and labels often come from files or from other libraries, as numpy
arrays. A function marked with `takes_arrays` gets tensors of the same numbers; what
holds no numbers is refused by the argument's name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np
from torch import Tensor

from depthviz.datasets.plain_arrays import has_numbers, plain_array, to_tensor
from depthviz.errors import ArgumentError

__all__ = ["as_tensor", "takes_arrays"]

Function = TypeVar("Function", bound=Callable[..., Any])


def takes_arrays(function: Function) -> Function:
    """Make a function read arrays and lists for its parameters of type `Tensor`.

    Args:
        function: Its annotations say which parameters are tensors.

    Returns:
        A function with the same signature.

    Example:
        >>> @takes_arrays
        ... def double(values: Tensor) -> Tensor:
        ...     return 2 * values
        >>> double(np.array([1, 2]))
        tensor([2, 4])
    """
    parameters = inspect.signature(function).parameters
    tensors = {
        name for name, each in parameters.items() if "Tensor" in str(each.annotation)
    }

    @wraps(function)
    def converted(*args: Any, **keywords: Any) -> Any:
        places = [
            as_tensor(name, value) if name in tensors else value
            for name, value in zip(parameters, args, strict=False)
        ]
        named = {
            name: as_tensor(name, value) if name in tensors else value
            for name, value in keywords.items()
        }
        return function(*places, *args[len(places) :], **named)

    return converted  # type: ignore[return-value]  # same signature, by wraps


def as_tensor(name: str, value: Any) -> Any:
    """Read an argument as a tensor.

    Args:
        name: What errors call it.
        value: A tensor, an array of any library, or a list of numbers. None, and rows
            of embeddings that lie on the disk, stay what they are.

    Returns:
        The tensor.

    Raises:
        ArgumentError: If it holds no numbers.
        DataError: If it is sparse or masked.

    Example:
        >>> as_tensor("labels", [0, 2, 1])
        tensor([0, 2, 1])
    """
    foreign = hasattr(value, "__array__")
    stored = hasattr(value, "device") and not foreign
    if value is None or isinstance(value, Tensor) or stored:
        return value
    readable = isinstance(value, (list, tuple)) or foreign
    plain = plain_array(value, name) if readable or hasattr(value, "nnz") else None
    if not isinstance(plain, np.ndarray) or not has_numbers(plain):
        kind = "" if plain is None else f" of {plain.dtype}"
        raise ArgumentError(
            f"{name} must be a tensor or an array of numbers, got "
            f"{type(value).__name__}{kind}."
        )
    # torch knows only the smallest of the unsigned types well.
    wide = plain.dtype.kind == "u" and plain.dtype.itemsize > 1
    return to_tensor(plain.astype(np.int64) if wide else plain)

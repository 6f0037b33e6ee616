"""Calls that stay out of compiled code.

What is recorded goes through numpy and a file, which torch.compile cannot trace. Where
a training step or a model with hooks is compiled, its graph breaks at such a call, and
goes on behind it. Nothing of the compiler is imported where nothing is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import torch

__all__ = ["call_eagerly"]

P = ParamSpec("P")
Result = TypeVar("Result")


def call_eagerly(
    function: Callable[P, Result], *args: P.args, **keywords: P.kwargs
) -> Result:
    """Call a function as it is, from compiled code, too.

    Args:
        function: What is called.
        *args: Its arguments.
        **keywords: Its keyword arguments.

    Returns:
        What it returns.

    Example:
        >>> call_eagerly(max, 2, 3)
        3
    """
    if torch.compiler.is_compiling():
        function = torch.compiler.disable(function)  # type: ignore[no-untyped-call]
    return function(*args, **keywords)

"""Callbacks of libraries that need not be there.

A callback must be of the library's own class, and importing that takes seconds or
fails. So ours get it as a second base when one of them is made, and not before.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

__all__ = ["with_base"]

Made = TypeVar("Made")


def with_base(cls: type[Made], base: type) -> Made:
    """Make an instance of a class that is of another class too.

    Args:
        cls: The class that says what is done.
        base: The class that the library asks for.

    Returns:
        The instance, not initialized yet: what `__new__` returns.

    Example:
        >>> from logging import Filter, Handler
        >>> isinstance(with_base(Filter, Handler), Handler)
        True
    """
    chosen: Any = cls
    if not issubclass(cls, base):
        chosen = _both(chosen, base)
    made: Made = object.__new__(chosen)
    return made


@cache
def _both(cls: Any, base: type) -> Any:
    return type(cls.__name__, (cls, base), {"__module__": cls.__module__})

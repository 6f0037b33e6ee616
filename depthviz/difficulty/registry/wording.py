"""The words for an order by a measure: "hardest first" only where an end is harder."""

from __future__ import annotations

from depthviz.difficulty.registry.registering import MEASURES

__all__ = ["first_in_words", "is_falling"]


def is_falling(name: str) -> bool:
    """Whether the largest come first in the usual order by a column.

    Args:
        name: Name of a column of numbers.

    Returns:
        False where the smaller end is the harder; the largest come first otherwise,
        also where neither end is harder and of what is no measure.

    Example:
        >>> is_falling("depth"), is_falling("aum"), is_falling("dual")
        (True, False, True)
    """
    return name not in MEASURES or MEASURES[name].harder != "smaller"


def first_in_words(name: str, *, reversed: bool = False) -> str:
    """Say which examples come first in the usual order by a column.

    Args:
        name: Name of a column of numbers.
        reversed: Whether the order is the other way round.

    Returns:
        "hardest" or "easiest" of a measure with a harder end, else "largest" or
        "smallest".

    Example:
        >>> first_in_words("aum"), first_in_words("dual"), first_in_words("mine")
        ('hardest', 'largest', 'largest')
    """
    if name in MEASURES and MEASURES[name].harder:
        return "easiest" if reversed else "hardest"
    return "smallest" if reversed else "largest"

"""Examples that cannot be read, left out where a person asks for that.

All are read once before anything else. What a data set raises for an example, a label
that is missing, and an input that is NaN or infinite make it broken; what is wrong with
every example is wrong with the data, and raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.datasets.examples import Examples
from depthviz.datasets.nested import Nest, not_finite

__all__ = ["Broken", "find_broken", "leave_out", "take_kept"]

BATCH = 64
NOT_FINITE = "its input is NaN or infinite"


class Broken(NamedTuple):
    """An example that cannot be read.

    Attributes:
        row: Its position in its split.
        why: What is wrong with it.
    """

    row: int
    why: str


def find_broken(examples: Examples) -> list[Broken]:
    """Read all examples, and list those that are broken.

    Args:
        examples: Any that have positions.

    Returns:
        The broken ones, in order.

    Raises:
        Exception: What the first raised, if every example raises something.

    Example:
        >>> from depthviz.datasets.forms import as_examples
        >>> points = np.array([[0.0], [np.nan], [2.0]])
        >>> find_broken(as_examples((points, [0, 1, 0])))
        [Broken(row=1, why='its input is NaN or infinite')]
    """
    errors: list[Exception] = []
    found: list[Broken] = []
    for start in range(0, len(examples), BATCH):
        rows = range(start, min(start + BATCH, len(examples)))
        found += _broken_among(examples, rows, errors)
    if len(errors) == len(examples):
        raise errors[0]
    return found


def leave_out(examples: Examples, broken: list[Broken]) -> Examples:
    """View the examples without those that are broken.

    Args:
        examples: Any.
        broken: Some of them.

    Returns:
        The rest, in order. Their errors name them by their old positions.

    Example:
        >>> from depthviz.datasets.forms import as_examples
        >>> two = as_examples((np.array([[0.0], [2.0]]), [0, 1]))
        >>> leave_out(two, [Broken(0, "it is zero")]).read(slice(0, 1))
        (tensor([[2.]]), tensor([1]))
    """
    if not broken:
        return examples
    kept = np.delete(np.arange(len(examples)), [each.row for each in broken])
    part = examples.subset(kept, name=examples.name)
    return replace(part, note=examples.note)


def take_kept(values: Any, rows: NDArray[np.intp]) -> Any:
    """Take some of what was given for all examples.

    Args:
        values: A list, an array, a table or a mapping of columns.
        rows: Positions.

    Returns:
        The same kind of thing.

    Example:
        >>> take_kept(["a", "b", "c"], np.array([0, 2]))
        ['a', 'c']
    """
    if isinstance(values, Mapping):
        return {name: take_kept(column, rows) for name, column in values.items()}
    if hasattr(values, "iloc"):
        return values.iloc[rows]
    if hasattr(values, "shape"):
        return values[rows]
    return [values[row] for row in rows]


def _broken_among(
    examples: Examples, rows: range, errors: list[Exception]
) -> Iterator[Broken]:
    """Read some examples at once, and one by one where that fails."""
    try:
        inputs, _ = examples.read(slice(rows.start, rows.stop))
    except MemoryError:
        raise
    except Exception as error:
        if len(rows) == 1:
            errors.append(error)
            yield Broken(rows.start, _describe(error))
            return
        for row in rows:
            yield from _broken_among(examples, range(row, row + 1), errors)
        return
    yield from (Broken(rows.start + row, NOT_FINITE) for row in _odd(inputs))


def _odd(inputs: Nest) -> list[int]:
    found: list[int] = not_finite(inputs).tolist()
    return found


def _describe(error: Exception) -> str:
    """Say in one line what went wrong, without the error's notes."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words:.120}".rstrip(": ")

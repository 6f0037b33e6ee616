"""The examples' own names: what the index of a study's table holds.

Without any, examples are called by their positions in the data, training examples
first. Where broken ones were left out the others keep the positions that they had.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from depthviz.errors import ArgumentError, ShapeError
from depthviz.measurement.examples.splits import Splits
from depthviz.study.text import check_text

__all__ = ["check_ids", "find_ids", "name_examples"]

WHAT = "ids must be a list of one name an example, strings or whole numbers"


def find_ids(given: Any, splits: Splits) -> list[Any] | None:
    """Find what the examples of a measurement are called.

    Args:
        given: A name for each example that was given, training examples first; None for
            those of the data, if they have any.
        splits: The examples.

    Returns:
        A name for each example that is left; None where positions are their names.

    Raises:
        ArgumentError: If they are no names, or one comes twice.
        ShapeError: If they are not as many as examples.
        StudyError: If one is no UTF-8.
    """
    kept = splits.kept
    if given is not None:
        count = splits.given_count
        names = check_ids(given, count)
        return names if kept is None else [names[row] for row in kept]
    parts = [part.ids for part in splits.parts]
    own = [each for part in parts for each in part or ()]
    if all(part is not None for part in parts) and len(set(own)) == len(own):
        return own
    return None if kept is None else kept.tolist()


def name_examples(dataset: xr.Dataset, ids: list[Any]) -> xr.Dataset:
    """Give the examples of a study's dataset their names.

    Args:
        dataset: Of N examples.
        ids: N names, strings or whole numbers.

    Returns:
        The dataset with them as `example_id`.
    """
    kind: Any = object if isinstance(ids[0], str) else np.int64
    return dataset.assign_coords(example_id=("example", np.array(ids, kind)))


def check_ids(given: Any, count: int) -> list[Any]:
    """Refuse names that do not tell examples apart.

    Args:
        given: A name for each example.
        count: Number of examples, N.

    Returns:
        The names, each a string or a whole number.

    Raises:
        ArgumentError: If they are no names, or one comes twice.
        ShapeError: If they are not N.
        StudyError: If one is no UTF-8.

    Example:
        >>> check_ids(np.array(["a.png", "b.png"]), 2)
        ['a.png', 'b.png']
    """
    listed = given.tolist() if hasattr(given, "tolist") else given
    if not isinstance(listed, Sequence) or isinstance(listed, (str, bytes)):
        raise ArgumentError(f"{WHAT}; got {given!r:.60}.")
    if len(listed) != count:
        raise ShapeError(
            f"ids must have one name for each of the {count:,} examples, training "
            f"examples first; got {len(listed):,}."
        )
    names = [each.item() if isinstance(each, np.generic) else each for each in listed]
    _check_kinds(names)
    check_text("ids", names)
    return names


def _check_kinds(names: list[Any]) -> None:
    texts = isinstance(names[0], str)
    kind = str if texts else int
    for row, name in enumerate(names):
        if not isinstance(name, kind) or isinstance(name, bool) or name == "":
            raise ArgumentError(
                f"{WHAT}, all of one kind and none empty; ids[{row}] is {name!r:.60}."
            )
    first: dict[Any, int] = {}
    for row, name in enumerate(names):
        if name in first:
            raise ArgumentError(
                f"ids must tell examples apart, but {name!r:.60} is that of ids["
                f"{first[name]}] and of ids[{row}]. Give each a name of its own, such "
                "as its path with the folder."
            )
        first[name] = row

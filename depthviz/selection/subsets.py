"""The kept examples of a data set, in whichever form it comes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import DataError, ShapeError

__all__ = ["take"]


def take(dataset: Any, positions: NDArray[np.intp], count: int | None) -> Any:
    """Take some examples of a data set, in the order given.

    Args:
        dataset: A map-style torch dataset, a data set of Hugging Face, or a pair of
            arrays.
        positions: Which, shape `(S,)`.
        count: How many examples it must have; None where that is not known.

    Returns:
        A torch `Subset`, a data set of Hugging Face, or a pair of arrays.

    Raises:
        DataError: If it is none of these.
        ShapeError: If it has another number of examples.
    """
    if _is_pair(dataset):
        inputs, labels = dataset
        _check_length(len(inputs), positions, count)
        _check_length(len(labels), positions, count)
        return _rows(inputs, positions), _rows(labels, positions)
    if not hasattr(dataset, "__getitem__") or not hasattr(dataset, "__len__"):
        raise DataError(
            "A subset is taken of a map-style dataset, of a data set of Hugging Face "
            f"or of (inputs, labels), got {type(dataset).__name__}."
        )
    _check_length(len(dataset), positions, count)
    if callable(getattr(dataset, "select", None)):
        return dataset.select(positions.tolist())
    from torch.utils.data import Subset

    return Subset(dataset, positions.tolist())


def _is_pair(dataset: Any) -> bool:
    return (
        isinstance(dataset, (tuple, list))
        and len(dataset) == 2
        and all(hasattr(each, "shape") for each in dataset)
    )


def _rows(values: Any, positions: NDArray[np.intp]) -> Any:
    if hasattr(values, "iloc"):
        return values.iloc[positions]
    if hasattr(values, "index_select"):
        import torch

        return values[torch.from_numpy(positions).to(values.device)]
    return values[positions]


def _check_length(length: int, positions: NDArray[np.intp], count: int | None) -> None:
    most = int(positions.max()) + 1
    if length == count or (count is None and length >= most):
        return
    wanted = f"{most:,} or more" if count is None else f"{count:,}"
    raise ShapeError(
        f"The data has {length:,} examples, but the selection is among {wanted}; give "
        "the training data that the study was measured on, in the same order."
    )

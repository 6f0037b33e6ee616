"""How often the votes for a column are right, at every probe, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, StudyError
from depthviz.study.container import Study
from depthviz.study.conventions.sensitivity import wilson
from depthviz.study.decoding.classes import MISSING, classes_of
from depthviz.study.decoding.votes import count_votes
from depthviz.study.examples import rows_of

__all__ = ["decodability"]

SIDES = ("trained on", "held out")
COLUMNS = (
    "column",
    "over",
    "probe",
    "accuracy",
    "low",
    "high",
    "chance",
    "balanced_accuracy",
    "values",
    "examples",
    "missing",
)


def decodability(
    study: Study,
    column: str | Sequence[str],
    *,
    examples: Any = None,
    bins: int | None = None,
) -> pd.DataFrame:
    """Tell at which probes a column can be read off the neighbors.

    The k stored neighbors of each example, which are training examples, vote for its
    value, by the study's own rules; no network is needed. Decodable is not used by the
    network: that the neighbors agree in a column says that the layer puts such examples
    near each other, not that a prediction hangs on it. Compare with the input probe,
    where no network has been yet, and with `chance`.

    Args:
        study: What was measured; of an ensemble, its shown member.
        column: Name of a column of `study.frame()`, one added by `study.assign` too;
            or several. Text, truth values and up to 100 whole numbers are classes.
        examples: Which are counted: ids, a mask, or rows of `study.frame()`; by default
            all. Their neighbors are those in the whole study.
        bins: Into how many parts of about as many examples numbers go, which are no
            classes otherwise.

    Returns:
        One row for each column, side and probe: `column`; `over` ("trained on" or "held
        out"); `probe`; `accuracy`, the share of votes equal to the example's value,
        with its 95 % Wilson interval from `low` to `high`; `chance`, the share of the
        commonest value among the same examples; `balanced_accuracy`, the mean over the
        values of the share that is right; the number of different `values` and of
        `examples`; and `missing`, how many more have no value, or no neighbor that has
        one. What holds no example is left out.

    Raises:
        ArgumentError: If there is no such column, or none is named; lists those that
            there are.
        DataError: If examples are not those of the study.
        StudyError: If the values are no classes, or not two of them; if the study has
            no neighbors, or is a part without some of them.

    Example:
        >>> import torch
        >>> from depthviz.measurement import measure
        >>> points = torch.arange(6.0)[:, None]
        >>> data = points, torch.tensor([0, 0, 0, 1, 1, 1])
        >>> net = torch.nn.Linear(1, 2)
        >>> study = measure(net, data, k=1, projection=None, progress=False)
        >>> study = study.assign(even=[True, False] * 3)
        >>> table = decodability(study, ["label", "even"])
        >>> table[table["probe"] == "input"]["accuracy"].round(2).tolist()
        [0.83, 0.0]
    """
    counted = np.ones(len(study), bool)
    if examples is not None:
        counted[:] = False
        counted[rows_of(study.dataset["example_id"].values, examples)] = True
    rows = [row for name in _names(column) for row in _rows(study, name, counted, bins)]
    if not rows:
        raise StudyError("Of none of these examples is a value known.")
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _names(column: Any) -> list[Any]:
    if isinstance(column, str):
        return [column]
    if not isinstance(column, Sequence) or not column:
        raise ArgumentError(
            f"column must be the name of a column, or a list of names, got {column!r}."
        )
    return [name for place, name in enumerate(column) if name not in column[:place]]


def _rows(
    study: Study, name: str, counted: NDArray[np.bool_], bins: int | None
) -> Iterator[dict[str, Any]]:
    classes = classes_of(study, name, bins=bins)
    votes = count_votes(study, name, classes)
    trained = study.dataset["split"].values == 0
    for over, side in zip(SIDES, (trained, ~trained), strict=True):
        here = side & counted
        for probe, vote in zip(study.probes, votes, strict=True):
            known = here & (classes.codes != MISSING) & (vote != MISSING)
            if known.any():
                yield {
                    "column": name,
                    "over": over,
                    "probe": probe,
                    **_rates(vote[known], classes.codes[known]),
                    "values": len(np.unique(classes.codes[classes.codes != MISSING])),
                    "missing": int(here.sum() - known.sum()),
                }


def _rates(vote: NDArray[np.int64], codes: NDArray[np.int64]) -> dict[str, float | int]:
    right = vote == codes
    low, high = wilson(int(right.sum()), len(right))
    count = np.bincount(codes)
    there = count > 0
    of_value = np.bincount(codes, weights=right)[there] / count[there]
    return {
        "accuracy": float(right.mean()),
        "low": low,
        "high": high,
        "chance": float(count.max() / len(codes)),
        "balanced_accuracy": float(of_value.mean()),
        "examples": len(codes),
    }

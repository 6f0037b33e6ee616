"""What charts read of a study: some examples, and what it must have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.checks import one_of
from depthviz.errors import StudyError
from depthviz.study import Study

__all__ = ["Parts", "need", "parts_of", "some_examples"]

BY = (None, "class", "split", "correct", "group")
HOW = {
    "class": ("label", "Measure it with depthviz.measure."),
    "split": ("split", "Measure training and validation examples."),
    "correct": ("correct", "Measure it with depthviz.measure."),
    "group": ("group", "Run depthviz.Ensemble to measure several networks."),
}


class Parts:
    """Examples sorted into named parts.

    Args:
        names: Of the parts, in their order.
        codes: Part of each example, shape `(N,)`, -1 for none.
    """

    def __init__(self, names: list[str], codes: NDArray[np.int64]) -> None:
        self.names = names
        self.codes = codes

    @property
    def counts(self) -> NDArray[np.int64]:
        """Examples of each part, shape `(C,)`."""
        known = self.codes[self.codes >= 0]
        return np.bincount(known, minlength=len(self.names))


def some_examples(study: Study, examples: Any) -> Study:
    """Take the examples that are to be drawn.

    Args:
        study: All of them.
        examples: Their ids, a mask, or rows of `study.frame()`; None for all.

    Returns:
        A study of them.

    Raises:
        StudyError: If none is left.
        DataError: If examples are not those of the study.
    """
    found = study if examples is None else study.subset(examples)
    if not len(found):
        raise StudyError("No example is left to draw: none was chosen.")
    return found


def need(study: Study, what: str, *names: str, how: str) -> None:
    """Refuse a study that lacks what a chart draws.

    Args:
        study: The study.
        what: The chart, as a sentence begins.
        names: Variables that it needs.
        how: What brings them.

    Raises:
        StudyError: If one is missing; names it.
    """
    missing = [name for name in names if name not in study.dataset]
    if missing:
        raise StudyError(
            f"{what} needs {' and '.join(missing)}, which this study lacks. {how}"
        )


def parts_of(study: Study, by: str | None) -> Parts:
    """Sort the examples of a study.

    Args:
        study: The study.
        by: "class" (of the given label), "split", "correct" or "group"; None for one
            part.

    Returns:
        The parts, empty ones too.

    Raises:
        ArgumentError: If by is something else.
        StudyError: If the study lacks it.
    """
    one_of("by", by, BY)
    if by is None:
        return Parts(["all"], np.zeros(len(study), np.int64))
    name, how = HOW[by]
    frame = study.frame()
    if name not in frame:
        raise StudyError(f"This study has no {name}, so it cannot be sorted so. {how}")
    if by == "class":
        return Parts(list(study.classes), frame["label"].to_numpy(np.int64))
    if by == "correct":
        right = frame["correct"].to_numpy(bool)
        return Parts(["right", "wrong"], np.where(right, 0, 1))
    sorted_ = pd.Categorical(frame[name])
    return Parts(
        list(map(str, sorted_.categories)), np.asarray(sorted_.codes, np.int64)
    )

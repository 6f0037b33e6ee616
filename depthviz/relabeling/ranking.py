"""What a study holds about its labels: suspicion, suggestion, and what was planted.

A study of an earlier version has a suspicion of another rule, which suggests no label,
and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import StudyError
from depthviz.study import Study
from depthviz.study.planted import planted_examples
from depthviz.study.rules import EARLIER_RULE, suspicion_rule

__all__ = ["LabelRanking"]

NEEDED = ("label", "suspicion", "suggested_label")


@dataclass(frozen=True)
class LabelRanking:
    """The labels of a study and what speaks against them.

    Attributes:
        used: What the networks trained with, int64, shape `(N,)`.
        given: The same, but for planted labels what they were before.
        suspicion: Float64, shape `(N,)`; NaN where nothing can be said.
        suggested: The best other class, int64, shape `(N,)`, -1 where there is none.
        planted: Which labels were planted, bool, shape `(N,)`.
    """

    used: NDArray[np.int64]
    given: NDArray[np.int64]
    suspicion: NDArray[np.float64]
    suggested: NDArray[np.int64]
    planted: NDArray[np.bool_]

    @classmethod
    def read(cls, study: Study) -> LabelRanking:
        """Read a study; StudyError if its suspicion is of another rule or missing."""
        data = study.dataset
        missing = [name for name in NEEDED if name not in data]
        if suspicion_rule(data) == EARLIER_RULE:
            raise StudyError(
                "The suspicion of this study is of an earlier rule, the margin of the "
                "neighbors, which is on another scale and suggests no label. Measure "
                "again with this version: depthviz.measure, or Ensemble.run in a new "
                "folder."
            )
        if missing:
            raise StudyError(
                f"Relabeling needs {', '.join(NEEDED)} of every example; this study "
                f"lacks {' and '.join(missing)}. Measure it with depthviz.measure, or "
                "run depthviz.Ensemble."
            )
        used = data["label"].values.astype(np.int64)
        planted = planted_examples(data)
        before = data["given_label"].values if planted.any() else used
        return cls(
            used,
            np.where(planted, before, used).astype(np.int64),
            data["suspicion"].values.astype(np.float64),
            data["suggested_label"].values.astype(np.int64),
            planted,
        )

    @property
    def order(self) -> NDArray[np.intp]:
        """Rows of which something is known, planted ones left out, worst first."""
        known = np.flatnonzero(~np.isnan(self.suspicion) & ~self.planted)
        return known[np.argsort(-self.suspicion[known], kind="stable")]

    @property
    def found(self) -> NDArray[np.float64]:
        """Suspicion of the planted labels, where known, descending, shape `(S,)`."""
        values = self.suspicion[self.planted]
        return -np.sort(-values[~np.isnan(values)])

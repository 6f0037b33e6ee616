"""The list of examples that might be kept, and what is told of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from depthviz.study import Study
from depthviz.study.measures.rows import trained_rows
from depthviz.study.members import is_ensemble
from depthviz.study.rows import MEASURED_ROW, count_measured
from depthviz.study.rules import EARLIER_RULE, suspicion_rule

__all__ = ["candidates_of"]


def candidates_of(study: Study) -> tuple[pd.DataFrame, int | None]:
    """List the examples that might be kept.

    Args:
        study: What they are of.

    Returns:
        The table of `Selection.candidates`, and how many the training data have.
    """
    data, frame = study.dataset, study.frame()
    several = is_ensemble(data)
    kept = np.ones(len(study), bool) if several else trained_rows(data)
    table = pd.DataFrame(index=frame.index)
    joined = isinstance(data.attrs.get("measurement"), list)
    if not joined:  # several measurements are of data that are in no one order
        table["position"] = data[MEASURED_ROW].values.astype(np.int64)
    names = frame["label_name"] if "label_name" in frame else frame.get("label")
    if names is not None:
        table["label_name"] = names.astype(str)
    if "group" in frame:
        table["group"] = frame["group"].astype(str).where(frame["group"].notna(), None)
    if "suspicion" in frame and suspicion_rule(data) != EARLIER_RULE:
        table["suspected"] = frame["suspicion"] > 0
    whole = not joined and len(study) == count_measured(data)
    return table[kept], int(kept.sum()) if whole else None

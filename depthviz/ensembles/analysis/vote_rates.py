"""How often the votes of each probe are right, and agree with the network.

Of one network the pairs are its training and its validation examples; of many, the
pairs of a member and an example that it trained on or held out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.ensembles.analysis.group_accuracy import share_of_pairs
from depthviz.errors import StudyError
from depthviz.study import Study

__all__ = ["OVER", "probe_rates"]

OVER = ("trained on", "held out")
MEMBERS = ("in_train", "member_prediction", "member_vote")
ALONE = ("split", "prediction", "vote")


def probe_rates(study: Study, parts: Mapping[str, NDArray[np.bool_]]) -> pd.DataFrame:
    """Tell how often each probe's vote equals the label, and the prediction.

    Standard errors take examples, not pairs, as drawn.

    Args:
        study: Of many networks or of one.
        parts: Examples of each part, shape `(N,)`, by its name.

    Returns:
        A row for each part, side and probe: `part`, `over` ("trained on" or "held
        out"), `probe`, `accuracy` and `agreement` with `accuracy_se` and
        `agreement_se`, and the number of `examples`. NaN where there are none.

    Raises:
        StudyError: If the study has no votes.
    """
    data = study.dataset
    counted = {over: [0, 0, 0] for over in OVER}
    for in_train, prediction, vote in _networks(data):
        right, agrees = vote == data["label"].values, vote == prediction
        for over, here in zip(OVER, (in_train, ~in_train), strict=True):
            sums = counted[over]
            counted[over] = [
                sums[0] + (right & here),
                sums[1] + (agrees & here),
                sums[2] + here.astype(np.int64),
            ]
    return pd.concat(
        [
            _rows(study, name, over, mask, *counted[over])
            for name, mask in parts.items()
            for over in OVER
        ],
        ignore_index=True,
    )


def _networks(data: xr.Dataset) -> Any:
    """Yield who was trained on, prediction and votes of each network."""
    if "label" in data and all(name in data for name in MEMBERS):
        steps = data.get(
            "member_failed", xr.DataArray(np.full(data.sizes["member"], -1))
        )
        for member in np.flatnonzero(steps.values < 0):
            yield tuple(data[name].isel(member=member).values for name in MEMBERS)
        return
    missing = [name for name in ("label", *ALONE) if name not in data]
    if missing:
        raise StudyError(
            f"Accuracy by probe needs {' and '.join(missing)}, which this study lacks. "
            "Measure it with depthviz.measure, or run depthviz.Ensemble."
        )
    yield data["split"].values == 0, data["prediction"].values, data["vote"].values


def _rows(
    study: Study, part: str, over: str, mask: NDArray[np.bool_], *sums: Any
) -> pd.DataFrame:
    probes = len(study.probes)
    if np.ndim(sums[2]) == 0:  # no network is left
        sums = (np.zeros((probes, len(study)), np.int64),) * 2 + (np.zeros(len(study)),)
    right, agrees, pairs = (np.asarray(one, np.int64) for one in sums)
    accuracy = share_of_pairs(right[:, mask], pairs[mask])
    agreement = share_of_pairs(agrees[:, mask], pairs[mask])
    return pd.DataFrame(
        {
            "part": part,
            "over": over,
            "probe": study.probes,
            "accuracy": accuracy.value,
            "accuracy_se": accuracy.error,
            "agreement": agreement.value,
            "agreement_se": agreement.error,
            "examples": int((pairs[mask] > 0).sum()),
        }
    )

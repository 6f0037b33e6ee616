"""Which labels of a study were planted: changed on purpose, before training.

An ensemble marks them in `planted` and keeps in `given_label` what the labels were. A
column of that name that a person added is no planting.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

__all__ = ["planted_examples"]

PLANTED, BEFORE = "planted", "given_label"


def planted_examples(dataset: xr.Dataset) -> NDArray[np.bool_]:
    """Find the examples whose labels were planted.

    Args:
        dataset: A study's dataset.

    Returns:
        True for those, shape `(N,)`; nowhere in a study without planted labels.
    """
    measured = [
        name in dataset and dataset[name].attrs.get("origin") != "user"
        for name in (PLANTED, BEFORE)
    ]
    if not all(measured):
        return np.zeros(dataset.sizes["example"], bool)
    found: NDArray[np.bool_] = dataset[PLANTED].values.astype(bool)
    return found

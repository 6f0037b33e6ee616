"""How far the maps can be trusted, as the browser receives it.

One number a probe goes with the manifest. The numbers of single examples are packed
for the examples that have one, which in a large study is a sample: their positions, and
one byte each at every probe.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

__all__ = ["describe_trust", "pack_trust"]

_NAMES = ("trustworthiness", "continuity")
_STEPS, _MISSING = 254, 255


def describe_trust(data: xr.Dataset) -> dict[str, Any]:
    """Describe each map by two numbers.

    Args:
        data: The dataset of a study.

    Returns:
        `trustworthiness` and `continuity`, one number or None a probe, and of what
        neighborhoods (`trust_k`) and how many examples (`trust_sample`); nothing
        where the study has none.
    """
    if any(name not in data for name in _NAMES):
        return {}
    about = data[_NAMES[0]].attrs
    return {
        **{name: [_number(value) for value in data[name].values] for name in _NAMES},
        "trust_k": int(about.get("k", 0)) or None,
        "trust_sample": int(about.get("sample", 0)) or None,
    }


def pack_trust(data: xr.Dataset) -> dict[str, bytes]:
    """Pack the numbers of single examples.

    Args:
        data: The dataset of a study.

    Returns:
        `trust/examples`: positions of the S examples that have any, uint32; and
        `trust/trustworthiness`, `trust/continuity`: shape `(P, S)`, uint8, in 254
        steps from 0 to 1, 255 where one is missing. Nothing where there are none.
    """
    if any(f"point_{name}" not in data for name in _NAMES):
        return {}
    points = [data[f"point_{name}"].values.astype(np.float32) for name in _NAMES]
    known = np.isfinite(points).any(axis=(0, 1))
    chunks = {"trust/examples": np.flatnonzero(known).astype("<u4").tobytes()}
    for name, values in zip(_NAMES, points, strict=True):
        shares = values[:, known].clip(0, 1)
        steps = np.where(np.isfinite(shares), np.rint(shares * _STEPS), _MISSING)
        chunks[f"trust/{name}"] = steps.astype(np.uint8).tobytes()
    return chunks


def _number(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None

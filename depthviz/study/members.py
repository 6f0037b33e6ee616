"""Members whose training diverged, in words.

`member_failed` holds a step for each member of an ensemble: -1 where its training went
well, 0 where nobody knows the step, because a loop of the user's own recorded nothing.
"""

from __future__ import annotations

import xarray as xr

__all__ = ["count_failed", "when_failed"]

_MEMBERS = "member_failed"


def count_failed(dataset: xr.Dataset) -> int:
    """Count the members that failed.

    Args:
        dataset: A study's dataset.

    Returns:
        Their number; 0 for a study of one network.
    """
    return int((dataset[_MEMBERS] >= 0).sum()) if _MEMBERS in dataset else 0


def when_failed(step: int) -> str:
    """Say when a member failed.

    Args:
        step: The step, from 1, or 0 where none is known.

    Returns:
        Words that follow its number.

    Example:
        >>> when_failed(7), when_failed(0)
        ('at step 7', 'after training')
    """
    return f"at step {step}" if step > 0 else "after training"

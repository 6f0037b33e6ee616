"""What a person gives to be seen of the examples, read and checked.

Checked before anything is measured: nobody should wait an hour for a list that is one
too short.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from depthviz.errors import ArgumentError, ShapeError
from depthviz.study.text import check_text

__all__ = ["check_preview"]

EXPECTED = "preview must be 'auto', None, or a list of one text an example"


def check_preview(preview: Any, count: int) -> None:
    """Refuse what cannot be seen of the examples.

    Args:
        preview: "auto", None, or N texts, training examples first.
        count: Number of examples, N.

    Raises:
        ArgumentError: If it is none of these.
        ShapeError: If it is not of N examples.
        StudyError: If a text is not UTF-8.
    """
    if preview is None or (isinstance(preview, str) and preview == "auto"):
        return
    if not isinstance(preview, Sequence | np.ndarray | pd.Series) or isinstance(
        preview, str | bytes
    ):
        raise ArgumentError(f"{EXPECTED}; got {preview!r:.60}.")
    if len(preview) != count:
        raise ShapeError(
            f"preview must have one text for each of the {count:,} examples, training "
            f"examples first; got {len(preview):,}."
        )
    odd = [value for value in preview if not isinstance(value, str | None)]
    if odd:
        raise ArgumentError(f"{EXPECTED}; one is a {type(odd[0]).__name__}.")
    check_text("preview", list(preview))

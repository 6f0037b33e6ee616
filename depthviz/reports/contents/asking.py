"""What a report was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from depthviz.annotations import Annotations

__all__ = ["Ask"]


class Ask(NamedTuple):
    """What a report was asked for.

    Attributes:
        title: In place of the finding.
        introduction: The author's paragraph.
        notes: The author's sections.
        sections: Which, in their order; None for all.
        annotations: An open store.
        no_drawings: Why no chart can be drawn, in a sentence; empty where they can.
    """

    title: str | None = None
    introduction: str | None = None
    notes: Mapping[str, Sequence[str | pd.DataFrame]] = {}
    sections: Sequence[str] | None = None
    annotations: Annotations | None = None
    no_drawings: str = ""

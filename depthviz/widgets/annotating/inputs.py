"""Fingerprints of what a person looks at: the picture or the text that a study keeps.

Two studies of the same examples may disagree about them where one was given other
pictures. Found when they are asked for, once each.
"""

from __future__ import annotations

from typing import Any

import xarray as xr

from depthviz.annotations.fingerprints import fingerprint

__all__ = ["InputFingerprints"]

_VARIABLES = ("image", "text")


class InputFingerprints:
    """The fingerprint of each example's stored picture or text, by its id as text.

    Args:
        dataset: A study's dataset.
    """

    def __init__(self, dataset: xr.Dataset) -> None:
        self._inputs = next(
            (dataset[name] for name in _VARIABLES if name in dataset.variables), None
        )
        ids = dataset["example_id"].values
        self._rows = {str(each): row for row, each in enumerate(ids.tolist())}
        self._found: dict[str, str] = {}

    def of(self, example: str) -> str:
        """Find the fingerprint of an example; empty where nothing of it is kept."""
        if example not in self._found:
            row = self._rows.get(example)
            self._found[example] = "" if row is None else self._make(row)
        return self._found[example]

    def _make(self, row: int) -> str:
        if self._inputs is None:
            return ""
        value: Any = self._inputs[row].values
        return fingerprint(value if value.ndim else value.item())

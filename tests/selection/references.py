"""Selections that the authors' own codes made, with the tolerance of their numbers."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent / "fixtures"


@cache
def reference(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def given(key: str, name: str = "selection") -> np.ndarray:
    return np.array(reference(name)["inputs"][key])


def expected(key: str, name: str = "selection") -> Any:
    return reference(name)["outputs"][key]


def close(found: Any, wanted: Any, name: str = "selection") -> None:
    np.testing.assert_allclose(found, wanted, **reference(name)["tolerance"])

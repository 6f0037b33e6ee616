"""Numbers that the authors' own codes gave, with the tolerance that they are met in."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

FOLDER = Path(__file__).parent / "fixtures"


@cache
def reference(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def given(name: str, key: str) -> torch.Tensor:
    """Return an input, in float64 where it is no whole number."""
    values = np.array(reference(name)["inputs"][key])
    return torch.from_numpy(values)


def check(name: str, key: str, found: torch.Tensor) -> None:
    known = reference(name)
    np.testing.assert_allclose(
        found.detach().numpy(), known["outputs"][key], **known["tolerance"]
    )

"""The page finds groups by Python's rules: both are held to one file of cases."""

import json
from typing import Any

import pytest
import torch

from depthviz.difficulty import difficulty_groups
from tests.paths import ROOT

CASES = ROOT / "js" / "tests" / "store" / "groups.json"


@pytest.mark.parametrize("study", json.loads(CASES.read_text()))
def test_python_says_what_the_page_is_tested_against(study: dict[str, Any]) -> None:
    train, validation = (
        torch.tensor([torch.nan if depth is None else depth for depth in study[name]])
        for name in ("train_depth", "validation_depth")
    )
    for case in study["cases"]:
        boundaries, q = case["boundaries"], case["q"]
        given = {"boundaries": boundaries} if q is None else {"q": q}
        groups = difficulty_groups(train, validation, **given)
        assert list(groups.boundaries) == boundaries
        assert groups.codes.tolist() == case["codes"]

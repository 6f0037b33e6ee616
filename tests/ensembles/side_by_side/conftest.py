"""Threads for three members at a time, on any machine."""

import pytest
import torch

from depthviz.ensembles.run import side_by_side


@pytest.fixture(autouse=True)
def three_cores(monkeypatch):
    """Threads for three, on any machine."""
    monkeypatch.setattr(side_by_side, "_cores", lambda: 3)
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    assert torch.get_num_threads() == 3
    torch.set_num_threads(before)

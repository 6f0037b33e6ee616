"""Small tables of features, and a limit that cuts them into many shards."""

import torch
from torch import Tensor

SMALL = 1  # a memory limit that cuts some hundred rows into many shards


def rows(count: int, features: int, *, seed: int = 0) -> Tensor:
    return torch.randn(count, features, generator=torch.Generator().manual_seed(seed))


def tied(count: int, features: int) -> Tensor:
    """Whole numbers with duplicates all over: ties within and across shards."""
    base = rows(count, features).round()
    return base[torch.arange(count) % (count // 3)]

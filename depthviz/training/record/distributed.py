"""The rank of this process among those that train together (torch.distributed)."""

from __future__ import annotations

import torch

__all__ = ["rank", "world_size"]


def rank() -> int:
    """Return the rank of this process; 0 where it trains alone."""
    return torch.distributed.get_rank() if _initialized() else 0


def world_size() -> int:
    """Return the number of processes that train together; 1 for one alone."""
    return torch.distributed.get_world_size() if _initialized() else 1


def _initialized() -> bool:
    return torch.distributed.is_available() and torch.distributed.is_initialized()

"""Memory that is used again for one tile after the other."""

import math

import torch
from torch import Tensor

__all__ = ["Buffers"]


class Buffers:
    """Memory for tiles that is used again, since new memory is slow at first touch."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._held: dict[str, Tensor] = {}

    def get(
        self, role: str, shape: tuple[int, int], dtype: torch.dtype, like: Tensor
    ) -> Tensor:
        """Hand out the memory of a role, as large as the largest shape so far."""
        size = math.prod(shape)
        held = self._held.get(role)
        if held is None or held.numel() < size or held.dtype != dtype:
            held = self._held[role] = like.new_empty(size, dtype=dtype)
        return held[:size].view(shape)

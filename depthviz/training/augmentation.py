"""Pictures changed at random while a network trains, a whole batch at a time.

What is drawn comes from a generator that is handed in, never from the global one, so
that the order in which networks are trained changes nothing. Both keep the shape of a
batch. Depth is always measured on the pictures themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import torch
from torch import Tensor

from depthviz.datasets.nested import Nest, describe_nest
from depthviz.errors import ShapeError

__all__ = ["AUGMENTATIONS", "crop", "flip"]


def flip(inputs: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror half of the pictures, left to right.

    Args:
        inputs: Pictures `(B, C, H, W)`.
        generator: On the CPU; what is drawn comes from it.

    Returns:
        Pictures of the same shape.

    Raises:
        ShapeError: If the inputs are no pictures.

    Example:
        >>> pictures = torch.arange(2.0).repeat(64, 1, 1, 1)
        >>> flipped = flip(pictures, torch.Generator().manual_seed(0))
        >>> 0 < int(flipped[:, 0, 0, 0].sum()) < 64
        True
    """
    _check_pictures("flip", inputs)
    drawn = torch.rand(len(inputs), generator=generator, dtype=torch.float32) < 0.5
    mirrored = drawn.to(inputs.device).view(-1, *[1] * (inputs.ndim - 1))
    return torch.where(mirrored, inputs.flip(-1), inputs)


def crop(inputs: Tensor, generator: torch.Generator) -> Tensor:
    """Shift each picture by up to an eighth of its side, over a margin of zeros.

    Args:
        inputs: Pictures `(B, C, H, W)`.
        generator: On the CPU; what is drawn comes from it.

    Returns:
        Pictures of the same shape.

    Raises:
        ShapeError: If the inputs are no pictures.

    Example:
        >>> crop(torch.ones(2, 1, 8, 8), torch.Generator().manual_seed(0)).shape
        torch.Size([2, 1, 8, 8])
    """
    _check_pictures("crop", inputs)
    count, _, height, width = inputs.shape
    margins = max(1, height // 8), max(1, width // 8)
    padded = torch.nn.functional.pad(
        inputs, (margins[1], margins[1], margins[0], margins[0])
    )
    rows, columns = (
        _window(count, size, margin, generator).to(inputs.device)
        for size, margin in zip((height, width), margins, strict=True)
    )
    each = torch.arange(count, device=inputs.device)[:, None, None]
    moved = padded.movedim(1, -1)[each, rows[:, :, None], columns[:, None, :]]
    return moved.movedim(-1, 1).contiguous()


def _check_pictures(name: str, inputs: Nest) -> None:
    if not isinstance(inputs, Tensor) or inputs.ndim != 4:
        raise ShapeError(
            f"The augmentation {name!r} is for pictures (B, C, H, W), got inputs "
            f"{describe_nest(inputs)}; leave it out of the recipe."
        )


def _window(count: int, size: int, margin: int, generator: torch.Generator) -> Tensor:
    start = torch.randint(0, 2 * margin + 1, (count, 1), generator=generator)
    return start + torch.arange(size)


AUGMENTATIONS: Mapping[str, Callable[[Tensor, torch.Generator], Tensor]] = (
    MappingProxyType({"flip": flip, "crop": crop})
)

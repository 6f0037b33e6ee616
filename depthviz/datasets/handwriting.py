"""Small pictures of writing, drawn anew: larger, and no two in the same place.

The digits of 8 by 8 pixels all stand upright and fill their frame, so that comparing
pixels already tells them apart, and enlarged they are a blur. Here each is enlarged
smoothly, turned, slanted, resized and moved by chance, and the strokes get an edge.
Knows nothing of labels.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import affine_grid, grid_sample, interpolate, pad

__all__ = ["draw_anew"]

_TURN, _SLANT = 15.0, 0.2  # degrees, and a share of the height; both ways
_SIZE, _NARROWER = (0.7, 0.92), 0.85  # shares of the frame, and of the height
_FAINT, _FULL = 0.15, 0.75  # ink that becomes none, and all
_FINER = 4  # pixels in place of one before anything moves


def draw_anew(
    pictures: NDArray[np.float32], *, side: int, seed: int = 0
) -> NDArray[np.float32]:
    """Draw pictures of writing larger, each turned, slanted, resized and moved.

    Args:
        pictures: Light on dark, in [0, 1], shape `(N, 1, H, W)`.
        side: Pixels of a side of what is drawn.
        seed: Decides how each one is moved.

    Returns:
        The pictures drawn anew, in [0, 1], shape `(N, 1, side, side)`.

    Example:
        >>> draw_anew(np.ones((2, 1, 8, 8), np.float32), side=32).shape
        (2, 1, 32, 32)
    """
    framed = pad(torch.from_numpy(pictures), (1, 1, 1, 1))  # so that edges fade out
    larger = framed.shape[-1] / pictures.shape[-1]
    fine = interpolate(framed, scale_factor=_FINER, mode="bicubic")
    moves = torch.from_numpy(_draw_moves(len(pictures), np.random.default_rng(seed)))
    grid = affine_grid(moves, [len(pictures), 1, side, side], align_corners=False)
    drawn = grid_sample(fine, grid / larger, align_corners=False)
    ink = ((drawn - _FAINT) / (_FULL - _FAINT)).clamp(0, 1)
    found: NDArray[np.float32] = (ink * ink * (3 - 2 * ink)).numpy()
    return found


def _draw_moves(count: int, generator: np.random.Generator) -> NDArray[np.float32]:
    """Choose where each point of a picture comes from, shape `(count, 2, 3)`."""
    turn = np.deg2rad(generator.uniform(-_TURN, _TURN, count))
    high = generator.uniform(*_SIZE, count)
    wide = high * generator.uniform(_NARROWER, 1 / _NARROWER, count)
    slant = generator.uniform(-_SLANT, _SLANT, count)
    to = generator.uniform(-1, 1, (count, 2)) * (1 - high)[:, None]
    cos, sin, zero = np.cos(turn), np.sin(turn), np.zeros(count)
    turned = np.array([[cos, -sin], [sin, cos]])
    resized = np.array([[1 / wide, slant], [zero, 1 / high]])
    mixed = np.einsum("ijn,jkn->nik", resized, turned)
    from_ = -np.einsum("nij,nj->ni", mixed, to)
    return np.concatenate([mixed, from_[:, :, None]], axis=2).astype(np.float32)

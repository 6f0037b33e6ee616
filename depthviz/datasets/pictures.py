"""Inputs of a network, made fit for the eye.

A network's input is a picture only by convention: grey, RGB or RGBA, channels first or
last, bytes or floats, often normalised. One affine map turns the whole data set into
bytes, never one map per image: stretching each image to its own range would make a dark
photograph look like a bright one, and the person judges difficulty by what they see.

Normalised pictures are mapped from the range they happen to cover, not by the mean and
deviation they were normalised with, which nobody told us; colors can therefore be a
little off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["picture_range", "to_images"]

CHANNELS = (1, 3, 4)


def to_images(
    inputs: Tensor | NDArray[np.generic],
    *,
    value_range: tuple[float, float] | None = None,
) -> NDArray[np.uint8] | None:
    """Turn a batch of inputs into RGB pictures.

    Args:
        inputs: Grey `(B, H, W)`, or 1, 3 or 4 channels first or last.
        value_range: Values shown as black and as white; `picture_range` of the batch
            when absent.

    Returns:
        Pictures `(B, H, W, 3)`, uint8, alpha composited on white; None where the inputs
        are no pictures.

    Example:
        >>> to_images(np.array([[[0.0, 0.5, 1.0]]]))[0, 0].tolist()
        [[0, 0, 0], [128, 128, 128], [255, 255, 255]]
    """
    pixels = _channels_last(_to_numpy(inputs))
    if pixels is None:
        return None
    black, white = value_range or picture_range(inputs)
    unit = (pixels.astype(np.float32) - black) / ((white - black) or 1.0)
    unit = np.nan_to_num(unit).clip(0, 1)
    return (_to_rgb(unit) * 255).round().astype(np.uint8)


def picture_range(inputs: Tensor | NDArray[np.generic]) -> tuple[float, float]:
    """Find which values are black and white.

    Args:
        inputs: Any inputs, shape `(B, ...)`.

    Returns:
        (0, 255) for bytes, (0, 1) for floats within it, else the least and the greatest
        finite value.
    """
    values = _to_numpy(inputs)
    if values.dtype == np.uint8:
        return 0.0, 255.0
    finite = values[np.isfinite(values)].astype(np.float32)
    if not finite.size or (finite.min() >= 0 and finite.max() <= 1):
        return 0.0, 1.0
    return float(finite.min()), float(finite.max())


def _to_numpy(inputs: Tensor | NDArray[np.generic]) -> NDArray[np.generic]:
    if isinstance(inputs, Tensor):
        values: NDArray[np.generic] = inputs.detach().cpu().float().numpy()
        return values.astype(np.uint8) if str(inputs.dtype) == "torch.uint8" else values
    return np.asarray(inputs)


def _channels_last(values: NDArray[np.generic]) -> NDArray[np.generic] | None:
    if values.ndim == 3:
        return values[..., None]
    if values.ndim != 4:
        return None
    if values.shape[1] in CHANNELS:
        return values.transpose(0, 2, 3, 1)
    return values if values.shape[-1] in CHANNELS else None


def _to_rgb(unit: NDArray[np.float32]) -> NDArray[np.float32]:
    if unit.shape[-1] == 1:
        return np.repeat(unit, 3, axis=-1)
    if unit.shape[-1] == 3:
        return unit
    color, alpha = unit[..., :3], unit[..., 3:]
    return color * alpha + (1 - alpha)

"""Inputs of a network, made fit for the eye.

A network's input is a picture only by convention: grey, RGB or RGBA, channels first or
last, bytes or floats, often normalised. One affine map turns the whole data set into
bytes, never one map per image: stretching each image to its own range would make a dark
photograph look like a bright one, and the person judges difficulty by what they see.

Normalised pictures are mapped from the range they happen to cover, not by the mean and
deviation they were normalised with, which is not known here; colors can therefore be a
little off. A study takes the range of its first 1,024 examples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.channels import channels_come_first, channels_come_last

__all__ = ["picture_range", "to_images"]


def to_images(
    inputs: Tensor | NDArray[np.generic],
    *,
    value_range: tuple[float, float] | None = None,
) -> NDArray[np.uint8] | None:
    """Turn a batch of inputs into RGB pictures.

    Args:
        inputs: Grey `(B, H, W)`, or 1, 3 or 4 channels first or last; last in floats
            only from 8 pixels a side on.
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


def picture_range(*batches: Tensor | NDArray[np.generic]) -> tuple[float, float]:
    """Find which values are black and white.

    Args:
        *batches: Inputs of one type, each of shape `(B, ...)`.

    Returns:
        (0, 255) for bytes, (0, 1) for floats within it, else the least and the greatest
        finite value of all batches.

    Example:
        >>> picture_range(np.array([[-2.0, 0.5]]), np.array([[3.0, np.nan]]))
        (-2.0, 3.0)
    """
    if _in_bytes(batches[0]):
        return 0.0, 255.0
    ends = np.concatenate([_ends(_to_numpy(batch)) for batch in batches])
    if not ends.size or (ends.min() >= 0 and ends.max() <= 1):
        return 0.0, 1.0
    return float(ends.min()), float(ends.max())


def _in_bytes(inputs: Tensor | NDArray[np.generic]) -> bool:
    return str(inputs.dtype).removeprefix("torch.") == "uint8"


def _ends(values: NDArray[np.generic]) -> NDArray[np.float32]:
    finite = values[np.isfinite(values)].astype(np.float32)
    return np.array([finite.min(), finite.max()] if finite.size else [], np.float32)


def _to_numpy(inputs: Tensor | NDArray[np.generic]) -> NDArray[np.generic]:
    if isinstance(inputs, Tensor):
        values: NDArray[np.generic] = inputs.detach().cpu().float().numpy()
        return values.astype(np.uint8) if _in_bytes(inputs) else values
    return np.asarray(inputs)


def _channels_last(values: NDArray[np.generic]) -> NDArray[np.generic] | None:
    if values.ndim == 3:
        return values[..., None]
    if channels_come_first(values.shape):
        return values.transpose(0, 2, 3, 1)
    last = channels_come_last(values.shape, in_bytes=_in_bytes(values))
    return values if last else None


def _to_rgb(unit: NDArray[np.float32]) -> NDArray[np.float32]:
    if unit.shape[-1] == 1:
        return np.repeat(unit, 3, axis=-1)
    if unit.shape[-1] == 3:
        return unit
    color, alpha = unit[..., :3], unit[..., 3:]
    return color * alpha + (1 - alpha)

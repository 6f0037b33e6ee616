"""An example's picture as Pillow reads it."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["to_picture"]


def to_picture(image: NDArray[np.uint8]) -> Image.Image:
    """Make a picture in color of an image, shape `(H, W, 3)`, or grey `(H, W, 1)`."""
    channels = np.broadcast_to(image, (*image.shape[:2], 3))
    return Image.fromarray(np.ascontiguousarray(channels))

"""Where the channels stand in an array of pictures.

Its shape shows it, and not always: `(N, 16, 4, 4)` may be small pictures with alpha,
or the feature maps of a network. Bytes are pictures. Floats are taken for pictures with
the channels last only from 8 pixels a side on; what is smaller stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["channels_come_first", "channels_come_last"]

CHANNELS = (1, 3, 4)
SMALLEST_SIDE = 8


def channels_come_first(shape: Sequence[int]) -> bool:
    """Tell whether an array may be pictures `(N, C, H, W)`.

    Args:
        shape: Shape of the array.

    Returns:
        True where its second dimension counts the channels of a picture.
    """
    return len(shape) == 4 and shape[1] in CHANNELS


def channels_come_last(shape: Sequence[int], *, in_bytes: bool) -> bool:
    """Tell whether an array is pictures `(N, H, W, C)`.

    Args:
        shape: Shape of the array.
        in_bytes: Whether its values are uint8.

    Returns:
        True where its last dimension alone can be the channels.

    Example:
        >>> channels_come_last((5, 32, 32, 3), in_bytes=False)
        True
        >>> channels_come_last((5, 16, 4, 4), in_bytes=False)
        False
    """
    if len(shape) != 4 or shape[-1] not in CHANNELS or channels_come_first(shape):
        return False
    return in_bytes or min(shape[1:3]) >= SMALLEST_SIDE

"""The sound of an example as a WAV file of 16 bit, which every browser plays."""

import struct
from typing import Any, NamedTuple

import xarray as xr

from depthviz.study.previews.sounds import LENGTH, RATE, SOUND

__all__ = ["SOUND_FAMILY", "Sounds"]

SOUND_FAMILY = "sound"


class Sounds(NamedTuple):
    """Makes the file of an example.

    Attributes:
        data: A study's dataset with sounds.
    """

    data: xr.Dataset

    def one(self, number: int) -> bytes:
        """Make one file; one of no samples where there is no sound."""
        rate, length = (self._whole(name, number) for name in (RATE, LENGTH))
        samples = self.data[SOUND].isel(example=number).values[:length]
        body = samples.astype("<i2").tobytes()
        format_ = struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)
        return b"".join(
            [
                b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVE",
                b"fmt " + struct.pack("<I", len(format_)) + format_,
                b"data" + struct.pack("<I", len(body)) + body,
            ]
        )

    def _whole(self, name: str, number: int) -> int:
        value: Any = self.data[name].values[number]
        return int(value)

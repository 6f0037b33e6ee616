"""The sound of each example: mono, 16 bit, at its own rate, and a picture of its wave.

Kept as one array as wide as the longest sound, which is 10 seconds at most, and less
where the whole would exceed half a gibibyte; columns say how long each is and was.
"""

from __future__ import annotations

import os
import wave
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, DataError

__all__ = [
    "LENGTH",
    "RATE",
    "SOUND",
    "are_sounds",
    "check_sounds",
    "has_sounds",
    "sound_variables",
]

SOUND, RATE, LENGTH = "sound", "sound_rate", "sound_length"
LONGEST_SECONDS = 10
FASTEST = 2**31 - 1  # samples a second that the head of a WAV file can hold
MOST_BYTES = 2**29
FULL = 32_767
PICTURE = (48, 96)  # height and width of a wave
GROUND, INK = 245, 40
KINDS = {1: "u1", 2: "<i2", 3: "<i2", 4: "<i4"}  # by bytes a sample
EXPECTED = "a sound is (samples, rate), or the path of a WAV file"


def are_sounds(preview: Sequence[Any]) -> bool:
    """Whether a list is one of sounds, by its first: a pair, or the path of a WAV."""
    first = preview[0] if len(preview) else None
    path = isinstance(first, str | os.PathLike)
    named = path and str(first).lower().endswith(".wav")
    return named or isinstance(first, os.PathLike | tuple)


def has_sounds(data: xr.Dataset) -> bool:
    """Whether a study keeps sounds."""
    return {SOUND, RATE, LENGTH} <= set(data)


def check_sounds(sounds: Sequence[Any]) -> None:
    """Refuse what is no sound, and keep nothing.

    Args:
        sounds: As for `sound_variables`.

    Raises:
        ArgumentError: If one is no sound.
        DataError: If a file cannot be read.
    """
    for number, sound in enumerate(sounds):
        _read(number, sound)


def sound_variables(sounds: Sequence[Any]) -> dict[str, Any]:
    """Read sounds into the variables of a study.

    Args:
        sounds: One an example: `(samples, rate)`, samples of shape `(T,)`, or with
            channels first or last, in [-1, 1] or whole numbers; or the path of a WAV
            file.

    Returns:
        `sound`, shape (N, T), int16; its rate and its whole length in samples, shape
        (N,); and pictures of the waves.

    Raises:
        ArgumentError: If one is no sound.
        DataError: If a file cannot be read.
    """
    read = [_read(number, sound) for number, sound in enumerate(sounds)]
    most = MOST_BYTES // 2 // max(1, len(read))
    kept = [samples[: min(most, LONGEST_SECONDS * rate)] for samples, rate in read]
    width = max(1, *(len(samples) for samples in kept))
    waves = np.zeros((len(kept), width), np.int16)
    for row, samples in zip(waves, kept, strict=True):
        row[: len(samples)] = samples
    lengths = np.array([len(samples) for samples, _ in read], np.int64)
    loudest = max(1, *(int(np.abs(row.astype(int)).max()) for row in waves))
    pictures = np.stack([_draw(samples, loudest) for samples in kept])
    example = ("example",)
    facts = {"black_and_white": [], "source_size": list(PICTURE)}
    image = (*example, "image_height", "image_width", "image_channel")
    return {
        SOUND: ((*example, "sound_sample"), waves),
        RATE: (example, np.array([rate for _, rate in read], np.int64)),
        LENGTH: (example, lengths),
        "image": (image, pictures, facts),
    }


def _read(number: int, sound: Any) -> tuple[NDArray[np.int16], int]:
    if isinstance(sound, str | os.PathLike):
        return _read_file(Path(sound))
    pair = isinstance(sound, tuple) and len(sound) == 2
    if not pair or not _is_rate(sound[1]):
        raise ArgumentError(f"{EXPECTED}; example {number} has {sound!r:.60}.")
    samples = _samples(sound[0])
    if samples.ndim not in (1, 2) or samples.dtype.kind not in "iuf":
        raise ArgumentError(
            f"{EXPECTED}; the samples of example {number} have shape {samples.shape} "
            f"and type {samples.dtype}."
        )
    shorter = int(np.argmin(samples.shape))  # that of the channels
    return _to_mono(samples, channels=shorter), int(sound[1])


def _is_rate(rate: Any) -> bool:
    """Whether a number is whole and a WAV file can hold it."""
    number = isinstance(rate, int | float | np.integer | np.floating)
    return number and 0 < rate <= FASTEST and float(rate).is_integer()


def _samples(given: Any) -> NDArray[Any]:
    """Read samples; rows of different lengths are an array of objects."""
    values = given.detach().cpu() if hasattr(given, "detach") else given
    try:
        return np.asarray(values)
    except ValueError:
        return np.asarray(values, object)


def _read_file(path: Path) -> tuple[NDArray[np.int16], int]:
    try:
        with wave.open(str(path), "rb") as file:
            channels, size, rate, count = file.getparams()[:4]
            data = file.readframes(count)
    except (OSError, EOFError, wave.Error) as error:
        why = "it is empty, or ends too early" if isinstance(error, EOFError) else error
        raise DataError(f"The sound {path} cannot be read: {why}.") from error
    if size not in KINDS or not _is_rate(rate):
        raise DataError(
            f"The sound {path} cannot be read: it has {8 * size} bits a sample and "
            f"{rate:,} samples a second. Write it as a WAV file of 16 bit."
        )
    whole = len(data) - len(data) % (size * channels)  # a file may be cut off
    bits = np.frombuffer(data[:whole], np.uint8)
    if size == 3:  # the upper two bytes of each
        bits = bits.reshape(-1, 3)[:, 1:].ravel()
    samples = bits.view(KINDS[size]).reshape(-1, channels)
    return _to_mono(samples, channels=1), rate


def _to_mono(samples: NDArray[Any], *, channels: int) -> NDArray[np.int16]:
    """Make one channel of 16 bit; `channels` is their axis, where there are two."""
    if samples.dtype.kind == "f":
        scaled = np.nan_to_num(samples.astype(np.float64)) * FULL
    else:
        # Numbers of 64 bit are those of a plain list: no sound has so fine steps.
        bits = 16 if samples.dtype.itemsize == 8 else 8 * samples.dtype.itemsize
        middle = 2.0 ** (bits - 1) if samples.dtype.kind == "u" else 0.0
        scaled = (samples - middle) * 2.0 ** (16 - bits)
    if not scaled.size:
        return np.zeros(0, np.int16)
    if scaled.ndim == 2:
        scaled = scaled.mean(axis=channels)
    return np.clip(np.rint(scaled), -FULL, FULL).astype(np.int16)


def _draw(samples: NDArray[np.int16], loudest: int) -> NDArray[np.uint8]:
    """Draw the wave, one column of pixels between the ends of each stretch of it."""
    height, width = PICTURE
    picture = np.full((height, width, 3), GROUND, np.uint8)
    middle = height // 2
    picture[middle] = INK
    edges = np.linspace(0, len(samples), width + 1).astype(int)
    for column, (start, end) in enumerate(pairwise(edges if len(samples) else [])):
        part = samples[start : max(end, start + 1)] / loudest
        top = middle - round(float(part.max()) * (middle - 1))
        low = middle - round(float(part.min()) * (middle - 1))
        picture[min(top, middle) : max(low, middle) + 1, column] = INK
    return picture

"""Sounds of any kind become mono ones of 16 bit, at their own rate."""

import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from depthviz.errors import ArgumentError, DataError, ShapeError
from depthviz.study import open_study
from depthviz.study.previews.sounds import LONGEST_SECONDS, sound_variables
from tests.studies import vector_study

TONE = np.sin(np.arange(800) / 5)


def written(path: Path, size: int, channels: int = 1) -> Path:
    """Write a WAV file of 8, 16, 24 or 32 bit."""
    middle = 128 if size == 1 else 0
    whole = np.rint(TONE * (2 ** (8 * size - 1) - 1)).astype(np.int64) + middle
    data = whole.repeat(channels).astype("<i8").view(np.uint8).reshape(-1, 8)[:, :size]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(size)
        file.setframerate(22_050)
        file.writeframes(data.tobytes())
    return path


def first(*sounds: Any) -> tuple[np.ndarray, int]:
    found = sound_variables(list(sounds))
    return found["sound"][1][0], int(found["sound_rate"][1][0])


@pytest.mark.parametrize(
    "samples",
    [
        TONE,
        TONE.astype(np.float32),
        np.rint(TONE * 32_767).astype(np.int16),
        np.rint(TONE * (2**31 - 1)).astype(np.int32),
        np.stack([TONE, TONE]),
        np.stack([TONE, TONE], axis=1),
        torch.from_numpy(TONE),
    ],
)
def test_samples_of_any_holder_are_the_same_sound(samples: Any) -> None:
    found, rate = first((samples, 16_000))
    np.testing.assert_allclose(found, TONE * 32_767, atol=2)
    assert (found.dtype, rate) == (np.int16, 16_000)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_files_of_any_depth_are_read(tmp_path: Path, size: int, channels: int) -> None:
    found, rate = first(written(tmp_path / "a.wav", size, channels))
    np.testing.assert_allclose(found, TONE * 32_767, atol=385 if size == 1 else 2)
    assert rate == 22_050


def test_long_ones_are_cut_and_their_whole_length_is_kept() -> None:
    found = sound_variables([(np.zeros(12 * 100), 100), (np.zeros(0), 8_000)])
    assert found["sound"][1].shape == (2, LONGEST_SECONDS * 100)
    assert found["sound_length"][1].tolist() == [1_200, 0]
    assert found["image"][1].shape == (2, 48, 96, 3)


def test_values_beyond_the_range_and_no_numbers_are_no_noise() -> None:
    found, _ = first((np.array([2.0, -2.0, np.nan, 0.5]), 8))
    assert found.tolist() == [32_767, -32_767, 0, 16_384]


def test_sounds_stay_with_their_examples_through_saving_and_parts(
    tmp_path: Path,
) -> None:
    sounds = [(np.full(row + 1, 0.5), 8_000 + row) for row in range(12)]
    study = vector_study().with_preview(sounds)
    again = open_study(study.save(tmp_path / "study")).subset([7, 2])
    assert again.frame()["sound_rate"].tolist() == [8_007, 8_002]
    assert again.frame()["sound_length"].tolist() == [8, 3]
    assert (again.dataset["sound"].values != 0).sum(axis=1).tolist() == [8, 3]


@pytest.mark.parametrize(
    ("sound", "error"),
    [
        ((TONE, 0), ArgumentError),
        ((TONE, 0.5), ArgumentError),
        ((TONE,), ArgumentError),
        ((np.zeros((2, 2, 2)), 8), ArgumentError),
        (Path("nowhere.wav"), DataError),
    ],
)
def test_what_is_no_sound_is_refused(sound: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        sound_variables([sound])


def test_a_list_of_another_length_is_refused() -> None:
    with pytest.raises(ShapeError, match="got 1"):
        vector_study().with_preview([(TONE, 8)])


@pytest.mark.parametrize("shape", [(0,), (0, 2), (2, 0), (0, 0)])
def test_a_sound_of_no_samples_has_none_in_any_channels(shape: tuple[int, ...]) -> None:
    found = sound_variables([(np.zeros(shape), 8_000), (TONE, 8_000)])
    assert found["sound_length"][1].tolist() == [0, 800]


@pytest.mark.parametrize("frames", [0, 1, 2, 3])
def test_a_file_of_fewer_samples_than_channels_keeps_its_channels(
    tmp_path: Path, frames: int
) -> None:
    with wave.open(str(tmp_path / "short.wav"), "wb") as file:
        file.setparams((4, 2, 8_000, 0, "NONE", ""))
        file.writeframes(np.tile(np.array([0, 2, 4, 6], "<i2"), frames).tobytes())
    found = sound_variables([tmp_path / "short.wav"])
    assert found["sound_length"][1].tolist() == [frames]
    assert found["sound"][1][0][:frames].tolist() == [3] * frames


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_of_a_file_that_was_cut_off_what_there_is_is_heard(
    tmp_path: Path, size: int
) -> None:
    path = written(tmp_path / "cut.wav", size, channels=2)
    path.write_bytes(path.read_bytes()[:-1])
    assert sound_variables([path])["sound_length"][1].tolist() == [799]


@pytest.mark.parametrize("rate", [np.nan, np.inf, 0, -8_000, 0.5, 2**31, None, "8000"])
def test_a_rate_that_no_file_holds_is_refused(rate: Any) -> None:
    with pytest.raises(ArgumentError, match="a sound is"):
        sound_variables([(TONE, rate)])


@pytest.mark.parametrize(("place", "value"), [(24, b"\0\0\0\0"), (32, b"\x08\0\x40\0")])
def test_a_file_without_a_rate_or_of_64_bit_is_refused(
    tmp_path: Path, place: int, value: bytes
) -> None:
    path = written(tmp_path / "odd.wav", 2)
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + value + whole[place + 4 :])
    with pytest.raises(DataError, match="cannot be read"):
        sound_variables([path])


def test_samples_of_several_lengths_are_refused() -> None:
    with pytest.raises(ArgumentError, match="type object"):
        sound_variables([([[0.1, 0.2], [0.3]], 8_000)])


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([0, 12_000, -12_000], [0, 12_000, -12_000]),
        (np.array([0, 32_768, 65_535], np.uint16), [-32_767, 0, 32_767]),
        (np.array([0, 2**30], np.int32), [0, 2**14]),
        (np.array([128, 0], np.uint8), [0, -32_767]),
    ],
)
def test_whole_numbers_of_any_width_are_as_loud_as_they_mean(
    samples: object, expected: list[int]
) -> None:
    found = sound_variables([(samples, 8_000)])["sound"][1][0]
    assert found.tolist() == expected

"""Chunks are made when they are asked for, and not kept for ever."""

import pytest

from depthviz.widgets.payload import chunks as module
from depthviz.widgets.payload.chunks import Chunks, Family


def test_a_family_is_made_on_demand_and_once() -> None:
    made: list[int] = []

    def make(number: int) -> bytes:
        made.append(number)
        return bytes([number])

    chunks = Chunks({"map": b"abc"}, {"tile": Family(3, make)})
    assert made == []
    assert (chunks["map"], chunks["tile/2"], chunks["tile/2"]) == (b"abc", b"\2", b"\2")
    assert made == [2]
    assert list(chunks) == ["map", "tile/0", "tile/1", "tile/2"]
    assert len(chunks) == 4
    assert (chunks.sizes, chunks.counts) == ({"map": 3}, {"tile": 3})


@pytest.mark.parametrize(
    "name", ["tile/3", "tile/-1", "tile/01", "tile/\u0663", "tile", "tile/", "../x", ""]
)
def test_other_names_are_unknown(name: str) -> None:
    chunks = Chunks({}, {"tile": Family(3, lambda number: b"")})
    assert name not in chunks
    with pytest.raises(KeyError):
        chunks[name]


def test_what_was_seen_longest_ago_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_KEPT_BYTES", 20)
    made: list[int] = []

    def make(number: int) -> bytes:
        made.append(number)
        return bytes(8)

    chunks = Chunks({}, {"tile": Family(9, make)})
    for number in (0, 1, 0, 2, 0, 1):
        chunks[f"tile/{number}"]
    assert made == [0, 1, 2, 1]

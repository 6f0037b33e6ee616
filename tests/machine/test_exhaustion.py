"""Memory that runs out is explained; what others ask for keeps its own error."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import depthviz as dv
from depthviz.errors import MemoryLimitError
from depthviz.machine.exhaustion import (
    DeviceMemoryLimitError,
    explained_memory,
    is_out_of_memory,
)
from depthviz.neighbors import nearest_neighbors

TOO_MUCH = 1 << 60
WAYS: list[Callable[[], object]] = [
    lambda: torch.empty(TOO_MUCH, dtype=torch.uint8),
    lambda: np.empty(TOO_MUCH, np.uint8),
    lambda: bytearray(sys.maxsize),
]


def refuse(words: str) -> None:
    raise RuntimeError(words)


@pytest.mark.parametrize("way", WAYS)
def test_every_allocator_is_understood(way: Callable[[], object]) -> None:
    with pytest.raises((MemoryError, RuntimeError)) as caught:
        way()
    assert is_out_of_memory(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        "could not create a primitive",
        "could not create a memory object",
        "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried",
        "can't start new thread",
    ],
)
def test_the_error_of_a_library_becomes_one_that_names_remedies(words: str) -> None:
    with pytest.raises(MemoryLimitError) as caught, explained_memory():
        refuse(words)
    message = str(caught.value)
    assert words[:30] in message
    assert "memory_limit=" in message
    assert "batch_size=" in message
    assert isinstance(caught.value.__cause__, RuntimeError)


@pytest.mark.parametrize(
    "words", ["can't start new thread", "Resource temporarily unavailable"]
)
def test_a_thread_that_cannot_start_names_both_limits(words: str) -> None:
    with pytest.raises(MemoryLimitError) as caught, explained_memory():
        refuse(words)
    for remedy in (words, "ulimit -u", "pids", "workers", "memory_limit="):
        assert remedy in str(caught.value)


def test_memory_of_a_gpu_stays_torch_s_error_and_crosses_processes() -> None:
    with pytest.raises(torch.OutOfMemoryError) as caught, explained_memory():
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is DeviceMemoryLimitError
    assert isinstance(again, MemoryLimitError)
    assert str(again) == str(caught.value)
    assert "batch_size=" in str(again)


@pytest.mark.parametrize("kind", [MemoryLimitError, DeviceMemoryLimitError])
def test_it_can_be_made_the_way_that_libraries_unpickle(
    kind: type[MemoryLimitError],
) -> None:
    made = kind.__new__(kind, "words")
    assert type(made) is kind
    assert made.args == ("words",)


def test_another_error_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="shapes") as caught, explained_memory():
        refuse("shapes do not fit")
    assert not isinstance(caught.value, MemoryLimitError)


class Greedy(torch.utils.data.Dataset[tuple[Tensor, int]]):
    def __init__(self, way: Callable[[], object]) -> None:
        self._way = way

    def __len__(self) -> int:
        return 20

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        if index >= 20:
            raise IndexError
        if index == 7:
            self._way()
        return torch.full((4,), float(index)), index % 2


@pytest.mark.parametrize("way", WAYS)
def test_memory_that_a_data_set_asks_for_keeps_its_error_and_gets_a_note(
    way: Callable[[], object],
) -> None:
    with pytest.raises((MemoryError, RuntimeError)) as caught:
        dv.measure(nn.Linear(4, 2), Greedy(way), k=3, projection=None, progress=False)
    assert not isinstance(caught.value, MemoryLimitError)
    assert any("a data set, a network" in note for note in caught.value.__notes__)


class GreedyNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.end = nn.Linear(4, 2)

    def forward(self, inputs: Tensor) -> Tensor:
        torch.empty(TOO_MUCH, dtype=torch.uint8)
        return self.end(inputs)  # type: ignore[no-any-return]


def test_a_batch_too_large_for_the_network_is_explained() -> None:
    data = torch.rand(20, 4).numpy(), np.arange(20) % 2
    with pytest.raises(MemoryLimitError, match="batch_size="):
        dv.measure(GreedyNetwork(), data, k=3, projection=None, progress=False)


def test_an_error_of_a_callback_of_a_search_stays() -> None:
    def fail(_: int) -> None:
        raise MemoryError

    rows = torch.rand(300, 8)
    with pytest.raises(MemoryError) as caught:
        nearest_neighbors(rows, rows, k=3, progress=fail)
    assert type(caught.value) is MemoryError

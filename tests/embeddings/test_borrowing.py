"""Two threads never have one module at a time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
import torch
from torch import nn

from depthviz.embeddings.borrowing import borrowed
from depthviz.embeddings.state import lent

CPU = torch.device("cpu")


def is_kept_out(model: nn.Module, other: nn.Module) -> bool:
    """Whether a thread waits for `other` while this one has `model`."""
    arrived = Event()

    def borrow() -> None:
        with borrowed(other):
            arrived.set()

    thread = Thread(target=borrow)
    with borrowed(model):
        thread.start()
        waited = not arrived.wait(0.2)
    thread.join()
    assert arrived.is_set()
    return waited


def test_another_thread_waits_for_the_same_network() -> None:
    network = nn.Linear(2, 2)
    assert is_kept_out(network, network)


def test_another_thread_waits_for_a_network_with_a_shared_module() -> None:
    body = nn.Linear(2, 2)
    assert is_kept_out(nn.Sequential(body, nn.ReLU()), nn.Sequential(nn.ReLU(), body))


def test_another_thread_waits_for_a_network_with_a_shared_parameter() -> None:
    one, other = nn.Linear(2, 2), nn.Linear(2, 2)
    other.weight = one.weight
    assert is_kept_out(one, other)


def test_another_network_is_free() -> None:
    assert not is_kept_out(nn.Linear(2, 2), nn.Linear(2, 2))


def test_the_same_thread_may_borrow_again() -> None:
    network = nn.Linear(2, 2)
    with borrowed(network), borrowed(network):
        pass
    assert not is_kept_out(nn.Linear(2, 2), network)


def test_an_error_gives_back() -> None:
    network = nn.Linear(2, 2)
    with pytest.raises(KeyboardInterrupt), lent(network, CPU):
        raise KeyboardInterrupt
    with ThreadPoolExecutor(1) as pool:
        pool.submit(borrow_once, network).result(timeout=10)


def borrow_once(network: nn.Module) -> None:
    with borrowed(network):
        pass

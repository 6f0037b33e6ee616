"""Two threads never have one module at a time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest
import torch
from torch import nn

from depthviz.embeddings.borrowing import borrowed, one_at_a_time
from depthviz.embeddings.state import lent
from depthviz.errors import ModelError

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


def test_two_threads_that_would_wait_for_each_other_are_not_both_kept() -> None:
    """As where a data set of one network asks the other, and the other way round."""
    networks = nn.Linear(2, 2), nn.Linear(2, 2)
    both = Barrier(2, timeout=20)
    refused: list[ModelError] = []

    def borrow(first: nn.Module, second: nn.Module) -> None:
        try:
            with borrowed(first):
                both.wait()
                with borrowed(second):
                    pass
        except ModelError as error:
            refused.append(error)

    threads = [Thread(target=borrow, args=each) for each in (networks, networks[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert len(refused) == 1
    assert "both would wait forever" in str(refused[0])
    assert not is_kept_out(nn.Linear(2, 2), networks[0])


def test_a_ring_of_three_threads_is_found() -> None:
    ring = [nn.Linear(2, 2) for _ in range(3)]
    all_three = Barrier(3, timeout=20)
    refused: list[ModelError] = []

    def borrow(place: int) -> None:
        try:
            with borrowed(ring[place]):
                all_three.wait()
                with borrowed(ring[(place + 1) % 3]):
                    pass
        except ModelError as error:
            refused.append(error)

    threads = [Thread(target=borrow, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(refused) == 1


def test_what_only_one_may_do_is_free_to_the_thread_that_does_it() -> None:
    with one_at_a_time(is_kept_out), one_at_a_time(is_kept_out):
        pass


def test_what_is_shared_is_kept_from_those_that_want_it_alone() -> None:
    together, alone, ended = Barrier(3), [], Event()

    def share() -> None:
        with one_at_a_time(is_kept_out, shared=True):
            together.wait(60)
            ended.wait(60)

    def take() -> None:
        with one_at_a_time(is_kept_out):
            alone.append(ended.is_set())

    threads = [Thread(target=share), Thread(target=share)]
    for thread in threads:
        thread.start()
    together.wait(60)  # both have it
    threads.append(Thread(target=take))
    threads[-1].start()
    threads[-1].join(0.05)
    ended.set()
    for thread in threads:
        thread.join()
    assert alone == [True]

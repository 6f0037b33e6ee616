"""Threads that share torch's global generator draw what each would draw alone."""

from collections.abc import Iterator
from threading import Barrier, Event, Thread

import pytest
import torch

from depthviz.machine.seeds import drawing, kept_random_state
from depthviz.machine.switches.randomness import (
    UnexpectedDrawError,
    check_undrawn,
    draw_from,
    drawing_turn,
    is_shared,
    lone_turn,
    shared_generator,
)


@pytest.fixture(autouse=True)
def before() -> Iterator[torch.Tensor]:
    """The generator is as before afterwards, whatever was done."""
    state = torch.get_rng_state()
    yield state
    assert torch.equal(torch.get_rng_state(), state)


def alone(seed: int) -> list[float]:
    generator = torch.Generator().manual_seed(seed)
    return [float(torch.rand((), generator=generator)) for _ in range(200)]


def test_each_thread_draws_from_a_state_of_its_own() -> None:
    drawn: dict[int, list[float]] = {}
    together = Barrier(3)

    def work(seed: int) -> None:
        with shared_generator(draws=True):
            draw_from(seed)
            together.wait()
            for _ in range(200):
                with drawing_turn():
                    drawn.setdefault(seed, []).append(float(torch.rand(())))
                check_undrawn()

    threads = [Thread(target=work, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == {seed: alone(seed) for seed in range(3)}


@pytest.mark.parametrize("draws", [True, False])
def test_a_draw_outside_the_turns_is_found(draws: bool) -> None:
    with pytest.raises(UnexpectedDrawError), shared_generator(draws=draws):
        torch.rand(())
    with shared_generator(draws=draws):
        check_undrawn()  # the next ones begin anew


def test_a_network_that_draws_nowhere_has_no_turns() -> None:
    drawn = pytest.raises(UnexpectedDrawError)
    with drawn, shared_generator(draws=False), drawing_turn():
        torch.rand(())


def test_all_that_share_the_generator_give_up_and_no_turn_begins() -> None:
    reached: list[bool] = []

    def draw_and_take_a_turn() -> None:
        with shared_generator(draws=True):
            torch.rand(())
            with lone_turn():
                reached.append(True)

    with pytest.raises(UnexpectedDrawError):
        draw_and_take_a_turn()
    assert not reached


def test_weights_are_drawn_in_a_turn_and_turns_may_be_taken_within() -> None:
    with drawing(5):
        wanted = torch.rand(4)
    with shared_generator(draws=True):
        with drawing(5):
            found = torch.rand(2)
            with drawing(6):
                torch.rand(9)
            found = torch.cat([found, torch.rand(2)])
        check_undrawn()
    assert torch.equal(found, wanted)


def test_who_shares_the_generator_leaves_it_to_put_back_to_others() -> None:
    with shared_generator(draws=True), drawing_turn():
        with kept_random_state(torch.device("cpu")):
            one = torch.rand(())
        assert is_shared()
        assert not torch.equal(one, torch.rand(()))
    assert not is_shared()


def test_two_threads_that_draw_from_seeds_do_not_meet() -> None:
    inside, done = Event(), Event()

    def other() -> None:
        with drawing(1):
            inside.set()
            done.wait()

    with drawing(0):
        wanted = torch.rand(3)
    thread = Thread(target=other)
    with drawing(0):
        thread.start()
        inside.wait(0.2)
        found = torch.rand(3)
        done.set()
    thread.join()
    assert torch.equal(found, wanted)

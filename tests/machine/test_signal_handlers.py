"""Handlers of others stand again after ours, and hear what was held back."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from threading import Thread

import pytest

from depthviz.machine.interrupts import uninterrupted
from tests.machine.test_interrupts import noted, stop
from tests.paths import ROOT


def test_handlers_of_others_are_called_and_stand_again_afterwards() -> None:
    heard: list[int] = []

    def hear(number: int, _: object) -> None:
        heard.append(number)

    earlier = signal.signal(signal.SIGTERM, hear)
    try:
        with noted([]):
            signal.raise_signal(signal.SIGTERM)
            assert heard == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is hear
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, earlier)


def test_a_handler_that_is_set_inside_a_block_is_left_alone() -> None:
    earlier = signal.getsignal(signal.SIGINT)
    try:
        with noted([]):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, earlier)


def test_another_thread_sets_no_handler() -> None:
    notes: list[str] = []

    def work() -> None:
        with noted(notes):
            notes.append(str(signal.getsignal(signal.SIGINT)))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert notes[1] == str(signal.default_int_handler)


def test_each_of_several_signals_is_handled_though_the_first_raises() -> None:
    def leave(number: int, _: object) -> None:
        raise SystemExit(number)

    @uninterrupted
    def work() -> None:
        stop()
        signal.raise_signal(signal.SIGTERM)

    earlier = signal.signal(signal.SIGTERM, leave)
    try:
        with pytest.raises(SystemExit) as caught:
            work()
    finally:
        signal.signal(signal.SIGTERM, earlier)
    assert isinstance(caught.value.__context__, KeyboardInterrupt)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")
def test_signals_that_end_nothing_are_left_alone() -> None:
    def hear(*_: object) -> None:
        raise AssertionError

    numbers = [signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP]
    earlier = [signal.signal(number, hear) for number in numbers]
    try:
        with noted([]):
            assert all(signal.getsignal(number) is hear for number in numbers)
    finally:
        for number, handler in zip(numbers, earlier, strict=True):
            signal.signal(number, handler)


def test_contexts_that_end_out_of_order_protect_until_the_last() -> None:
    notes: list[str] = []
    first, second = noted([]), noted(notes, stop_after="first")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    with pytest.raises(KeyboardInterrupt):
        second.__exit__(None, None, None)
    assert notes == ["changed", "first", "second"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_handler_of_an_event_loop_that_ended_does_not_stand_again() -> None:
    run_in_own_process(leave_after_the_loop_ended)


def leave_after_the_loop_ended() -> None:
    context = noted([])

    async def begin() -> None:
        context.__enter__()

    asyncio.run(begin())
    with pytest.raises(KeyboardInterrupt):
        stop()
    context.__exit__(None, None, None)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_handler_of_an_event_loop_that_runs_stands_again() -> None:
    run_in_own_process(leave_in_a_running_loop)


def leave_in_a_running_loop() -> None:
    async def work() -> None:
        before = signal.getsignal(signal.SIGINT)
        with noted([]):
            assert signal.getsignal(signal.SIGINT) is not before
        assert signal.getsignal(signal.SIGINT) is before
        assert before is not signal.default_int_handler

    asyncio.run(work())


def run_in_own_process(check: Callable[[], None]) -> None:
    """Call a function of this module where no other event loop runs.

    A browser that an earlier test of this process started keeps one running.
    """
    script = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from tests.machine.test_signal_handlers import {check.__name__} as check
check()
print("checked")
"""
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("checked\n", 0), done.stderr


def test_where_no_handler_can_be_set_the_work_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("signal only works in main thread of the main interpreter")

    notes: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr("signal.signal", refuse)
        with noted(notes):
            patched.undo()
            inside = signal.getsignal(signal.SIGINT)
            patched.setattr("signal.signal", refuse)
    assert notes == ["changed", "first", "second"]
    assert inside is signal.default_int_handler


def test_a_handler_that_cannot_be_put_back_is_by_the_next_context(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("signal only works in main thread of the main interpreter")

    with monkeypatch.context() as patched, noted([]):
        patched.setattr("signal.signal", refuse)
    with noted([]):
        pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

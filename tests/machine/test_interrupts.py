"""What is to be put back is, and a Stop comes right after."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from depthviz.machine import interrupts
from depthviz.machine.disk.locks import lock_folder
from depthviz.machine.folders import replacing
from depthviz.machine.interrupts import (
    Guard,
    closing,
    enter,
    interruptible,
    restoring,
    uninterrupted,
)
from tests.machine.stops import stop_at


def stop() -> None:
    signal.raise_signal(signal.SIGINT)


@restoring
def noted(notes: list[str], *, stop_after: str = "") -> Iterator[None]:
    try:
        notes.append("changed")
        yield
    finally:
        for step in ("first", "second"):
            notes.append(step)
            if step == stop_after:
                stop()


@contextmanager
def replaced(folder: Path) -> Iterator[None]:
    with replacing(folder, check=id) as new:
        new.mkdir()
        (new / "mine").touch()
        yield


def hold_and_leave(hold: Callable[[Path], Any], folder: Path) -> None:
    with hold(folder):
        pass


def open_files() -> list[str]:
    return sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else []


def test_a_stop_while_things_are_put_back_comes_after_the_last_of_them() -> None:
    notes: list[str] = []
    with pytest.raises(KeyboardInterrupt), noted(notes, stop_after="first"):
        pass
    assert notes == ["changed", "first", "second"]


def test_a_stop_inside_the_block_comes_at_once() -> None:
    notes: list[str] = []

    def work() -> None:
        stop()
        notes.append("too late")

    with pytest.raises(KeyboardInterrupt), noted(notes):
        work()
    assert notes == ["changed", "first", "second"]


def test_a_stop_waits_for_the_outermost_of_what_must_not_be_cut() -> None:
    notes: list[str] = []

    @restoring
    def outer() -> Iterator[None]:
        try:
            yield
        finally:
            with noted(notes, stop_after="second"):
                pass
            notes.append("outer")

    with pytest.raises(KeyboardInterrupt), outer():
        pass
    assert notes == ["changed", "first", "second", "outer"]


def test_the_error_of_a_block_stays_known_when_a_stop_follows() -> None:
    with pytest.raises(KeyboardInterrupt) as caught, noted([], stop_after="first"):
        raise ValueError("of the block")
    assert str(caught.value.__context__) == "of the block"


def test_a_stop_in_a_function_that_is_not_cut_comes_when_it_ends() -> None:
    notes: list[str] = []

    @uninterrupted
    def work() -> None:
        stop()
        notes.append("worked")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert notes == ["worked"]


def test_what_was_entered_is_left_when_a_stop_comes_meanwhile() -> None:
    notes: list[str] = []

    def make() -> object:
        stop()
        return noted(notes)

    with pytest.raises(KeyboardInterrupt), ExitStack() as held:
        enter(held, make)
    assert notes == ["changed", "first", "second"]


def test_a_guard_that_fails_as_it_opens_is_closed() -> None:
    closed = []

    class Half(Guard):
        def _begin(self) -> None:
            raise OSError

        def close(self) -> None:
            closed.append(self)

    with pytest.raises(OSError), Half():  # noqa: PT011  # a bare one
        pass
    assert len(closed) == 1


def test_an_error_before_the_yield_comes_as_it_is() -> None:
    @restoring
    def failing() -> Iterator[None]:
        raise LookupError("before")
        yield

    with pytest.raises(LookupError, match="before"), failing():
        pass


def test_a_generator_that_swallows_an_error_ends_it() -> None:
    @restoring
    def swallowing() -> Iterator[None]:
        with suppress(ValueError):
            yield

    with swallowing():
        raise ValueError


def test_functions_are_decorated() -> None:
    notes: list[str] = []
    noted(notes)(lambda: notes.append("called"))()
    assert notes == ["changed", "called", "first", "second"]


def test_a_generator_is_closed_at_the_end() -> None:
    def numbers() -> Iterator[int]:
        yield 1
        yield 2

    stream = numbers()
    with closing(stream) as found:
        assert next(found) == 1
    assert not list(stream)


@pytest.mark.skipif(sys.platform == "win32", reason="needs flock")
@pytest.mark.parametrize("hold", [lock_folder, replaced], ids=["lock", "replace"])
def test_a_stop_as_a_lock_is_pushed_on_a_stack_leaves_nothing_open(
    hold: Callable[[Path], Any], tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "mine").touch()
    stopped = 0
    for code in (ExitStack.enter_context.__code__, ExitStack._push_cm_exit.__code__):
        for line in sorted({line for *_, line in code.co_lines() if line}):
            for turn in (1, 2, 3):
                before = open_files()
                error = stop_at((code, line), partial(hold_and_leave, hold, folder),
                    turn=turn)  # fmt: skip
                stopped += error is not None
                del error
                assert open_files() == before, (code.co_name, line, turn)
                assert not interrupts._watch._owners, (code.co_name, line, turn)
                assert os.listdir(tmp_path) == ["folder"]
    assert stopped > 10


def test_an_interruptible_part_of_what_comes_after_a_yield_ends_at_once() -> None:
    notes: list[str] = []

    @interruptible
    def wait() -> None:
        stop()
        notes.append("too late")

    @restoring
    def outer() -> Iterator[None]:
        try:
            yield
            stop()
            notes.append("held back")
            wait()
        finally:
            notes.append("cleaned")

    with pytest.raises(KeyboardInterrupt), outer():
        pass
    assert notes == ["held back", "cleaned"]

    @uninterrupted
    def around() -> None:
        with suppress(KeyboardInterrupt), outer():
            pass
        notes.append("whole")

    with pytest.raises(KeyboardInterrupt):
        around()
    assert notes[-2:] == ["cleaned", "whole"]

"""Moments of a call at which a Stop arrives: a line of the package, or a point in time.

Each execution of each line is as likely. Knows nothing of what is called.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from random import Random
from threading import Event, Thread
from types import FrameType
from typing import Any

from tests.machine.stops import ARRIVE, HOME

__all__ = ["count_lines", "stop_sometime"]


def stop_sometime(
    call: Callable[[], object], draw: Random, *, lines: int, seconds: float
) -> BaseException | None:
    """Stop a call at a random moment.

    Args:
        call: What is stopped.
        draw: Decides the moment.
        lines: How many lines of the package the call executes.
        seconds: How long it takes.

    Returns:
        The exception that came of it; None if the call was over before.
    """
    try:
        if draw.random() < 0.5:
            _call_until_line(call, draw.randint(1, lines))
        else:
            _call_until_time(call, draw.uniform(0, seconds))
    except BaseException as error:
        if _comes_of_stop(error):
            return error
        raise
    return None


def count_lines(call: Callable[[], object]) -> int:
    """Count the lines of the package that a call executes."""
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace if frame.f_code.co_filename.startswith(HOME) else None

    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)
    return lines


def _comes_of_stop(error: BaseException | None) -> bool:
    """Whether it is a Stop; Numba raises another error from one within its own code."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def _call_until_time(call: Callable[[], object], seconds: float) -> None:
    done = Event()

    def send() -> None:
        if not done.wait(seconds):
            os.kill(os.getpid(), signal.SIGINT)

    helper = Thread(target=send)
    helper.start()
    try:
        call()
    finally:
        done.set()
        helper.join()


def _call_until_line(call: Callable[[], object], number: int) -> None:
    """Let SIGINT arrive before a line, counted over all that the call executes."""
    left = number

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if left < 1 or not frame.f_code.co_filename.startswith(HOME):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                frame.f_trace_opcodes = True
                return ARRIVE
        return trace

    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)

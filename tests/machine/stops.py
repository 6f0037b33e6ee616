"""A person's Stop, exactly before a line of the package, or as it is left."""

from __future__ import annotations

import ctypes
import signal
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

import torch
from torch import nn

import depthviz

HOME = depthviz.__path__[0]
# Marks SIGINT as arrived, from C: the interpreter then handles it where it next looks,
# as it does for a person's. It is called as a trace function and takes no notice.
ARRIVE = ctypes.PyDLL(None).PyErr_SetInterrupt
ARRIVE.argtypes, ARRIVE.restype = [ctypes.py_object] * 3, None
Line = tuple[CodeType, int]


def lines_of(call: Callable[[], object]) -> dict[Line, int]:
    """Count how often a call comes by each line of the package."""
    seen: dict[Line, int] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(HOME):
            return None
        if event == "line":
            line = frame.f_code, frame.f_lineno
            seen[line] = seen.get(line, 0) + 1
        return trace

    with_trace(trace, call)
    return seen


def with_trace(trace: Any, call: Callable[[], object]) -> None:
    earlier = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(earlier)


def stop_at(
    line: Line, call: Callable[[], object], *, turn: int = 1
) -> KeyboardInterrupt | None:
    """Let SIGINT arrive as a line begins, the `turn`-th time; None if that never is.

    The handler runs where the interpreter next looks for signals: as the call that the
    line makes begins, or in the `__exit__` of the context manager that it leaves.
    """
    code, number = line
    left = turn

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if left < 1 or frame.f_code is not code:
            return None
        if event == "line" and frame.f_lineno == number:
            left -= 1
            if left == 0:
                frame.f_trace_opcodes = True
                return ARRIVE
        return trace

    def hear(_: int, __: FrameType | None) -> None:
        sys.settrace(None)  # once is enough
        raise KeyboardInterrupt

    earlier = signal.signal(signal.SIGINT, hear)
    try:
        with_trace(trace, call)
    except KeyboardInterrupt as error:
        return error
    finally:
        sys.settrace(None)
        signal.signal(signal.SIGINT, earlier)
    return None


def state_of(*networks: nn.Module) -> list[object]:
    """Find what no call may change: modes, hooks, switches, random state, handler."""
    modules = [module for network in networks for module in network.modules()]
    return [
        [module.training for module in modules],
        [len(module._forward_hooks) for module in modules],
        [len(module._forward_pre_hooks) for module in modules],
        torch.get_num_threads(),
        torch.get_default_dtype(),
        torch.get_default_device(),
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.get_float32_matmul_precision(),
        torch.backends.mkldnn.matmul.fp32_precision,  # type: ignore[attr-defined]
        torch._C._len_torch_function_stack(),
        torch.random.get_rng_state().numpy().tobytes(),
        signal.getsignal(signal.SIGINT),
    ]

"""A person's Stop, exactly before a line of the package, or as it is left."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

import torch
from torch import nn

import depthviz

HOME = depthviz.__path__[0]
Line = tuple[CodeType, int]


def lines_of(call: Callable[[], object]) -> list[Line]:
    """List the lines of the package that a call runs, each once, as it comes first."""
    seen: dict[Line, None] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(HOME):
            return None
        if event == "line":
            seen.setdefault((frame.f_code, frame.f_lineno))
        return trace

    with_trace(trace, call)
    return list(seen)


def with_trace(trace: Any, call: Callable[[], object]) -> None:
    earlier = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(earlier)


def stop_at(line: Line, call: Callable[[], object]) -> KeyboardInterrupt | None:
    """Send SIGINT each time a line begins, until it is raised; None if it never is.

    The handler runs where the interpreter next looks for signals: before the call
    that the line makes begins, or in the context manager that it leaves.
    """
    code, number = line

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code is not code:
            return None
        if event == "line" and frame.f_lineno == number:
            signal.raise_signal(signal.SIGINT)
        return trace

    try:
        with_trace(trace, call)
    except KeyboardInterrupt as error:
        return error
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

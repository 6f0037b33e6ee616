"""Ambient switches of torch and numpy, at known values while something is computed.

A caller may be inside autocast or inference mode, may have switched gradients off, may
let new tensors lie on another device, or may have numpy raise where a small number is
rounded to zero. None of these may change a result. They belong to a thread, so nothing
changes for others. The default number type belongs to the whole process: it is left
alone, and code here names the types of its numbers.

A network of the caller may count on the device of new tensors in its `forward`: it gets
that back with `default_device_of_caller`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from contextvars import ContextVar

import numpy as np
import torch

from depthviz.machine.interrupts import enter, restoring
from depthviz.machine.switches.threads import is_forked, torch_threads

__all__ = ["default_device_of_caller", "neutral_state", "tensors_on"]

_KINDS = ("cpu", "cuda", "mps", "xpu")
_NUMPY = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
_CPU = torch.device("cpu")
_device_of_caller: ContextVar[torch.device] = ContextVar("device", default=_CPU)


@restoring
def neutral_state(*, gradients: bool = False) -> Iterator[None]:
    """Switch off autocast and inference mode; new tensors lie on the CPU.

    Decorates functions as well. In a forked process torch has one thread meanwhile.

    Args:
        gradients: Whether operations are recorded for gradients.

    Example:
        >>> with torch.inference_mode(), neutral_state(gradients=True):
        ...     torch.is_inference_mode_enabled(), torch.is_grad_enabled()
        (False, True)
    """
    with ExitStack() as held:
        enter(held, torch.inference_mode, False)
        enter(held, torch.set_grad_enabled, gradients)
        enter(held, np.errstate, **_NUMPY)
        for kind in _KINDS:
            if torch.is_autocast_enabled(kind):
                enter(held, torch.autocast, kind, enabled=False)
        device = torch.get_default_device()
        if device != _CPU:
            held.callback(_device_of_caller.set, _device_of_caller.get())
            _device_of_caller.set(device)
            enter(held, torch.device, "cpu")
        if is_forked():
            enter(held, torch_threads, 1)
        yield


@restoring
def default_device_of_caller() -> Iterator[None]:
    """Let new tensors lie where the caller of a neutral state lets them lie."""
    device = _device_of_caller.get()
    if device == _CPU:
        yield
        return
    with tensors_on(device):
        yield


@restoring
def tensors_on(device: torch.device) -> Iterator[None]:
    """Let new tensors lie on a device."""
    with ExitStack() as held:
        enter(held, torch.device, device)
        yield

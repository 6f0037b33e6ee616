"""Torch's ambient switches, at known values while something is computed.

A caller may be inside autocast or inference mode, may have switched gradients off, or
may let new tensors lie on another device. None of these may change a result. They
belong to a thread, so nothing changes for others. The default number type belongs to
the whole process: it is left alone, and code here names the types of its numbers.

A network of the caller may count on the device of new tensors in its `forward`: it gets
that back with `default_device_of_caller`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

import torch

__all__ = ["default_device_of_caller", "neutral_state"]

_KINDS = ("cpu", "cuda", "mps", "xpu")
_CPU = torch.device("cpu")
_device_of_caller: ContextVar[torch.device] = ContextVar("device", default=_CPU)


@contextmanager
def neutral_state(*, gradients: bool = False) -> Iterator[None]:
    """Switch off autocast and inference mode; new tensors lie on the CPU.

    Decorates functions as well.

    Args:
        gradients: Whether operations are recorded for gradients.

    Example:
        >>> with torch.inference_mode(), neutral_state(gradients=True):
        ...     torch.is_inference_mode_enabled(), torch.is_grad_enabled()
        (False, True)
    """
    with ExitStack() as held:
        held.enter_context(torch.inference_mode(False))
        held.enter_context(torch.set_grad_enabled(gradients))
        for kind in _KINDS:
            if torch.is_autocast_enabled(kind):
                held.enter_context(torch.autocast(kind, enabled=False))
        device = torch.get_default_device()
        if device != _CPU:
            token = _device_of_caller.set(device)
            held.callback(_device_of_caller.reset, token)
            held.enter_context(_CPU)
        yield


@contextmanager
def default_device_of_caller() -> Iterator[None]:
    """Let new tensors lie where the caller of a neutral state lets them lie."""
    device = _device_of_caller.get()
    if device == _CPU:
        yield
        return
    with device:
        yield

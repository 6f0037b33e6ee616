"""Products that are what their number type says.

A user may allow matrix products to round their factors to TF32 or bfloat16, globally
or by autocast. The rounding bound of a search does not hold for those, so a search
switches them off and puts them back. The switches are global to the process: a product
that another thread computes meanwhile is in full precision too.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Lock, get_ident
from typing import Any

import torch

from depthviz.machine.interrupts import enter, restoring

__all__ = ["full_precision"]

_EXACT = ("ieee", "none")


@restoring
def full_precision(device: torch.device) -> Iterator[None]:
    """Compute float32 products in float32, and no gradients, while open.

    Args:
        device: Where the products are computed.

    Example:
        >>> torch.set_float32_matmul_precision("medium")
        >>> with full_precision(torch.device("cpu")):
        ...     torch.backends.mkldnn.matmul.fp32_precision
        'ieee'
        >>> torch.get_float32_matmul_precision()
        'medium'
        >>> torch.set_float32_matmul_precision("highest")
    """
    token = object()
    with ExitStack() as held:
        enter(held, torch.no_grad)
        enter(held, torch.autocast, device.type, enabled=False)
        held.callback(_switches.leave, token)
        _switches.enter(token)
        yield


class _Switches:
    """Holds the switches as long as any thread needs them."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock, self._held = Lock(), ExitStack()
        self._users: dict[object, int] = {}

    def enter(self, token: object) -> None:
        """Set the switches for the first user."""
        with self._lock:
            if not self._users:
                _switch_rounding_off(self._held)
            self._users[token] = get_ident()

    def leave(self, token: object) -> None:
        """Put them back after the last."""
        with self._lock:
            self._users.pop(token, None)
            if not self._users:
                self._held.close()

    def after_fork(self) -> None:
        """Forget the threads that a child does not have."""
        thread, self._lock = get_ident(), Lock()
        for token, owner in list(self._users.items()):
            if owner != thread:
                self.leave(token)


_switches = _Switches()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_switches.after_fork)


def _switch_rounding_off(held: ExitStack) -> None:
    """Set the switches; how to put them back is noted before."""
    if not hasattr(torch.backends, "fp32_precision"):  # torch < 2.9
        before = torch.get_float32_matmul_precision()
        held.callback(torch.set_float32_matmul_precision, before)
        torch.set_float32_matmul_precision("highest")
        return
    matmuls: tuple[Any, ...] = (
        torch.backends.cuda.matmul,
        torch.backends.mkldnn.matmul,  # type: ignore[attr-defined]
    )
    for one in matmuls:
        if one.fp32_precision not in _EXACT:
            held.callback(setattr, one, "fp32_precision", one.fp32_precision)
            one.fp32_precision = "ieee"

"""Products that are what their number type says.

A user may allow matrix products to round their factors to TF32 or bfloat16, globally
or by autocast. The rounding bound of a search does not hold for those, so a search
switches them off and puts them back. The switches are global to the process: a product
that another thread computes meanwhile is in full precision too.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Any

import torch

__all__ = ["full_precision"]

_EXACT = ("ieee", "none")


@contextmanager
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
    with torch.no_grad(), torch.autocast(device.type, enabled=False):
        _guard.enter()
        try:
            yield
        finally:
            _guard.leave()


class _Guard:
    """Holds the switches as long as any thread needs them."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock, self._users, self._held = Lock(), 0, ExitStack()

    def enter(self) -> None:
        """Set the switches for the first user."""
        with self._lock:
            if self._users == 0:
                self._held.enter_context(_switches())
            self._users += 1

    def leave(self) -> None:
        """Put them back after the last."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._held.close()


_guard = _Guard()


@contextmanager
def _switches() -> Iterator[None]:
    if not hasattr(torch.backends, "fp32_precision"):  # torch < 2.9
        before = torch.get_float32_matmul_precision()
        torch.set_float32_matmul_precision("highest")
        try:
            yield
        finally:
            torch.set_float32_matmul_precision(before)
        return
    matmuls: tuple[Any, ...] = (
        torch.backends.cuda.matmul,
        torch.backends.mkldnn.matmul,  # type: ignore[attr-defined]
    )
    changed = [(one, one.fp32_precision) for one in matmuls]
    changed = [(one, was) for one, was in changed if was not in _EXACT]
    try:
        for one, _ in changed:
            one.fp32_precision = "ieee"
        yield
    finally:
        for one, was in changed:
            one.fp32_precision = was

"""Loops that Numba compiles: how, where they are kept, and who is told.

A loop is compiled at its first use. It is kept beside its module where that can be
written, else in the user's cache folder, else in memory for this process alone: a
folder that cannot be written, or a kept file that is damaged, costs time and nothing
else. Numba's keys name the processor, so a folder may be shared between machines.

What is kept is thrown away when a loop's own file changes, and only then. So the parts
of a loop stand in its file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Set
from contextlib import suppress
from time import perf_counter
from typing import Any, Protocol

from depthviz.machine.interrupts import restoring

__all__ = ["Listener", "compiled_loop", "listening", "loop_part", "may_compile"]

Decorator = Callable[[Callable[..., Any]], Any]

_listeners: list[Listener] = []


def may_compile() -> bool:
    """Whether the environment allows compiled loops: not with `DEPTHVIZ_COMPILE=0`."""
    return os.environ.get("DEPTHVIZ_COMPILE", "1") != "0"


def compiled_loop(*, fastmath: Set[str] | bool = False) -> Decorator:
    """Compile a function that Python calls; it releases the interpreter's lock.

    Args:
        fastmath: What may be done to its sums; see Numba.

    Returns:
        A decorator. It raises ImportError without Numba.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        loop = _njit(fastmath=fastmath, no_cfunc_wrapper=True)(function)
        loop._cache = _cache_of(function)
        return loop

    return decorate


def loop_part(*, fastmath: Set[str] | bool = False) -> Decorator:
    """Compile a function that compiled loops of its file call, and nobody else.

    Args:
        fastmath: As in `compiled_loop`.

    Returns:
        A decorator. It raises ImportError without Numba.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        # What Python needs to call a function takes as long as a small function itself.
        bare = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        return _njit(fastmath=fastmath, **bare)(function)

    return decorate


class Listener(Protocol):
    """Who waits for what is compiled."""

    def begin(self, *, kept: bool) -> None:
        """A loop is about to be compiled; `kept` says whether it will be kept."""

    def end(self, seconds: float) -> None:
        """It took so long."""


@restoring
def listening(listener: Listener) -> Iterator[None]:
    """Tell somebody of each loop that is compiled while open, in whatever thread.

    Args:
        listener: Is told.

    Yields:
        Nothing.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def _njit(**options: Any) -> Decorator:
    import numba

    njit: Any = numba.njit  # some of its options are in no stub
    decorate: Decorator = njit(nogil=True, **options)
    return decorate


def _cache_of(function: Callable[..., Any]) -> Any:
    """Make the cache of a loop: on the disk where there is a folder for it."""
    from numba.core import caching

    known: Any = caching
    with suppress(Exception):  # no folder, or one that went away meanwhile
        usual = known.FunctionCache._impl_class
        places = [each for each in usual._locator_classes if _is_safe(each)]
        files = type("Files", (usual,), {"_locator_classes": places})
        members = {"_impl_class": files, "kept": True}
        return type("OnDisk", (_Careful, known.FunctionCache), members)(function)
    return type("InMemory", (_Careful, known.NullCache), {"kept": False})()


def _is_safe(locator: type) -> bool:
    """Whether Numba finds a folder: without a home it makes one that is called "~"."""
    if locator.__name__ not in ("UserWideCacheLocator", "ZipCacheLocator"):
        return True
    named = os.environ.get("XDG_CACHE_HOME")
    return bool(named) or not os.path.expanduser("~").startswith("~")


class _Careful:
    """A cache of Numba's that never fails, and tells who waits for what is compiled."""

    kept: bool
    _begun = 0.0

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Read what is kept for a signature; None where it has to be compiled."""
        with suppress(Exception):  # damaged files raise whatever pickle meets
            found = super().load_overload(sig, target_context)  # type: ignore[misc]
            # Two processes that keep two signatures at once may mix them up.
            if found is not None and found.signature.args == _arguments(sig):
                return found
        self._begun = perf_counter()
        for listener in list(_listeners):
            listener.begin(kept=self.kept)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled where that can be done."""
        for listener in list(_listeners):
            listener.end(perf_counter() - self._begun)
        try:
            super().save_overload(sig, data)  # type: ignore[misc]
        except Exception:
            with suppress(Exception):  # a damaged index goes, a full disk stays
                self.flush()  # type: ignore[attr-defined]
                super().save_overload(sig, data)  # type: ignore[misc]


def _arguments(sig: Any) -> tuple[Any, ...]:
    """Read the types of the arguments, of a signature or of a plain tuple."""
    return tuple(getattr(sig, "args", sig))

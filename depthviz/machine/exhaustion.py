"""What happens when memory is used up all the same: an error that says what to do.

Torch, oneDNN, NumPy, Numba and OpenMP each have words of their own for it. Memory that
code of the user asks for, in a data set or a function that is called back, is not ours
to explain: its error stays what it is, with a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from traceback import walk_tb
from types import FrameType

import torch

from depthviz.errors import DepthvizError, MemoryLimitError
from depthviz.machine.interrupts import restoring
from depthviz.machine.memory import memory_bounds
from depthviz.machine.scratch import describe_bytes

__all__ = ["DeviceMemoryLimitError", "explained_memory", "is_out_of_memory"]

_WORDS = (
    "out of memory",
    "not enough memory",
    "allocate memory",
    "Cannot allocate",
    "ALLOC_FAILED",
    "could not create a primitive",  # oneDNN's, and the next
    "could not create a memory object",
    "std::bad_alloc",
    "bad allocation",
)
# No stack for a thread, or one more than the process may have.
_NO_THREAD = ("can't start new thread", "Resource temporarily unavailable")
_LIBRARIES = ("numpy", "torch")
_NOTE = (
    "The memory ran out in code that depthviz calls: a data set, a network or a "
    "function of yours."
)


class DeviceMemoryLimitError(MemoryLimitError, torch.OutOfMemoryError):
    """A GPU gave no more memory; also torch's own error, for code that looks for it."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that a device or the machine ran out of memory.

    Example:
        >>> is_out_of_memory(MemoryError()), is_out_of_memory(ValueError())
        (True, False)
    """
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    # torch's CPU allocator has no class of its own.
    message = str(error)
    words = _WORDS + _NO_THREAD
    return isinstance(error, RuntimeError) and any(word in message for word in words)


@restoring
def explained_memory() -> Iterator[None]:
    """Turn errors of those who ran out of memory into one that names remedies.

    Decorates functions as well. What a data set or another function of the user raises
    gets a note and stays.

    Raises:
        MemoryLimitError: If memory ran out; of a GPU, a `torch.OutOfMemoryError` too.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, DepthvizError) or not is_out_of_memory(error):
            raise
        if _is_foreign(error):
            if _NOTE not in getattr(error, "__notes__", ()):
                error.add_note(_NOTE)
            raise
        of_device = isinstance(error, torch.OutOfMemoryError)
        kind = DeviceMemoryLimitError if of_device else MemoryLimitError
        raise kind(_explain(error)) from error


def _is_foreign(error: BaseException) -> bool:
    """Whether a data set asked for the memory, or Python code of others raised it."""
    names = [_module(frame) for frame, _ in walk_tb(error.__traceback__)]
    ours = [place for place, name in enumerate(names) if name.startswith("depthviz.")]
    called = names[ours[-1] + 1 :] if ours else names
    strangers = [name.partition(".")[0] not in _LIBRARIES for name in called]
    if ours and names[ours[-1]].startswith("depthviz.datasets."):
        return any(strangers)
    return type(error) is MemoryError and bool(strangers) and strangers[-1]


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _explain(error: BaseException) -> str:
    """Say what was tried, what there is, and what to change."""
    what, free = min(memory_bounds(), key=lambda bound: bound[1])
    words = str(error).partition("\n")[0].strip().rstrip(".") or "no memory"
    if isinstance(error, torch.OutOfMemoryError):
        here = "The device"
    else:
        here = f"This process, to which {what} leaves {describe_bytes(free)} now,"
    if any(words_of in words for words_of in _NO_THREAD):
        return _explain_no_thread(f"{here} can start no more threads", words)
    return (
        f"{here} ran out of memory ({type(error).__name__}: {words[:200]}). Give a "
        "smaller memory_limit=, which bounds embeddings and search, and a smaller "
        "batch_size=, which bounds a forward pass; or raise the limit, such as "
        "`ulimit -v` or that of the container, or close what else takes memory."
    )


def _explain_no_thread(what: str, words: str) -> str:
    """Name the two limits that a new thread may meet."""
    return (
        f"{what} ({words[:200]}). Either there are as many threads and processes as "
        "allowed: use fewer workers, or raise `ulimit -u` or the limit of the "
        "container (pids). Or no memory is left for its stack: give a smaller "
        "memory_limit= and batch_size=, or raise `ulimit -v`."
    )

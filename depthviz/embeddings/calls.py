"""The calls of modules in a forward pass: when, with which tensors, of which shapes.

A module may run several times in a pass, and siblings may run side by side on the very
same tensor. Each call has a start and an end on one clock, and the tensors that it was
given have numbers: two calls were given the same where their numbers are equal.
"""

import weakref
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.embeddings.outputs import only_tensor

__all__ = ["Call", "CallRecord", "Shape", "is_plain"]

Shape = tuple[int, ...]


class Call(NamedTuple):
    """One call of a module.

    Attributes:
        start: When it began, in steps of the pass; earlier than whatever ran inside.
        end: When it returned.
        caller: Path of the module that called it; "" for the network, which is called
            by none.
        given: Number and version of each tensor that it was given.
        made: Those of the tensor that stands for its output.
        takes: Shape of the one tensor of floats that it was given, if it is one.
        gives: Shape of the one tensor that stands for its output, if there is one.
    """

    start: int
    end: int
    caller: str
    given: tuple[tuple[int, int], ...]
    made: tuple[int, int] | None
    takes: Shape | None
    gives: Shape | None


class CallRecord:
    """Notes the calls of one pass.

    Example:
        >>> record = CallRecord()
        >>> record.begin("layer", [torch.ones(2, 3)])
        >>> record.end("layer", torch.ones(2, 4))
        >>> record.calls["layer"][0].gives
        (2, 4)
    """

    def __init__(self) -> None:
        """Begin with no call."""
        self.calls: dict[str, list[Call]] = defaultdict(list)
        self._open: dict[str, list[Call]] = defaultdict(list)
        self._running: list[str] = []
        self._clock = 0
        self._known: dict[int, tuple[weakref.ref[Tensor], int]] = {}

    def begin(self, path: str, given: Iterable[object]) -> None:
        """Note that a module is called."""
        values = list(given)
        only = only_tensor(values)
        self._open[path].append(
            Call(
                self._tick(),
                -1,
                self._running[-1] if self._running else "",
                tuple(map(self._number, _tensors(values))),
                None,
                None if only is None else tuple(only.shape),
                None,
            )
        )
        self._running.append(path)

    def end(self, path: str, gives: Tensor | None) -> None:
        """Note that it returned."""
        if self._open[path]:
            call = self._open[path].pop()
            self._running.remove(path)
            call = call._replace(end=self._tick())
            if gives is not None:
                made, shape = self._number(gives), tuple(gives.shape)
                call = call._replace(made=made, gives=shape)
            self.calls[path].append(call)

    def _tick(self) -> int:
        self._clock += 1
        return self._clock

    def _number(self, tensor: Tensor) -> tuple[int, int]:
        """Number the memory of a tensor; a slice has the number of the whole."""
        if not is_plain(tensor):
            return self._tick(), 0
        whole = tensor if tensor._base is None else tensor._base
        version = 0 if tensor.is_inference() else tensor._version
        known = self._known.get(id(whole))
        if known is None or known[0]() is not whole:
            known = weakref.ref(whole), self._tick()
            self._known[id(whole)] = known
        return known[1], version


def is_plain(tensor: Tensor) -> bool:
    """Whether a tensor has values of its own: one inside torch.func has none."""
    return not torch._C._functorch.is_functorch_wrapped_tensor(tensor)


def _tensors(values: Iterable[object]) -> Iterable[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, Mapping):
            yield from _tensors(value.values())
        elif isinstance(value, tuple | list):
            yield from _tensors(value)

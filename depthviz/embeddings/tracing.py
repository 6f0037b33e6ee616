"""Which modules run in a forward pass, in which order, and what they return.

The automatic choice of probes asks the network itself instead of trusting its source:
a small batch goes through, and each module's last call is noted. Then a part of the
batch goes through: the dimension whose size follows that of the batch is the one that
counts the examples, where a sequence of eight steps could pass for eight examples.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any

import torch
from torch import Tensor, nn

from depthviz.datasets.nested import (
    Nest,
    describe_nest,
    leaves,
    length,
    map_leaves,
    rows,
)
from depthviz.embeddings.calls import Call, CallRecord, Shape, is_plain
from depthviz.embeddings.hooks import removed_hooks
from depthviz.embeddings.outputs import describe, read_logits
from depthviz.embeddings.probe import Probe, find_module
from depthviz.embeddings.reading import read_output
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.state import forward
from depthviz.errors import ModelError
from depthviz.machine.exhaustion import is_out_of_memory

__all__ = ["Trace", "fewer_examples", "first_look", "hookable_modules", "trace"]

# What torch and torchvision raise at inputs of a wrong shape or type.
_REFUSALS = (RuntimeError, ValueError, IndexError, AssertionError, TypeError)
_TOKENS = 3  # dimensions
_ABOUT_PICTURES = (
    " Arrays are given channels first; convert grey or RGBA pictures to the channels "
    "that it was trained on."
)
_ABOUT_TOKENS = (
    " Whole numbers are given as they are, as token ids; convert measurements to "
    "floats."
)
_ABOUT_BATCHES = (
    " Each item is a batch of one example: leave out return_tensors='pt' where items "
    "are tokenized one by one, or give {name: row[0]} of each."
)
_ABOUT_CALLS = (
    " A mapping is given by its names and a tuple in its order; for another way give "
    "forward=lambda model, batch: …, which returns the logits."
)


def fewer_examples(examples: int) -> int:
    """Return how many of a small batch make another, smaller batch; 1 of 1."""
    return max(1, examples // 2 + 1 if examples > 2 else examples - 1)


@dataclass
class _Record:
    """What the modules of a network returned in one pass, by path."""

    outputs: dict[str, Tensor] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    record: CallRecord = field(default_factory=CallRecord)
    seconds: float = 0.0

    def begin(
        self, path: str, _: nn.Module, given: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        """Note that a module is called."""
        self.record.begin(path, (*given, *named.values()))

    def note(self, path: str, module: nn.Module, __: object, output: object) -> None:
        """Note a call of a module, in place of its earlier ones."""
        self.outputs.pop(path, None)
        self.others.pop(path, None)
        tensor = read_output(module, output)
        if tensor is None or tensor.is_nested or not is_plain(tensor):
            self.others[path] = describe(output)
            self.record.end(path, None)
            return
        self.record.end(path, tensor)
        self.outputs[path] = tensor
        version = 0 if tensor.is_inference() else tensor._version
        self.stamps[path] = (_address(tensor), tensor.numel(), version)


@dataclass(frozen=True)
class Trace:
    """One forward pass of a batch, and the shapes that one of fewer examples had.

    Attributes:
        logits: What the network returned, shape `(B, C)`.
        outputs: By path of the modules that ran and returned one tensor, in the order
            of their last calls.
        others: What the other modules that ran returned, in words, by path.
        calls: Calls of each module that ran, by path.
        seconds: Time that an example took in the smaller batch.
        unsteady: Paths at which another module stands after the pass than before.
    """

    logits: Tensor
    outputs: dict[str, Tensor]
    others: dict[str, str]
    calls: dict[str, list[Call]]
    seconds: float
    unsteady: frozenset[str]
    _stamps: dict[str, tuple[int, int, int]]
    _fewer: dict[str, list[Call]]

    def is_logits(self, path: str) -> bool:
        """Whether a module's output is the logits, up to what softmax ignores."""
        output = self.outputs.get(path)
        if output is None or output.shape != self.logits.shape:
            return False
        return torch.allclose(output.float().softmax(1), self.logits.softmax(1))

    def rows(self, path: str, call: int | None = None, *, into: bool = False) -> bool:
        """Whether a module returned, or took, rows of examples; also `(T, B, D)`."""
        dimension = self.example_dimension(path, call, into=into)
        tokens = len(self.shape(path, call, into=into) or ()) == _TOKENS
        return dimension == 0 or (dimension == 1 and tokens)

    def path_of(self, network: nn.Module, probe: Probe) -> str:
        """Find the path by which a probe's module was noted: the first of several."""
        if probe.module in self.calls:
            return probe.module
        module = find_module(network, probe)
        places: dict[int, str] = {}
        for path, each in network.named_modules():
            places.setdefault(id(each), path)
        return places[id(module)]

    def shape(
        self, path: str, call: int | None = None, *, into: bool = False
    ) -> Shape | None:
        """Find the shape of what a call of a module returned, or took."""
        return _shape(self.calls, path, call, into=into)

    def example_dimension(
        self, path: str, call: int | None = None, *, into: bool = False
    ) -> int | None:
        """Find the dimension that counts the examples in what a module returned.

        `call` counts from 1 and is the last where it is None; `into` asks for what the
        module took.
        """
        shape = self.shape(path, call, into=into)
        fewer = _shape(self._fewer, path, call, into=into)
        if path in self.unsteady or shape is None or fewer is None:
            return None
        if len(shape) != len(fewer):
            return None
        examples = len(self.logits)
        sizes = (examples, fewer_examples(examples))
        pairs = enumerate(zip(shape, fewer, strict=True))
        return next((place for place, pair in pairs if pair == sizes), None)

    def rows_per_example(self, path: str) -> int:
        """Count the rows that each example has in a module's output; 0 if it has none.

        More than one where steps or tokens of all examples were laid in one dimension.
        """
        shape, fewer = self.shape(path), _shape(self._fewer, path)
        if not shape or not fewer or len(shape) != len(fewer):
            return 0
        rows, rest = divmod(shape[0], len(self.logits))
        same = fewer[0] == rows * fewer_examples(len(self.logits))
        return rows if same and rest == 0 else 0

    def varies(self, path: str) -> bool:
        """Whether not all examples had the same output, as what embeds places gives."""
        output = self.outputs.get(path)
        if output is None or output.is_meta or len(output) < 2:
            return True
        return not bool((output == output[:1]).all())

    def repeats(self, path: str, inputs: Nest) -> bool:
        """Whether a module returned the inputs, if in another shape."""
        output = self.outputs[path].flatten(1)
        given = (leaf.unsqueeze(-1).flatten(1) for _, leaf in leaves(inputs))
        return any(
            output.dtype == each.dtype and torch.equal(output, each) for each in given
        )

    def same(self, path: str, other: str) -> bool:
        """Whether two modules returned the very same values, unchanged between."""
        return self._stamps[path] == self._stamps[other]


def trace(model: nn.Module, inputs: Nest, call: Forward | None = None) -> Trace:
    """Run one batch and note each module's last call.

    Args:
        model: Network in evaluation mode.
        inputs: Small batch on the network's device, shape `(B, …)`, or a nest of such.
        call: Calls the network, in place of the usual way.

    Returns:
        What ran.

    Raises:
        ModelError: If the network cannot take the batch, or returns no logits, or
            probabilities.

    Example:
        >>> found = trace(nn.Sequential(nn.Linear(2, 3), nn.ReLU()), torch.ones(1, 2))
        >>> list(found.outputs)
        ['0', '1', '']
    """
    before = dict(model.named_modules())
    count = length(inputs)
    logits, record = _pass(model, inputs, call)
    _refuse_probabilities(logits)
    try:
        _, second = _pass(model, rows(inputs, slice(fewer_examples(count))), call)
    except ModelError as error:
        raise ModelError(
            f"The network takes a batch of {count} examples, but must take "
            f"batches of any size. {error}"
        ) from error
    after = dict(model.named_modules())
    return Trace(
        logits,
        record.outputs,
        record.others,
        record.record.calls,
        second.seconds / fewer_examples(count),
        frozenset(path for path in before if before[path] is not after.get(path)),
        record.stamps,
        second.record.calls,
    )


def _pass(
    model: nn.Module, inputs: Nest, call: Forward | None
) -> tuple[Tensor, _Record]:
    """Run a batch; its logits as float32, and what each module returned last."""
    record = _Record()
    with removed_hooks() as add:
        for path, module in hookable_modules(model):
            begin = partial(record.begin, path)
            add(module.register_forward_pre_hook, begin, with_kwargs=True)
            add(module.register_forward_hook, partial(record.note, path))
        began = perf_counter()
        output = first_look(model, inputs, call)
        record.seconds = perf_counter() - began
    return read_logits(output, length(inputs)).float(), record


def hookable_modules(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """List the modules by path; those of TorchScript run without hooks."""
    for path, module in model.named_modules():
        if not isinstance(module, torch.jit.ScriptModule):
            yield path, module


def _shape(
    calls: dict[str, list[Call]],
    path: str,
    call: int | None = None,
    *,
    into: bool = False,
) -> Shape | None:
    """Find the shape at a call, the last where it is None; None if there is none."""
    found = calls.get(path, [])
    place = len(found) if call is None else call
    if not 1 <= place <= len(found):
        return None
    return found[place - 1].takes if into else found[place - 1].gives


def _address(tensor: Tensor) -> int:
    """Where a tensor's values lie; 0 for those without one place, such as sparse."""
    return tensor.data_ptr() if tensor.layout == torch.strided else 0


def first_look(model: nn.Module, inputs: Nest, call: Forward | None = None) -> object:
    """Run a small batch; ModelError, in words, if the network cannot take it."""
    try:
        return forward(model, map_leaves(Tensor.clone, inputs), call)
    except _REFUSALS as error:
        if is_out_of_memory(error):
            raise
        words = str(error).partition("\n")[0].rstrip(".")
        raise ModelError(
            f"The network cannot take inputs {_described(inputs)}: {words}."
            + _remedy(inputs)
        ) from error


def _described(inputs: Nest) -> str:
    words = describe_nest(inputs)
    return f"of {words}" if isinstance(inputs, Tensor) else words


def _remedy(inputs: Nest) -> str:
    if not isinstance(inputs, Tensor):
        shapes = [leaf.shape for _, leaf in leaves(inputs)]
        batches = all(len(shape) > 2 and shape[1] == 1 for shape in shapes)
        return _ABOUT_BATCHES if batches else _ABOUT_CALLS
    if not inputs.is_floating_point():
        return _ABOUT_TOKENS
    return _ABOUT_PICTURES if inputs.ndim > 2 else ""


def _refuse_probabilities(logits: Tensor) -> None:
    sums = torch.ones(len(logits), dtype=logits.dtype, device=logits.device)
    if bool((logits >= 0).all()) and torch.allclose(logits.sum(1), sums, atol=1e-4):
        raise ModelError(
            "The network returns probabilities (every row is positive and sums to 1), "
            "but logits are needed. Leave out its last softmax."
        )

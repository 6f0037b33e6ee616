"""Whether a network's logits are a function of the example alone.

Depth compares votes with a network's prediction, so the prediction must be the same
each time, and must not depend on which examples share a batch. A few examples are run
twice, and each half of them in a batch of its own. What differs beyond rounding is
refused, with the module whose output differs first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from depthviz.datasets.nested import Nest, length, map_leaves, rows, to_device
from depthviz.embeddings.hooks import removed_hooks
from depthviz.embeddings.outputs import Features, read_logits
from depthviz.embeddings.probe import unwrap
from depthviz.embeddings.reading import read_output
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.state import forward, lent
from depthviz.embeddings.tracing import first_look, hookable_modules
from depthviz.errors import ModelError
from depthviz.machine.ambient import neutral_state
from depthviz.machine.interrupts import restoring

__all__ = ["check_steadiness", "differ"]

# Share of the logits' spread: kernels sum in another order for another batch size.
_TOLERANCE = 1e-3
_TOLERANCE_OF_TF32 = 1e-2
_TOLERANCE_OF_HALF = 5e-2
_MOST_LOOKS = 50  # at what is random: what is dropped rarely differs rarely
_HALF = (torch.float16, torch.bfloat16)

_RANDOM = (
    "The network gives other logits for the same examples each time it runs: {far}. "
    "{where} Depth needs one prediction an example. In evaluation mode nothing may be "
    "random: write nn.functional.dropout(x, p, self.training), sample nothing, add no "
    "noise, keep no count between calls, or seed a generator inside forward."
)
_BATCH = (
    "The logits of an example depend on which others are in its batch: {far}. {where} "
    "Depth must not change with batch_size. Give batch norm running statistics "
    "(track_running_stats=True, trained for a while), center or scale over the "
    "features of an example, not over the batch, and quantize with fixed scales, not "
    "by the range of each batch. Recurrent layers and attention need batch_first=True "
    "where examples come first, or they take examples for steps."
)


_PADDING = (
    "The logits of an example depend on how far its batch is padded: {far}. Depth must "
    "not change with batch_size. Give the network the mask that says which tokens "
    "count, such as the attention_mask of a tokenizer, and see that its forward uses "
    "it; or pad all examples to one length."
)


class _Network(NamedTuple):
    """A network and the way it is called."""

    module: nn.Module
    call: Forward | None

    def logits(self, batch: Nest) -> Tensor:
        """Give a copy of the logits of a batch, or of its features without a head."""
        found = first_look(self.module, batch, self.call)
        logits = read_logits(found, length(batch))
        return (found.rows if isinstance(found, Features) else logits).detach().clone()

    def run(self, batch: Nest) -> None:
        """Run a batch, for those who watch its modules."""
        forward(self.module, map_leaves(Tensor.clone, batch), self.call)


class _Call(NamedTuple):
    """One call of a module: what went in and what came out."""

    path: str
    module: nn.Module
    before: Tensor | None
    after: Tensor | None

    def of(self, part: slice, count: int) -> _Call:
        """Leave the rows of some of the `count` examples."""
        before, after = (_rows(each, part, count) for each in self[2:])
        return self._replace(before=before, after=after)


@neutral_state()
def check_steadiness(
    model: nn.Module,
    inputs: Nest,
    *,
    device: torch.device,
    call: Forward | None = None,
    apart: Sequence[tuple[slice, Nest]] = (),
) -> None:
    """Refuse a network whose logits are random, or depend on the rest of the batch.

    Args:
        model: Network that returns logits.
        inputs: Some examples, shape `(B, …)`, or a nest of such, better of several
            classes.
        device: Where the network runs.
        call: Calls the network, in place of the usual way.
        apart: Parts of these examples, as they are padded in batches of their own.

    Raises:
        ModelError: If it is such a network; names the module that differs first.

    Example:
        >>> steady = nn.Linear(4, 3)
        >>> check_steadiness(steady, torch.rand(4, 4), device=torch.device("cpu"))
    """
    network, count = _Network(unwrap(model), call), length(inputs)
    with lent(network.module, device):
        batch = to_device(inputs, device)
        before = _random_states(device)
        first = network.logits(batch)
        drew = before != _random_states(device)
        for _ in range(_MOST_LOOKS if drew else 1):
            _check_same(network, batch, first)
        half = count // 2
        for part in (slice(half), slice(half, None)) if half else ():
            alone = network.logits(rows(batch, part))
            if differ(first[part], alone):
                _check_same(network, batch, first)
                _check_same(network, rows(batch, part), alone)
                where = _first_difference(network, batch, part)
                far = _distance(first[part], alone)
                raise ModelError(_BATCH.format(far=far, where=where))
        for part, padded in apart:
            alone = network.logits(to_device(padded, device))
            tokens = alone.shape[1:] != first.shape[1:]  # of a network without a head
            if not tokens and differ(first[part], alone):
                far = _distance(first[part], alone)
                raise ModelError(_PADDING.format(far=far))


def _check_same(network: _Network, batch: Nest, first: Tensor) -> None:
    """Run a batch again and refuse a network that gives it other logits."""
    again = network.logits(batch)
    if differ(first, again):
        where = _first_difference(network, batch, slice(None))
        raise ModelError(_RANDOM.format(far=_distance(first, again), where=where))


def _random_states(device: torch.device) -> tuple[object, ...]:
    """Take the global random states that a network may draw from."""
    states = [torch.random.get_rng_state()]
    if device.type == "cuda":
        states.append(torch.cuda.get_rng_state(device))
    numpy: Any = np.random.get_state()
    numpy = (numpy[1].tobytes(), *numpy[2:])
    return random.getstate(), numpy, *(state.numpy().tobytes() for state in states)


def differ(values: Tensor, others: Tensor) -> bool:
    """Whether two results are further apart than rounding explains.

    Args:
        values: Any shape.
        others: What should be the same.

    Returns:
        True also where the shapes differ.

    Example:
        >>> one = torch.tensor([0.0, 1.0])
        >>> differ(one, one + 1e-6), differ(one, one + 0.1)
        (False, True)
    """
    if values.shape != others.shape:
        return True
    return _largest_difference(values, others) > _allowed(values)


def _allowed(values: Tensor) -> float:
    finite = values.double()[values.isfinite()]
    if not len(finite):
        return 0.0
    spread = float(finite.max() - finite.min())
    size = float(finite.abs().max()) * torch.finfo(torch.float32).eps
    return _tolerance(values) * spread + size


def _tolerance(values: Tensor) -> float:
    if values.dtype in _HALF:
        return _TOLERANCE_OF_HALF
    return _TOLERANCE if values.device.type == "cpu" else _TOLERANCE_OF_TF32


def _largest_difference(values: Tensor, others: Tensor) -> float:
    """The largest difference; infinite where one alone is not finite."""
    far = (values.double() - others.double()).abs()
    same = (values == others) | (values.isnan() & others.isnan())
    far = far.masked_fill(same, 0.0).nan_to_num(nan=torch.inf)
    return float(far.max()) if far.numel() else 0.0


def _distance(values: Tensor, others: Tensor) -> str:
    if values.shape != others.shape:
        return f"of shape {tuple(values.shape)} and then {tuple(others.shape)}"
    finite = values[values.isfinite()].double()
    spread = float(finite.max() - finite.min()) if len(finite) else 0.0
    far = _largest_difference(values, others)
    return f"up to {far:.3g} apart, where they spread over {spread:.3g}"


def _first_difference(network: _Network, batch: Nest, part: slice) -> str:
    """Say which module differs first, and why; what is rare is looked for again."""
    looks = (_look_for_difference(network, batch, part) for _ in range(_MOST_LOOKS))
    return next(filter(None, looks), "No module's output shows where.")


def _look_for_difference(network: _Network, batch: Nest, part: slice) -> str | None:
    """Run a batch and a part of it; None where the outputs of all modules agree."""
    with _noted_calls(network.module) as calls:
        network.run(batch)
        once = [call.of(part, length(batch)) for call in calls]
        calls.clear()
        network.run(rows(batch, part))
    for call, later in zip(once, calls, strict=False):
        if call.path != later.path:
            return f"Its modules run in another order from {_name(later)} on."
        if _apart(call.after, later.after):
            inside = not call.path or not _apart(call.before, later.before)
            return _describe_difference(call, inside=inside)
    return None


def _describe_difference(call: _Call, *, inside: bool) -> str:
    if not call.path:
        return (
            "The outputs of its modules are equal: what differs is done in the forward "
            f"of {type(call.module).__name__} after the last of them."
        )
    if inside:
        return f"The first to differ is module {_name(call)}."
    return (
        f"The first to differ is module {_name(call)}, and what goes into it differs "
        "already: the cause is in the code right before its call."
    )


def _name(call: _Call) -> str:
    return f"{call.path!r} ({type(call.module).__name__})"


def _apart(values: Tensor | None, others: Tensor | None) -> bool:
    if values is None or others is None or values.shape != others.shape:
        return False  # not rows of examples
    return differ(values, others)


@restoring
def _noted_calls(network: nn.Module) -> Iterator[list[_Call]]:
    """Note each call of each module, and what went in and came out."""
    calls: list[_Call] = []

    def note(
        path: str,
        module: nn.Module,
        given: tuple[object, ...],
        named: dict[str, object],
        output: object,
    ) -> None:
        first = next(iter((*given, *named.values())), None)
        before = first if isinstance(first, Tensor) else None
        after = read_output(module, output)
        calls.append(_Call(path, module, _copy(before), _copy(after)))

    with removed_hooks() as add:
        for path, module in hookable_modules(network):
            hook = partial(note, path)
            add(module.register_forward_hook, hook, with_kwargs=True)
        yield calls


def _copy(tensor: Tensor | None) -> Tensor | None:
    return None if tensor is None or tensor.is_nested else tensor.detach().cpu().clone()


def _rows(tensor: Tensor | None, part: slice, count: int) -> Tensor | None:
    """Take some examples where the first dimension counts them."""
    rows = tensor is not None and tensor.ndim > 0 and len(tensor) == count
    return tensor[part] if tensor is not None and rows else tensor

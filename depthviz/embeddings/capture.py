"""Activations copied at the moment a module runs.

Forward hooks and pre-hooks copy what passes, at once: an in-place ReLU overwrites the
very tensor that the layer before it returned, so a kept reference would hold the values
after the ReLU. A module that runs several times in a pass leaves its last call, unless
the probe names another.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from threading import get_ident
from typing import Any

import torch
from torch import Tensor, nn

from depthviz.embeddings.hooks import AddHook, removed_hooks
from depthviz.embeddings.outputs import describe, only_tensor
from depthviz.embeddings.pooling import features_are_last, mask_of, pooled
from depthviz.embeddings.probe import Probe, find_module
from depthviz.embeddings.reading import read_output
from depthviz.errors import FeatureError, ModelError, ProbeError
from depthviz.machine.interrupts import Guard, enter

__all__ = ["Capture", "flat", "move_examples_first"]

_ROW = 2  # dimensions of one row for each example


class Capture(Guard):
    """Hooks at probes while the context is open.

    Args:
        model: Network without wrapper.
        probes: Places; those without a module are left to the caller.
        device: Where the copies go.
    """

    def __init__(
        self, model: nn.Module, probes: Iterable[Probe], device: torch.device
    ) -> None:
        """Find the modules; set no hook yet."""
        self._places = [
            (probe, find_module(model, probe)) for probe in probes if probe.module
        ]
        self._device = device
        self._copies: dict[str, Tensor] = {}
        self._shapes: dict[str, tuple[int, ...]] = {}
        self._sizes: dict[str, int] = {}
        self._mask: Tensor | None = None
        self._calls: Counter[str] = Counter()
        self._thread = get_ident()
        self._hooks = ExitStack()

    def _begin(self) -> None:
        """Set the hooks; on an error none stays."""
        add = enter(self._hooks, removed_hooks)
        for probe, module in self._places:
            _hook(add, module, probe, self._copy)

    def close(self) -> None:
        """Remove the hooks and let go of the copies."""
        self._hooks.close()
        self._copies.clear()

    def begin(self, batch: object) -> None:
        """Say what the next pass gets: its mask tells which tokens count.

        Raises:
            FeatureError: If an example has no token that counts.
        """
        self._mask = mask_of(batch)

    def take(self, examples: int) -> dict[str, Tensor]:
        """Hand over the copies of the last pass, and forget them.

        Args:
            examples: Number of examples in the batch.

        Returns:
            By probe, shape `(examples, F)`, float32.

        Raises:
            ModelError: If a module did not run, or returned no row per example.
            FeatureError: If it returned another number of features than before.
        """
        copies, self._copies = self._copies, {}
        calls, self._calls = self._calls, Counter()
        for probe, _ in self._places:
            if probe.name not in copies:
                raise ModelError(_unseen(probe, calls[probe.name]))
            if len(copies[probe.name]) != examples:
                raise ModelError(_misplaced(probe, self._shapes[probe.name], examples))
            self._check_size(probe, copies[probe.name].shape[1])
        return {probe.name: copies[probe.name] for probe, _ in self._places}

    def _copy(self, probe: Probe, value: object, tensor: Tensor | None) -> None:
        """Copy what passes; a call from another thread is not of this pass."""
        if get_ident() != self._thread:
            return
        self._calls[probe.name] += 1
        if probe.call not in (None, self._calls[probe.name]):
            return
        if tensor is None or tensor.ndim == 0:
            raise ModelError(
                f"Probe {probe.name!r}: the {probe.at} of module {probe.module!r} is "
                f"{describe(value)}, not one tensor with a row for each example. "
                "Choose another module, or wrap this one in a module that returns one "
                "of them."
            )
        self._shapes[probe.name] = tuple(tensor.shape)
        self._copies[probe.name] = flat(self._read(probe, tensor), self._device)

    def _read(self, probe: Probe, tensor: Tensor) -> Tensor:
        """Bring the examples to the front, and pool."""
        if not probe.batch_first and tensor.ndim > 1:
            tensor = tensor.transpose(0, 1)
        if probe.pool in (None, "flatten"):
            return tensor
        module = next(each for place, each in self._places if place is probe)
        try:
            return pooled(
                tensor.detach(),
                probe.pool,
                mask=self._mask,
                features_last=features_are_last(module, tensor.shape),
            )
        except ProbeError as error:
            raise ProbeError(f"Probe {probe.name!r}: {error}") from error

    def _check_size(self, probe: Probe, size: int) -> None:
        """Refuse rows that have another length than those of the batch before."""
        before = self._sizes.setdefault(probe.name, size)
        if size != before:
            raise FeatureError(
                f"Probe {probe.name!r} has {before:,} features in one batch and "
                f"{size:,} in another: its tokens are laid in one row, and batches are "
                "padded to different lengths. Read one row of them, "
                f"Probe({probe.module!r}, pool='mean'), or pad all to one length."
            )


def _unseen(probe: Probe, calls: int) -> str:
    """Say why a probe saw nothing."""
    start = f"Probe {probe.name!r} saw nothing: the module {probe.module!r} "
    if calls:
        times = "once" if calls == 1 else f"{calls} times"
        return start + (
            f"ran {times} in this forward pass, and the probe asks for call "
            f"{probe.call}. Choose one up to {calls}."
        )
    return start + "did not run in this forward pass. Choose one that runs."


def _misplaced(probe: Probe, shape: tuple[int, ...], examples: int) -> str:
    """Say where the examples are, if anywhere, and what to do."""
    start = (
        f"Probe {probe.name!r}: the {probe.at} of module {probe.module!r} has shape "
        f"{shape} for {examples} examples, and its first dimension must count them. "
    )
    if not probe.batch_first:
        return start.replace("first dimension", "second dimension") + (
            "The probe says batch_first=False. Leave that out: where the examples "
            "stand is found."
        )
    if len(shape) > _ROW and shape[1] == examples:
        return start + move_examples_first(1)
    if shape[0] % examples == 0:
        return start + (
            f"Each example has {shape[0] // examples} rows here: wrap the module in "
            "one that returns them as one row, output.reshape(B, -1) where those of an "
            "example lie next to each other; a packed sequence goes through "
            "nn.utils.rnn.pad_packed_sequence(..., batch_first=True) first."
        )
    return start + (
        "Choose another module, or wrap this one in a module that returns a row for "
        "each example."
    )


def move_examples_first(dimension: int) -> str:
    """Say what to do with a module that counts the examples in a later dimension."""
    return (
        "Build it with batch_first=True, or wrap it in a module that transposes "
        f"dimensions 0 and {dimension} of what it returns."
    )


def flat(tensor: Tensor, device: torch.device) -> Tensor:
    """Copy a batch of activations into one row per example.

    Args:
        tensor: Shape `(B, …)`, any type, device and strides.
        device: Where the copy goes.

    Returns:
        New memory, shape `(B, F)`, float32, contiguous.

    Example:
        >>> flat(torch.ones(2, 3, 4), torch.device("cpu")).shape
        torch.Size([2, 12])
    """
    rows = tensor.detach().unsqueeze(-1) if tensor.ndim == 1 else tensor.detach()
    copy = torch.empty(rows.shape, dtype=torch.float32, device=device)
    return copy.copy_(rows).flatten(1)


def _hook(
    add: AddHook,
    module: nn.Module,
    probe: Probe,
    copy: Callable[[Probe, object, Tensor | None], None],
) -> None:
    def after(_: nn.Module, __: Any, output: object) -> None:
        copy(probe, output, read_output(module, output))

    def before(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        given = (*args, *kwargs.values())
        copy(probe, given, only_tensor(given))

    if isinstance(module, torch.jit.ScriptModule):
        raise ModelError(
            f"Probe {probe.name!r}: the module {probe.module!r} is TorchScript "
            f"({type(module).__name__}), which runs without hooks, so nothing can be "
            "read of it. Choose a module around it, or give the nn.Module that it was "
            "made from."
        )
    if probe.at == "output":
        add(module.register_forward_hook, after)
    else:
        add(module.register_forward_pre_hook, before, with_kwargs=True)

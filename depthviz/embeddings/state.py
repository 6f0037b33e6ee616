"""A network lent for measuring, and given back as it was.

While lent it is in evaluation mode on the device asked for; afterwards every module has
its own mode again (some may have been frozen while the rest trained), buffers that its
forward changed have their values again and the parameters are back on their device,
whatever happened in between. A network spread over
several devices stays where it is. Other threads wait until it is given back. Records
nothing.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from depthviz.datasets.nested import Nest, map_leaves
from depthviz.embeddings.borrowing import borrowed
from depthviz.embeddings.running.calling import Forward, call_network
from depthviz.errors import ModelError
from depthviz.machine.ambient import default_device_of_caller
from depthviz.machine.interrupts import enter, restoring

__all__ = ["forward", "home", "in_type_of", "is_compiled", "lent"]


@restoring
def lent(model: nn.Module, device: torch.device) -> Iterator[nn.Module]:
    """Put a network into evaluation mode on a device, and restore it afterwards.

    Args:
        model: Network without wrapper.
        device: Where its inputs will be.

    Yields:
        The same network.
    """
    with (
        borrowed(model),
        _evaluation(model),
        _moved(model, device),
        _kept_buffers(model),
    ):
        yield model


def home(model: nn.Module) -> torch.device:
    """Find the device of a network's first parameter.

    Args:
        model: Any network.

    Returns:
        That device; the CPU for a network without parameters and buffers.

    Example:
        >>> home(nn.ReLU())
        device(type='cpu')
    """
    first = next(chain(model.parameters(), model.buffers()), None)
    return torch.device("cpu") if first is None else first.device


def forward(model: nn.Module, inputs: Nest, call: Forward | None = None) -> object:
    """Run a network once, without gradients and without compiled code.

    Floats are given in the type of the network's first parameter of floats: arrays are
    read as float32 and many data sets give float64, whatever the network computes in.
    Compiled code may leave out hooks that were set after it was compiled.

    Args:
        model: Network in evaluation mode.
        inputs: Batch, shape `(B, …)`, or a nest of such; the network may write into it.
        call: Calls the network with the batch, in place of the usual way.

    Returns:
        Whatever the network returns.

    Example:
        >>> forward(nn.Linear(2, 3), torch.ones(1, 2, dtype=torch.float64)).dtype
        torch.float32
    """
    with _no_gradients(model), default_device_of_caller():
        return (call or call_network)(model, in_type_of(model, inputs))


def in_type_of(model: nn.Module, inputs: Nest) -> Any:
    """Give inputs of floats in the type of a network's first parameter of floats."""
    floats = (each.dtype for each in model.parameters() if each.is_floating_point())
    kind = next(floats, None)

    def change(leaf: Tensor) -> Tensor:
        return leaf if kind is None or not leaf.is_floating_point() else leaf.to(kind)

    return map_leaves(change, inputs)


@restoring
def _evaluation(model: nn.Module) -> Iterator[None]:
    # A frozen ScriptModule has no mode any more.
    modes = [
        (module, module.training)
        for module in model.modules()
        if hasattr(module, "training")
    ]
    try:
        _to_evaluation(model)
        yield
    finally:
        # train() may do more than set a flag (merged adapters are split again), and
        # may not set it at all (frozen normalization): so call it, then set the flag.
        try:
            for module, training in modes:
                if module.training != training:
                    module.train(training)
        finally:
            for module, training in modes:
                module.training = training


def _to_evaluation(model: nn.Module) -> None:
    try:
        model.eval()
    except NotImplementedError as error:
        raise ModelError(
            f"The network cannot be put into evaluation mode ({error}). A network that "
            "was made by torch.export has lost its modules: give the nn.Module that it "
            "was exported from."
        ) from error


@restoring
def _kept_buffers(model: nn.Module) -> Iterator[None]:
    """Put back buffers that a network changes in its forward, such as counters."""
    kept = [
        (module, name, buffer, buffer.clone())
        for module in model.modules()
        for name, buffer in module._buffers.items()
        if buffer is not None
    ]
    try:
        yield
    finally:
        for module, name, buffer, before in kept:
            if module._buffers.get(name) is not buffer:
                module._buffers[name] = buffer
            if not torch.equal(buffer, before):
                buffer.copy_(before)


@restoring
def _moved(model: nn.Module, device: torch.device) -> Iterator[None]:
    homes = {tensor.device for tensor in chain(model.parameters(), model.buffers())}
    if len(homes) != 1 or homes == {device}:
        yield
        return
    try:
        model.to(device)
        yield
    finally:
        model.to(homes.pop())


@restoring
def _no_gradients(model: nn.Module) -> Iterator[None]:
    """Record nothing for gradients, and run no compiled code."""
    with ExitStack() as held:
        enter(held, torch.no_grad)
        if is_compiled(model) and hasattr(torch.compiler, "set_stance"):
            enter(held, torch.compiler.set_stance, "force_eager")
        yield


def is_compiled(model: nn.Module) -> bool:
    """Whether a network, or a part of it, was given to torch.compile."""
    return any(
        getattr(module, "_compiled_call_impl", None) or hasattr(module, "_orig_mod")
        for module in model.modules()
    )

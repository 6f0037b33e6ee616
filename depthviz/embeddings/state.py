"""A network lent for measuring, and given back as it was.

While lent it is in evaluation mode on the device asked for; afterwards every module has
its own mode again (some may have been frozen while the rest trained) and the
parameters are back on their device, whatever happened in between. A network spread over
several devices stays where it is. Records nothing.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from itertools import chain

import torch
from torch import Tensor, nn

__all__ = ["forward", "home", "lent"]


@contextmanager
def lent(model: nn.Module, device: torch.device) -> Iterator[nn.Module]:
    """Put a network into evaluation mode on a device, and restore it afterwards.

    Args:
        model: Network without wrapper.
        device: Where its inputs will be.

    Yields:
        The same network.
    """
    with ExitStack() as restore:
        restore.enter_context(_evaluation(model))
        restore.enter_context(_moved(model, device))
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


def forward(model: nn.Module, inputs: Tensor) -> object:
    """Run a network once, without gradients and without compiled code.

    Floats are given in the type of the network's first parameter of floats: arrays are
    read as float32 and many data sets give float64, whatever the network computes in.
    Compiled code may leave out hooks that were set after it was compiled.

    Args:
        model: Network in evaluation mode.
        inputs: Batch, shape `(B, …)`; the network may write into it.

    Returns:
        Whatever the network returns.

    Example:
        >>> forward(nn.Linear(2, 3), torch.ones(1, 2, dtype=torch.float64)).dtype
        torch.float32
    """
    with torch.no_grad(), _uncompiled(model):
        return model(_in_its_type(model, inputs))


def _in_its_type(model: nn.Module, inputs: Tensor) -> Tensor:
    floats = (each.dtype for each in model.parameters() if each.is_floating_point())
    return (
        inputs.to(next(floats, inputs.dtype)) if inputs.is_floating_point() else inputs
    )


@contextmanager
def _evaluation(model: nn.Module) -> Iterator[None]:
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        # train() may do more than set a flag (merged adapters are split again), and
        # may not set it at all (frozen normalization): so call it, then set the flag.
        for module, training in modes:
            if module.training != training:
                module.train(training)
        for module, training in modes:
            module.training = training


@contextmanager
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


def _uncompiled(model: nn.Module) -> AbstractContextManager[object]:
    compiled = any(
        getattr(module, "_compiled_call_impl", None) or hasattr(module, "_orig_mod")
        for module in model.modules()
    )
    if not compiled or not hasattr(torch.compiler, "set_stance"):
        return nullcontext()
    eager: AbstractContextManager[object] = torch.compiler.set_stance("force_eager")
    return eager

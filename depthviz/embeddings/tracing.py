"""Which modules run in a forward pass, in which order, and what they return.

The automatic choice of probes asks the network itself instead of trusting its source:
one small batch goes through, and each module's last call is noted.
"""

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from depthviz.embeddings.outputs import only_tensor, read_logits
from depthviz.embeddings.state import forward
from depthviz.errors import ModelError

__all__ = ["Trace", "trace"]

# What torch and torchvision raise at inputs of a wrong shape or type.
_REFUSALS = (RuntimeError, ValueError, IndexError, AssertionError)
_ABOUT_PICTURES = (
    " Arrays are given channels first; convert grey or RGBA pictures to the channels "
    "that it was trained on."
)


@dataclass(frozen=True)
class Trace:
    """One forward pass.

    Attributes:
        logits: What the network returned, shape `(B, C)`.
        outputs: By path of the modules that ran and returned one tensor, in the order
            of their last calls.
    """

    logits: Tensor
    outputs: dict[str, Tensor]
    _stamps: dict[str, tuple[int, int, int]]

    def is_logits(self, path: str) -> bool:
        """Tell whether a module's output is the logits, up to what softmax ignores."""
        output = self.outputs.get(path)
        if output is None or output.shape != self.logits.shape:
            return False
        return torch.allclose(output.float().softmax(1), self.logits.softmax(1))

    def rows(self, path: str) -> bool:
        """Tell whether a module ran and returned a row for each example."""
        output = self.outputs.get(path)
        return output is not None and output.shape[:1] == self.logits.shape[:1]

    def repeats(self, path: str, inputs: Tensor) -> bool:
        """Tell whether a module returned the inputs, if in another shape."""
        output = self.outputs[path].flatten(1)
        rows = inputs.flatten(1)
        return output.dtype == rows.dtype and torch.equal(output, rows)

    def same(self, path: str, other: str) -> bool:
        """Tell whether two modules returned the very same values, unchanged between."""
        return self._stamps[path] == self._stamps[other]


def trace(model: nn.Module, inputs: Tensor) -> Trace:
    """Run one batch and note each module's last call.

    Args:
        model: Network in evaluation mode.
        inputs: Small batch on the network's device, shape `(B, …)`.

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
    outputs: dict[str, Tensor] = {}
    stamps: dict[str, tuple[int, int, int]] = {}

    def note(path: str, _: nn.Module, __: object, output: object) -> None:
        outputs.pop(path, None)
        tensor = only_tensor(output)
        if tensor is not None:
            outputs[path] = tensor
            stamps[path] = (tensor.data_ptr(), tensor.numel(), tensor._version)

    hooks = [
        module.register_forward_hook(partial(note, path))
        for path, module in model.named_modules()
    ]
    try:
        output = _first_look(model, inputs)
    finally:
        for hook in hooks:
            hook.remove()
    logits = read_logits(output, len(inputs)).float()
    _refuse_probabilities(logits)
    return Trace(logits, outputs, stamps)


def _first_look(model: nn.Module, inputs: Tensor) -> object:
    try:
        return forward(model, inputs.clone())
    except _REFUSALS as error:
        if isinstance(error, torch.cuda.OutOfMemoryError):
            raise
        words = str(error).partition("\n")[0].rstrip(".")
        raise ModelError(
            f"The network cannot take inputs of shape {tuple(inputs.shape)}, "
            f"{str(inputs.dtype).removeprefix('torch.')}: {words}."
            + (_ABOUT_PICTURES if inputs.ndim > 2 else "")
        ) from error


def _refuse_probabilities(logits: Tensor) -> None:
    sums = torch.ones(len(logits), device=logits.device)
    if bool((logits >= 0).all()) and torch.allclose(logits.sum(1), sums, atol=1e-4):
        raise ModelError(
            "The network returns probabilities (every row is positive and sums to 1), "
            "but logits are needed. Leave out its last softmax."
        )

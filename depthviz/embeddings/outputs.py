"""What a network or a module returns, read as one tensor.

Modules return tensors, tuples with one tensor of interest, or objects with `.logits`.
Anything that leaves a choice is refused with what came, never guessed.
"""

from collections.abc import Iterable, Mapping

from torch import Tensor

from depthviz.errors import ModelError

__all__ = ["describe", "only_tensor", "read_logits"]


def read_logits(output: object, examples: int) -> Tensor:
    """Read the logits of a batch.

    Args:
        output: What the network returned: a tensor, or an object with `.logits`.
        examples: Number of examples in the batch.

    Returns:
        Logits, shape `(examples, C)` with C at least 2.

    Raises:
        ModelError: If it is anything else; the message says what came.

    Example:
        >>> import torch
        >>> read_logits(torch.zeros(4, 10), 4).shape
        torch.Size([4, 10])
    """
    logits = getattr(output, "logits", output)
    if not isinstance(logits, Tensor):
        raise ModelError(
            "The network must return a tensor of logits, or an object with .logits; "
            f"it returned {describe(output)}. Wrap it in a module that returns them."
        )
    if logits.ndim != 2 or len(logits) != examples or logits.shape[1] < 2:
        raise ModelError(
            f"The network must return logits of shape ({examples}, classes), with at "
            f"least 2 classes; it returned {describe(logits)}."
        )
    return logits


def only_tensor(output: object) -> Tensor | None:
    """Find the one tensor of floats in what a module takes or returns.

    Args:
        output: A tensor, or a tuple, list or mapping that holds one.

    Returns:
        That tensor; None where there is none, or more than one.

    Example:
        >>> import torch
        >>> only_tensor((torch.ones(2), None))
        tensor([1., 1.])
        >>> only_tensor((torch.ones(2), torch.ones(2))) is None
        True
    """
    if isinstance(output, Tensor):
        return output
    found = [part for part in _parts(output) if isinstance(part, Tensor)]
    floats = [part for part in found if part.is_floating_point()]
    return floats[0] if len(floats) == 1 else None


def _parts(output: object) -> Iterable[object]:
    if isinstance(output, Mapping):
        return output.values()
    return output if isinstance(output, tuple | list) else ()


def describe(output: object) -> str:
    """Say in words what a module returned.

    Args:
        output: Anything.

    Returns:
        Its type, with the shapes of the tensors in it.

    Example:
        >>> import torch
        >>> describe((torch.zeros(2, 3), None))
        'a tuple of (a tensor of shape (2, 3), None)'
    """
    if isinstance(output, Tensor):
        return f"a tensor of shape {tuple(output.shape)}"
    parts = ", ".join(describe(part) for part in _parts(output))
    if parts:
        return f"a {type(output).__name__} of ({parts})"
    return "None" if output is None else f"a {type(output).__name__}"

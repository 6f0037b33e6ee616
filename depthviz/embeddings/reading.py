"""The tensor that is read of a module's output.

Blocks return the state that goes on alone, or first of several: a recurrent network's
outputs before its last state, attention's result before its weights, a cell's new state
before the old one. So the first tensor of floats of a tuple or list is read, and of an
object with named fields, such as a `ModelOutput`, its first field. A plain mapping
has no order that means anything: it must leave no choice.
"""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from depthviz.embeddings.outputs import only_tensor

__all__ = ["read_output"]


def read_output(module: nn.Module, output: object) -> Tensor | None:
    """Find the one tensor that stands for a module's output.

    Args:
        module: The module.
        output: What it returned.

    Returns:
        The tensor; None where there is none, or a choice.

    Example:
        >>> import torch
        >>> recurrent = nn.GRU(4, 5, batch_first=True)
        >>> read_output(recurrent, recurrent(torch.ones(2, 3, 4))).shape
        torch.Size([2, 3, 5])
        >>> read_output(nn.Identity(), (torch.ones(2), torch.zeros(2)))
        tensor([1., 1.])
    """
    if isinstance(output, PackedSequence):
        return None
    fields: Callable[[], object] | None = getattr(output, "to_tuple", None)
    parts = fields() if callable(fields) else output
    if isinstance(parts, tuple | list):
        floats = (
            part
            for part in parts
            if isinstance(part, Tensor) and part.is_floating_point() and part.ndim
        )
        first = next(floats, None)
        return only_tensor(output) if first is None else first
    return only_tensor(output)

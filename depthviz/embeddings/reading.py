"""The tensor that is read of a module's output.

Some of torch's own modules return two tensors of which the first is what they are known
for: the outputs of a recurrent network before its last state, the result of attention
before its weights. Any other module must leave no choice.
"""

from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from depthviz.embeddings.outputs import only_tensor

__all__ = ["read_output"]

_FIRST_IS_MEANT = (nn.RNNBase, nn.LSTMCell, nn.MultiheadAttention)


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
    """
    if isinstance(module, _FIRST_IS_MEANT) and isinstance(output, tuple):
        output = output[0]
    return None if isinstance(output, PackedSequence) else only_tensor(output)

"""Prediction depth: where in the network an example is decided.

The probe from which every later vote equals the network's own prediction. Easy examples
are decided at the input or soon after; the network never quite decides others. Counts
probes from the input on and knows nothing of what they measure.
"""

import torch
from torch import Tensor

from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ShapeError
from depthviz.probes.agreement import check_votes

__all__ = ["prediction_depth"]


@takes_arrays
def prediction_depth(votes: Tensor, prediction: Tensor) -> Tensor:
    """Find the probe from which every vote equals the prediction.

    Args:
        votes: Winning class of each probe, input first, shape `(P, N)`.
        prediction: The network's class, shape `(N,)`; with the given labels in its
            place the result is `depth_of_label` (ours).

    Returns:
        Depth of each example, shape `(N,)`, int64, in 0..P; P where even the last
        probe disagrees (ours: the paper's definition does not cover it).

    Raises:
        ShapeError: If votes and prediction do not cover the same examples, or there is
            no probe.
        LabelError: If they are no classes.

    Example:
        >>> prediction_depth(torch.tensor([[1, 0], [1, 1]]), torch.tensor([1, 1]))
        tensor([0, 1])

    References:
        Baldock, Maennel & Neyshabur (2021). https://arxiv.org/abs/2106.09647
    """
    check_votes(votes, "prediction", prediction)
    if len(votes) == 0:
        raise ShapeError("Depth needs the votes of at least one probe, got none.")
    after = torch.arange(1, len(votes) + 1, device=votes.device).unsqueeze(1)
    return (after * (votes != prediction)).amax(0)

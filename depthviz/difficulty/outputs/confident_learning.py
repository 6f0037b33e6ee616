"""cleanlab's score of a label, by calling cleanlab.

Confident learning asks how probable a network that did not see an example finds its
label. The library is optional: where it is missing, the line that installs it is said.
"""

from __future__ import annotations

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import DependencyError

__all__ = ["label_quality"]


@takes_arrays
def label_quality(probabilities: Tensor, labels: Tensor) -> Tensor:
    """Score labels by cleanlab, from held-out probabilities.

    Args:
        probabilities: Softmax of networks that did not train on the example, shape
            `(N, C)`; NaN where there is none.
        labels: Given labels, integers, shape `(N,)`.

    Returns:
        Score, float64, shape `(N,)`, in [0, 1]; small where the label is doubtful, NaN
        where a probability is.

    Raises:
        ShapeError: If the two do not cover the same examples.
        LabelError: If a label is none of the C classes.
        DependencyError: If cleanlab is not installed.

    Example:
        >>> label_quality(torch.tensor([[0.9, 0.1], [0.9, 0.1]]), torch.tensor([0, 1]))
        tensor([0.9000, 0.1000], dtype=torch.float64)

    References:
        Northcutt, Jiang & Chuang (2021). https://arxiv.org/abs/1911.00068
    """
    check_shape("probabilities", probabilities, "N C", None, None)
    check_shape("labels", labels, "N", len(probabilities))
    check_classes("labels", labels, classes=probabilities.shape[1])
    try:
        from cleanlab.rank import get_label_quality_scores
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] != "cleanlab":  # one that it needs
            raise
        raise DependencyError(
            "label_quality calls cleanlab, which is not installed: pip install "
            "'torch-depthviz[cleanlab]'."
        ) from error
    found = torch.full((len(labels),), torch.nan, dtype=torch.float64, device="cpu")
    known = ~probabilities.isnan().any(1)
    if bool(known.any()):
        shares = probabilities[known].double()
        scores = get_label_quality_scores(
            labels[known].cpu().numpy(),
            (shares / shares.sum(1, keepdim=True)).cpu().numpy(),
        )
        found[known.cpu()] = torch.from_numpy(scores).double()
    return found

"""A network of dense layers alone, as wide and deep as the paper's.

It sees a picture as a row of numbers, so what its layers decide owes nothing to
convolutions. Without normalization, seven layers train from weights of the right size:
these are He's.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise

from torch import nn

from depthviz.checks import renamed_keywords
from depthviz.machine.seeds import drawing

__all__ = ["mlp"]


@renamed_keywords(classes="num_classes")
def mlp(
    *,
    in_features: int = 784,
    num_classes: int = 10,
    width: int = 2048,
    hidden: int = 7,
    seed: int | None = None,
) -> nn.Sequential:
    """Build an untrained network of dense layers.

    Weights are normal with variance 2 / (inputs of the layer), biases zero (ours). The
    automatic probes are the input, each hidden layer before its ReLU, and the softmax:
    9 for seven layers.

    Args:
        in_features: Numbers of an input once it is flattened.
        num_classes: Number of logits.
        width: Units of each hidden layer.
        hidden: Number of hidden layers.
        seed: Decides the initial weights, and the global random state stays as it was;
            None draws them from torch's global random state.

    Returns:
        A network from inputs `(B, …)` of `in_features` numbers to logits
        `(B, num_classes)`.

    Example:
        >>> import torch
        >>> mlp(width=16, seed=0)(torch.zeros(2, 1, 28, 28)).shape
        torch.Size([2, 10])

    References:
        Baldock, Maennel & Neyshabur (2021). https://arxiv.org/abs/2106.09647
        He, Zhang, Ren & Sun (2015). https://arxiv.org/abs/1502.01852
    """
    sizes = (in_features, *[width] * hidden, num_classes)
    layers: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
    with drawing(seed):
        for number, (before, after) in enumerate(pairwise(sizes), 1):
            layers[f"dense{number}"] = _dense(before, after)
            if number <= hidden:
                layers[f"relu{number}"] = nn.ReLU()
    return nn.Sequential(layers)


def _dense(before: int, after: int) -> nn.Linear:
    layer = nn.Linear(before, after)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer

"""A convolutional network small enough for two processor cores.

The first notebook trains it on 8 by 8 digits in seconds, the demo on 16 by 16. Four
convolutions and a dense layer are enough to see examples settle at different depths;
the mean over all positions makes it fit any picture from 8 by 8 to 32 by 32. It is a
plain `nn.Sequential` with named layers, so that it is read like any network of a user's
own.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise

from torch import nn

from depthviz.checks import renamed_keywords
from depthviz.machine.seeds import drawing

__all__ = ["small_cnn"]


@renamed_keywords(classes="num_classes")
def small_cnn(
    *,
    in_channels: int = 1,
    num_classes: int = 10,
    width: int = 32,
    stride: int = 1,
    seed: int | None = None,
) -> nn.Sequential:
    """Build an untrained convolutional network.

    Args:
        in_channels: Channels of the pictures.
        num_classes: Number of logits.
        width: Channels of the first two convolutions; the next two have twice as many.
        stride: Step of the first convolution. 2 halves the sides of all that follows,
            for a quarter of the time; enough for pictures of 28 by 28 and more.
        seed: Decides the initial weights, and the global random state stays as it was;
            None draws them from torch's global random state.

    Returns:
        A network from pictures `(B, in_channels, H, W)` to logits `(B, num_classes)`.

    Example:
        >>> import torch
        >>> small_cnn(seed=0)(torch.zeros(2, 1, 8, 8)).shape
        torch.Size([2, 10])
    """
    sizes = (in_channels, width, width, 2 * width, 2 * width)
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    with drawing(seed):
        for number, (before, after) in enumerate(pairwise(sizes), 1):
            step = stride if number == 1 else 1
            layers[f"conv{number}"] = nn.Conv2d(before, after, 3, step, padding=1)
            layers[f"norm{number}"] = nn.BatchNorm2d(after)
            layers[f"relu{number}"] = nn.ReLU()
            if number == 2:
                layers["pool"] = nn.MaxPool2d(2)
        layers["mean"] = nn.AdaptiveAvgPool2d(2)
        layers["flatten"] = nn.Flatten()
        layers["dense1"] = nn.Linear(8 * width, 2 * width)
        layers["relu5"] = nn.ReLU()
        layers["dense2"] = nn.Linear(2 * width, num_classes)
    return nn.Sequential(layers)

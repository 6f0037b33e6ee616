"""VGG-16 and ResNet-18 in the form that fits pictures of about 32 by 32.

Both are torchvision's classes, so that everything that knows those knows these, with
what was made for photographs taken out: the ResNet begins with a 3 by 3 convolution of
stride 1 and has no max-pool; the VGG ends in one dense layer instead of three, of which
the first alone would have 103 million weights. The VGG has batch normalization (ours):
so deep a network trains more easily with it.

torchvision is imported when a network is built, never before.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import torch
from torch import nn

from depthviz.checks import renamed_keywords
from depthviz.errors import DependencyError
from depthviz.machine.seeds import drawing

__all__ = ["resnet18", "vgg16"]

# Channels of the convolutions of each stage; a max-pool follows each stage.
STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


@renamed_keywords(classes="num_classes")
def resnet18(
    *, in_channels: int = 3, num_classes: int = 10, seed: int | None = None
) -> nn.Module:
    """Build an untrained ResNet-18 for small pictures.

    The automatic probes are the input, the stem after its normalization, each of the 8
    blocks after the addition and before the ReLU, and the softmax: 11.

    Args:
        in_channels: Channels of the pictures.
        num_classes: Number of logits.
        seed: Decides the initial weights, and the global random state stays as it was;
            None draws them from torch's global random state.

    Returns:
        A `torchvision.models.ResNet` from pictures `(B, in_channels, H, W)` to logits
        `(B, num_classes)`.

    Raises:
        DependencyError: If torchvision cannot be imported.

    Example:
        >>> import torch
        >>> resnet18(seed=0)(torch.zeros(2, 3, 32, 32)).shape
        torch.Size([2, 10])

    References:
        He, Zhang, Ren & Sun (2016). https://arxiv.org/abs/1512.03385
    """
    resnet = _torchvision("resnet")
    with drawing(seed):
        network: nn.Module = resnet.ResNet(
            resnet.BasicBlock, [2, 2, 2, 2], num_classes=num_classes
        )
        network.conv1 = nn.Conv2d(in_channels, 64, 3, padding=1, bias=False)
        _spread(network.conv1)
    network.maxpool = nn.Identity()
    return network


@renamed_keywords(classes="num_classes")
def vgg16(
    *, in_channels: int = 3, num_classes: int = 10, seed: int | None = None
) -> nn.Module:
    """Build an untrained VGG-16 with batch normalization for small pictures.

    The convolutions are those of `torchvision.models.vgg16_bn`, and load its weights;
    one dense layer reads the mean over positions. The last max-pool rounds up, which
    changes nothing for 32 by 32 and leaves a position of 28 by 28. The automatic probes
    are the input, each of the 13 convolutions after its normalization and before its
    ReLU, and the softmax: 15.

    Args:
        in_channels: Channels of the pictures.
        num_classes: Number of logits.
        seed: Decides the initial weights, and the global random state stays as it was;
            None draws them from torch's global random state.

    Returns:
        A `torchvision.models.VGG` from pictures `(B, in_channels, H, W)`, of at least
        16 by 16, to logits `(B, num_classes)`.

    Raises:
        DependencyError: If torchvision cannot be imported.

    Example:
        >>> import torch
        >>> vgg16(in_channels=1, seed=0)(torch.zeros(2, 1, 28, 28)).shape
        torch.Size([2, 10])

    References:
        Simonyan & Zisserman (2015). https://arxiv.org/abs/1409.1556
    """
    vgg = _torchvision("vgg")
    with torch.device("meta"):  # its own dense layers are never made
        network: nn.Module = vgg.VGG(nn.Identity(), init_weights=False)
    network.avgpool = nn.AdaptiveAvgPool2d(1)
    with drawing(seed):
        network.features = _features(in_channels)
        network.classifier = nn.Linear(STAGES[-1][-1], num_classes)
    return network


def _features(in_channels: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    before = in_channels
    for stage in STAGES:
        for after in stage:
            convolution = nn.Conv2d(before, after, 3, padding=1)
            _spread(convolution)
            layers += [convolution, nn.BatchNorm2d(after), nn.ReLU(inplace=True)]
            before = after
        layers.append(nn.MaxPool2d(2, ceil_mode=stage is STAGES[-1]))
    return nn.Sequential(*layers)


def _spread(convolution: nn.Conv2d) -> None:
    """Draw weights as torchvision does."""
    nn.init.kaiming_normal_(convolution.weight, mode="fan_out", nonlinearity="relu")
    if convolution.bias is not None:
        nn.init.zeros_(convolution.bias)


def _torchvision(module: str) -> Any:
    try:
        return import_module(f"torchvision.models.{module}")
    # With another build of torch than its own it is found, and fails as it loads.
    except (ImportError, RuntimeError) as error:
        raise DependencyError(
            f"This network is built from torchvision's classes ({error}): pip install "
            "torchvision."
        ) from error

"""Pictures and networks to choose probes for, and what was chosen."""

import torch
from torch import nn
from torchvision import models

from depthviz.embeddings import Probe

PICTURES = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
SMALL = PICTURES[:, :, :8, :8]
CHAIN = ["conv1", "conv2", "dense1"]


def names(probes: tuple[Probe, ...]) -> list[str]:
    assert probes[0] == Probe("input")
    assert probes[-1] == Probe("softmax")
    return [probe.name for probe in probes[1:-1]]


def places(probes: tuple[Probe, ...]) -> list[str | None]:
    return [probe.module for probe in probes[1:-1]]


def resnet(kind: str, **settings: object) -> nn.Module:
    torch.manual_seed(0)
    model: nn.Module = getattr(models, kind)(num_classes=10, **settings)
    return model

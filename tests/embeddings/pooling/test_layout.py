"""Where the features of real modules are."""

import pytest
import torch
from torch import nn
from torchvision.models import convnext_tiny, resnet18, swin_t, vit_b_16

from depthviz.embeddings.pooling import features_are_last

PICTURES = (torch.float32, (2, 3, 64, 64))


@pytest.mark.parametrize(
    ("network", "path", "last"),
    [
        (resnet18, "layer1.0", False),
        (resnet18, "layer4", False),
        (convnext_tiny, "features.1.0", False),
        (swin_t, "features.1.0", True),
        (swin_t, "features.7.1", True),
        (vit_b_16, "encoder.layers.encoder_layer_3", True),
    ],
)
def test_features_of_public_networks(network, path: str, last: bool) -> None:
    side = 224 if network is vit_b_16 else 64
    with torch.device("meta"):
        model = network().eval()
        shapes = []
        model.get_submodule(path).register_forward_hook(
            lambda *call: shapes.append(call[2].shape)
        )
        model(torch.rand(2, 3, side, side))
    assert features_are_last(model.get_submodule(path), shapes[0]) is last


@pytest.mark.parametrize(
    ("module", "shape", "last"),
    [
        (nn.Conv1d(4, 8, 3), (2, 8, 30), False),
        (nn.LSTM(4, 8, bidirectional=True), (2, 30, 16), True),
        (nn.Sequential(nn.Conv1d(8, 8, 1), nn.Linear(30, 30)), (2, 8, 30), True),
        (nn.ReLU(), (2, 8, 30), True),
        (nn.ReLU(), (2, 8, 30, 30), False),
        (nn.Sequential(nn.BatchNorm1d(8), nn.ReLU()), (2, 8, 30), False),
    ],
)
def test_features_of_layers(
    module: nn.Module, shape: tuple[int, ...], last: bool
) -> None:
    assert features_are_last(module, shape) is last

"""How many blocks a network has, by what its makers say and not by the search.

torchvision's counts are those of the papers; timm's networks name their lists of blocks
and stages alike; transformers' configurations hold the numbers of layers.
"""

from collections.abc import Iterable
from math import ceil
from typing import Any

from torch import nn

__all__ = ["count_by_config", "count_in_timm", "count_in_torchvision"]

TORCHVISION = {
    "alexnet": 5,
    "vgg11": 8,
    "vgg13": 10,
    "vgg16": 13,
    "vgg19": 16,
    "resnet18": 8,
    "resnet34": 16,
    "resnet50": 16,
    "resnet101": 33,
    "resnet152": 50,
    "resnext50": 16,
    "resnext101": 33,
    "wide_resnet50": 16,
    "wide_resnet101": 33,
    "densenet121": 58,
    "densenet161": 78,
    "densenet169": 82,
    "densenet201": 98,
    "squeezenet": 8,
    "googlenet": 9,
    "inception_v3": 11,
    "mobilenet_v2": 17,
    "mobilenet_v3_large": 15,
    "mobilenet_v3_small": 11,
    "mnasnet": 16,
    "shufflenet": 16,
    "efficientnet_b0": 16,
    "efficientnet_b1": 23,
    "efficientnet_b2": 23,
    "efficientnet_b3": 26,
    "efficientnet_b4": 32,
    "efficientnet_b5": 39,
    "efficientnet_b6": 45,
    "efficientnet_b7": 55,
    "efficientnet_v2_s": 40,
    "efficientnet_v2_m": 57,
    "efficientnet_v2_l": 79,
    "convnext_tiny": 18,
    "convnext": 36,
    "regnet_y_400mf": 16,
    "regnet_y_800mf": 14,
    "regnet_y_1_6gf": 27,
    "regnet_y_3_2gf": 21,
    "regnet_y_8gf": 17,
    "regnet_y_16gf": 18,
    "regnet_y_32gf": 20,
    "regnet_y_128gf": 27,
    "regnet_x_400mf": 22,
    "regnet_x_800mf": 16,
    "regnet_x_1_6gf": 18,
    "regnet_x_3_2gf": 25,
    "regnet_x_8gf": 23,
    "regnet_x_16gf": 22,
    "regnet_x_32gf": 23,
    "swin_t": 12,
    "swin_s": 24,
    "swin_b": 24,
    "swin_v2_t": 12,
    "swin_v2": 24,
    "vit_b": 12,
    "vit_l": 24,
    "vit_h": 32,
    "maxvit_t": 11,
}
LISTS = (nn.Sequential, nn.ModuleList)
STAGES = ("stages", "layers", "levels", "network", "transformers", "features")
DEPTHS = (
    "stage_num_blocks",
    "depths",
    "num_layers_per_stage",
    "layers_per_stage",
    "layer_depths",
)
LAYERS = (
    "num_self_attends_per_block",
    "num_hidden_layers",
    "n_layer",
    "n_layers",
    "num_layers",
    "num_blocks",
)


def count_in_torchvision(name: str) -> tuple[int, str]:
    """Look up the blocks of one of torchvision's networks."""
    known = max((key for key in TORCHVISION if name.startswith(key)), key=len)
    return TORCHVISION[known], "paper"


def count_in_timm(model: nn.Module) -> tuple[int, str]:
    """Count the blocks in the lists that a network of timm names so.

    Returns:
        The count, and the attribute that gave it; 0 where there is none.
    """
    blocks = getattr(model, "blocks", None)
    if isinstance(blocks, LISTS):
        return sum(len(each) if _is_stage(each) else 1 for each in blocks), "blocks"
    for name in STAGES:
        stages = getattr(model, name, None)
        if isinstance(stages, LISTS) and name != "features":
            return sum(map(_blocks_of_stage, stages)), name
    layers = [getattr(model, f"layer{i}", None) for i in range(1, 6)]
    found = [each for each in layers if isinstance(each, LISTS)]
    if found:
        return sum(map(len, found)), "layer1…"
    info = getattr(model, "feature_info", None)
    return len(getattr(info, "info", info) or ()), "feature_info"


def count_by_config(config: Any, *, decoder: bool = True) -> tuple[int, str]:
    """Read the number of layers in a configuration of transformers.

    Args:
        config: The configuration.
        decoder: Whether a decoder's layers are in the network, where it has one.
    """
    repeats = getattr(config, "num_block_repeats", None)
    if repeats:  # what it calls its layers are other than these
        deeper = config.depth_coefficient
        return sum(ceil(deeper * each) for each in repeats), "num_block_repeats"
    for part in (config, *_parts(config)):
        for name in DEPTHS:
            depths = getattr(part, name, None)
            if isinstance(depths, Iterable) and not isinstance(depths, str):
                return sum(map(int, depths)), name
        if getattr(part, "is_encoder_decoder", False):
            encoder = getattr(part, "encoder_layers", 0) or _layers(part, "encoder")
            after = getattr(part, "decoder_layers", 0) or _layers(part, "decoder")
            after = after if decoder else 0
            return encoder + after, "encoder_layers"
        for name in LAYERS:
            number = getattr(part, name, None)
            if isinstance(number, int) and number:
                return number, name
    return 0, "none"


def _layers(config: Any, side: str) -> int:
    """Read the layers of an encoder or a decoder with a configuration of its own."""
    whole = config if side == "encoder" else None
    own = getattr(config, side, whole)
    return int(getattr(own, "num_hidden_layers", None) or 0)


def _parts(config: Any) -> list[Any]:
    names = ("vision_config", "text_config", "backbone_config", "encoder")
    return [getattr(config, name) for name in names if hasattr(config, name)]


def _is_stage(module: nn.Module) -> bool:
    """Whether a list is of blocks; one with convolutions of its own is a block."""
    return type(module) in LISTS and not any(
        isinstance(each, nn.Conv2d) for each in module
    )


def _blocks_of_stage(stage: nn.Module) -> int:
    """Count a stage's blocks; a block is one."""
    inner = getattr(stage, "blocks", getattr(stage, "transformer_encoder", None))
    if isinstance(inner, LISTS):
        return sum("cpe" not in type(each).__name__.lower() for each in inner)
    plain = type(stage) in LISTS or "Stage" in type(stage).__name__
    if not plain:
        return 1
    return sum(1 for each in stage.children() if _is_block(each))


def _is_block(module: nn.Module) -> bool:
    """Whether a part of a stage is no single convolution, norm or downsampling."""
    weights = [each for each in module.parameters() if each.ndim > 1]
    kind = type(module).__name__.lower()
    no_blocks = ("down", "embed", "cpe")
    return len(weights) > 1 and not any(each in kind for each in no_blocks)

"""Public networks by family: their names, how they are built, and what they take."""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from tests.benchmarks.probes import oracles
from tests.benchmarks.probes.configs import audio_inputs, small_config

__all__ = ["FAMILIES", "Built", "build", "names_of"]

EXAMPLES = 2
WORDS = 12


class Built(NamedTuple):
    """A network, inputs of its own size, and how many blocks it has by its makers."""

    model: nn.Module
    inputs: Tensor
    blocks: int
    source: str


def names_of(family: str) -> list[str]:
    """List the names of a family, in a fixed order."""
    return FAMILIES[family][0]()


def build(family: str, name: str) -> Built:
    """Build a network without trained weights, in evaluation mode."""
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        built = FAMILIES[family][1](name)
    return built._replace(model=built.model.eval())


def _torchvision_names() -> list[str]:
    from torchvision import models

    return sorted(models.list_models(module=models))


def _torchvision(name: str) -> Built:
    from torchvision import models

    quick = {"init_weights": False}
    heads = {"aux_logits": False, **quick}
    settings = heads if name in ("googlenet", "inception_v3") else {}
    settings = quick if name.startswith("vgg") else settings
    model = models.get_model(name, weights=None, **settings)
    size = 299 if name == "inception_v3" else 224
    pictures = torch.rand(EXAMPLES, 3, size, size)
    return Built(model, pictures, *oracles.count_in_torchvision(name))


def _timm_names() -> list[str]:
    import timm

    return sorted(timm.list_models())


def _timm(name: str) -> Built:
    import timm

    model = timm.create_model(name, pretrained=False)
    size = timm.data.resolve_data_config({}, model=model)["input_size"]
    return Built(model, torch.rand(EXAMPLES, *size), *oracles.count_in_timm(model))


def _heads(kind: str) -> list[str]:
    from transformers.models.auto import modeling_auto

    found = getattr(modeling_auto, f"MODEL_FOR_{kind}_CLASSIFICATION_MAPPING_NAMES")
    return sorted(found)


def _head(kind: str, name: str) -> Built:
    import transformers
    from transformers.models.auto import modeling_auto

    found = getattr(modeling_auto, f"MODEL_FOR_{kind}_CLASSIFICATION_MAPPING_NAMES")
    chosen = found[name] if isinstance(found[name], str) else found[name][0]
    kinds = getattr(transformers, chosen)
    config = small_config(kinds.config_class, shrink=kind != "IMAGE")
    blocks, source = oracles.count_by_config(config, decoder=kind == "SEQUENCE")
    return Built(kinds(config), _inputs(kind, name, config), blocks, source)


def _inputs(kind: str, name: str, config: Any) -> Tensor:
    if kind == "AUDIO":
        return audio_inputs(name, config, EXAMPLES)
    if kind == "SEQUENCE":
        ids = torch.randint(5, 90, (EXAMPLES, WORDS))
        ids[:, -1] = config.get_text_config().eos_token_id or 2
        return ids
    part = getattr(config, "vision_config", config)
    size = getattr(part, "image_size", None) or 224
    sides = tuple(size) if isinstance(size, list | tuple) else (size, size)
    return torch.rand(EXAMPLES, getattr(part, "num_channels", 3), *sides)


def _of_kind(kind: str) -> tuple[Callable[[], list[str]], Callable[[str], Built]]:
    return lambda: _heads(kind), lambda name: _head(kind, name)


FAMILIES = {
    "torchvision": (_torchvision_names, _torchvision),
    "timm": (_timm_names, _timm),
    "pictures": _of_kind("IMAGE"),
    "text": _of_kind("SEQUENCE"),
    "sound": _of_kind("AUDIO"),
}

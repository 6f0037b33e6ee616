"""The places of the paper's networks, and of plain sequential ones.

Baldock, Maennel and Neyshabur place probes in a ResNet after the stem and after each
residual block, in a VGG and an MLP after each layer, always before the nonlinearity.
These places are found in torchvision's networks, in plain sequential ones, and in any
network whose convolutions make up one chain, as in most VGGs. A network is known by
what runs in it: a block whose ReLU does not stand where expected is not taken for one.

torchvision is never imported: a network of its classes exists only where it is loaded.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.conv import _ConvNd

from depthviz.datasets.nested import Nest, is_floats, length, map_leaves
from depthviz.embeddings.capture import Capture
from depthviz.embeddings.probe import Probe
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.state import forward, home
from depthviz.embeddings.tracing import Trace

__all__ = ["NORMS", "PASS", "chained_convolutions", "core_of", "paper_probes"]

NORMS = (_NormBase, nn.GroupNorm, nn.LayerNorm)
PASS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.Identity)
_CHAIN = 3  # convolutions that make one


class _Part(NamedTuple):
    """A module inside the network, with its path."""

    path: str
    module: nn.Module


def paper_probes(
    network: nn.Module, batch: Nest, seen: Trace, call: Forward | None = None
) -> list[Probe] | None:
    """Find the probes of a network of the paper's kinds.

    Args:
        network: Network in evaluation mode, without wrapper.
        batch: A small batch, shape `(B, …)`, or a nest of such.
        seen: The forward pass of that batch.
        call: Calls the network, in place of the usual way.

    Returns:
        Probes in the network's order; None for a network of another kind.
    """
    core = _core(_Part("", network))
    if _is_torchvision(core.module, "resnet", "ResNet"):
        found = _residual(core)
        if _before_relu(network, batch, found, call):
            return found
    if _is_torchvision(core.module, "vgg", "VGG"):
        features = _children(core)["features"]
        return _numbered(_layers(_leaves(features)), (_ConvNd,))
    if isinstance(core.module, nn.Sequential):
        leaves = list(_leaves(core))
        if not any(_children(leaf) for leaf in leaves):
            found = _numbered(_without_last(_layers(leaves), seen))
            if found or is_floats(batch):
                return found
    return None


def chained_convolutions(network: nn.Module) -> tuple[str, list[Probe]] | None:
    """Find the one chain that holds a network's convolutions, as in most VGGs.

    Args:
        network: Network without wrapper.

    Returns:
        Path of the Sequential, and a probe at each convolution; None where there is no
        such chain, or convolutions stand outside of it before it.
    """
    for path, module in network.named_modules():
        if isinstance(module, nn.Sequential):
            leaves = list(_leaves(_Part(path, module)))
            if not any(_children(leaf) for leaf in leaves):
                found = _numbered(_layers(leaves), (_ConvNd,))
                if len(found) >= _CHAIN:
                    return path, found
        elif isinstance(module, _ConvNd):
            return None
    return None


def core_of(network: nn.Module) -> str:
    """Find the path of the part that alone has parameters; "" where all has."""
    return _core(_Part("", network)).path


def _core(part: _Part) -> _Part:
    """Descend while one child alone has parameters, and parts of its own."""
    trained = [
        child
        for child in _children(part).values()
        if next(child.module.parameters(), None) is not None
    ]
    if len(trained) != 1 or not _children(trained[0]) or _parameters(part):
        return part
    return _core(trained[0])


def _parameters(part: _Part) -> bool:
    return next(part.module.parameters(recurse=False), None) is not None


def _children(part: _Part) -> dict[str, _Part]:
    """List the children, a shared one at each of its places."""
    prefix = f"{part.path}." if part.path else ""
    children = part.module._modules.items()
    return {name: _Part(prefix + name, child) for name, child in children if child}


def _is_torchvision(module: nn.Module, source: str, *kinds: str) -> bool:
    loaded = sys.modules.get(f"torchvision.models.{source}")
    return any(isinstance(module, getattr(loaded, kind, ())) for kind in kinds)


def _residual(core: _Part) -> list[Probe]:
    parts = _children(core)
    blocks = [
        block
        for layer in ("layer1", "layer2", "layer3", "layer4")
        for block in _children(parts[layer]).values()
        if _is_torchvision(block.module, "resnet", "BasicBlock", "Bottleneck")
    ]
    return [
        Probe("stem", parts["bn1"].path),
        *(
            Probe(f"block{number}", f"{block.path}.relu", "input")
            for number, block in enumerate(blocks, start=1)
        ),
    ]


def _before_relu(
    network: nn.Module, batch: Nest, probes: list[Probe], call: Forward | None
) -> bool:
    """Whether each block returns the ReLU of what its probe sees."""
    blocks = [str(probe.module).removesuffix(".relu") for probe in probes[1:]]
    pairs = [
        place
        for probe, block in zip(probes[1:], blocks, strict=True)
        for place in (probe, Probe(f"{probe.name} after", block))
    ]
    with Capture(network, pairs, home(network)) as capture:
        forward(network, map_leaves(Tensor.clone, batch), call)
        rows = list(capture.take(length(batch)).values())
    before, after = rows[::2], rows[1::2]
    return all(map(torch.equal, map(torch.relu, before), after))


def _leaves(part: _Part) -> Iterator[_Part]:
    """Walk through nested Sequentials."""
    if not isinstance(part.module, nn.Sequential):
        yield part
        return
    for child in _children(part).values():
        yield from _leaves(child)


class _Layer(NamedTuple):
    """A convolution or dense layer, and the module it leaves before its ReLU."""

    module: nn.Module
    path: str


def _layers(leaves: Iterable[_Part]) -> list[_Layer]:
    parts = [part for part in leaves if not isinstance(part.module, PASS)]
    following = [*parts[1:], _Part("", nn.Identity())]
    layers = [
        _Layer(part.module, _normed(part, after).path)
        for part, after in zip(parts, following, strict=True)
        if isinstance(part.module, _ConvNd | nn.Linear)
    ]
    last = {id(layer.module): place for place, layer in enumerate(layers)}
    return [
        layer for place, layer in enumerate(layers) if last[id(layer.module)] == place
    ]


def _normed(part: _Part, after: _Part) -> _Part:
    return after if isinstance(after.module, NORMS) else part


def _without_last(layers: list[_Layer], seen: Trace) -> list[_Layer]:
    """Leave out the dense layer whose output the softmax probe shows."""
    if layers and seen.is_logits(layers[-1].path):
        return layers[:-1]
    return layers


def _numbered(
    layers: list[_Layer], kinds: tuple[type[nn.Module], ...] = (_ConvNd, nn.Linear)
) -> list[Probe]:
    probes: list[Probe] = []
    count = {"conv": 0, "dense": 0}
    for layer in layers:
        if isinstance(layer.module, kinds):
            kind = "dense" if isinstance(layer.module, nn.Linear) else "conv"
            count[kind] += 1
            probes.append(Probe(f"{kind}{count[kind]}", layer.path))
    return probes

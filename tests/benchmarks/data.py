"""What the searches are tried on: Gaussian rows, and activations of a real network.

Gaussian rows are the easiest data to make and the hardest to approximate. Activations
are what the library is for: CIFAR pictures through torchvision's ResNet-18, trained on
them for a moment, since an untrained one spreads its activations otherwise.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from depthviz.embeddings import choose_probes, stream_embeddings
from depthviz.training import fit
from tests.conftest import DATA
from tests.neighbors.pictures import cifar

__all__ = [
    "Activations",
    "activations",
    "gaussian",
    "have_pictures",
    "of_width",
    "trained",
]

EPOCHS = 2
QUICK = 128  # pictures to train on where only the form matters
CHANNELS = 64


class Activations(NamedTuple):
    """Rows by probe name in the network's order, and what they come from."""

    rows: dict[str, Tensor]
    labels: Tensor
    prediction: Tensor


def gaussian(count: int, features: int, seed: int) -> Tensor:
    """Standard normal rows, shape `(count, features)`."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, features, generator=generator)


def have_pictures() -> bool:
    """Whether the pictures are there; DEPTHVIZ_DATA names their folder."""
    return (DATA / "cifar10_dev10k").is_dir()


def trained(count: int, *, quick: bool) -> tuple[nn.Module, Tensor, Tensor]:
    """Train a ResNet-18 briefly; give it with its pictures and their labels."""
    from torchvision import models

    images, labels = cifar(DATA, count)
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        model = models.resnet18(num_classes=10)
    few = QUICK if quick else count
    model = fit(
        model,
        (images[:few], labels[:few]),
        epochs=1 if quick else EPOCHS,
        batch_size=128,
        learning_rate=2e-3,
        seed=0,
        device="cpu",
        progress=False,
    )
    return model, images, labels


def activations(model: nn.Module, images: Tensor, labels: Tensor) -> Activations:
    """Embed pictures at the automatic probes."""
    probes = choose_probes(model, images[:2])
    rows: dict[str, list[Tensor]] = {probe.name: [] for probe in probes}
    stream = stream_embeddings(
        model, images.split(250), probes, device=torch.device("cpu")
    )
    prediction = []
    for batch in stream:
        prediction.append(batch.logits.argmax(1))
        for name, part in batch.embeddings.items():
            rows[name].append(part)
    whole = {name: torch.cat(rows.pop(name)) for name in list(rows)}
    return Activations(whole, labels, torch.cat(prediction))


def of_width(rows: dict[str, Tensor], features: int) -> tuple[str, Tensor] | None:
    """Find the first probe with so many features; for 64, means of channels do."""
    for name, found in rows.items():
        if found.shape[1] == features:
            return name, found
    for name, found in rows.items():
        if features == CHANNELS and found.shape[1] == CHANNELS * 64:
            return f"{name}, channel means", found.unflatten(1, (CHANNELS, -1)).mean(2)
    return None

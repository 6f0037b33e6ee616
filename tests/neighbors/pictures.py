"""CIFAR pictures through an untrained ResNet-18: activations as they really are."""

import io
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torchvision import models

from depthviz.embeddings import choose_probes, stream_embeddings


def cifar(data_dir: Path, count: int) -> tuple[Tensor, Tensor]:
    """Pictures, shape (N, 3, 32, 32), normalized, and their labels."""
    from PIL import Image

    path = data_dir / "cifar10_dev10k" / "cifar10_train_0_9999.npz"
    if not path.is_file():
        pytest.skip(f"needs the pictures in {path}; set DEPTHVIZ_DATA")
    stored = np.load(path)
    header, ends = stored["header"].tobytes(), stored["offsets"]
    data = stored["data"]  # read once: an archive reads an array at each access
    files = (
        header + data[start:stop].tobytes()
        for start, stop in pairwise(ends[: count + 1])
    )
    pixels = np.stack([np.asarray(Image.open(io.BytesIO(file))) for file in files])
    images = torch.from_numpy(pixels).permute(0, 3, 1, 2).float()
    return images / 127.5 - 1, torch.from_numpy(stored["labels"][:count].astype(int))


def activations(
    images: Tensor, device: torch.device
) -> tuple[dict[str, Tensor], Tensor]:
    """Embeddings at the automatic probes, by name, and logits."""
    torch.manual_seed(0)
    model = models.resnet18(num_classes=10)
    probes = choose_probes(model, images[:2])
    batches = list(stream_embeddings(model, images.split(100), probes, device=device))
    rows = {
        probe.name: torch.cat([batch.embeddings[probe.name] for batch in batches])
        for probe in probes
    }
    return rows, torch.cat([batch.logits for batch in batches])

"""A measurement in processes of its own: what a first use takes, and the next."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from tests.benchmarks.demo.first_use import run_fresh, stages_table
from tests.benchmarks.tables import target

__all__ = ["print_uses"]

WITH_MAPS, AT_LEAST = 1.35, 1.6
# In a process of its own; the network and the data come from a file.
ALONE = """
import torch
import depthviz as dv
from torchvision import models
given = torch.load({file!r}, weights_only=True)
model = models.resnet18(num_classes=10)
model.load_state_dict(given['weights'])
data = torch.utils.data.TensorDataset(given['images'], given['labels'])
torch.set_num_threads({threads})
with Watch() as watch:
    dv.measure(model, data, k={k}, device='cpu', progress=False, projection={maps!r})
"""


def print_uses(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    *,
    k: int,
    parts: Mapping[str, float],
) -> None:
    """Print what a first use and warm ones take, with and without maps.

    Args:
        model: A ResNet-18 of ten classes.
        images: What is measured.
        labels: Their classes.
        k: Number of neighbors.
        parts: Seconds of what could not be saved.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = {"weights": model.state_dict(), "images": images, "labels": labels}
        torch.save(given, folder / "given.pt")
        facts = {"file": str(folder / "given.pt"), "k": k}
        facts["threads"] = torch.get_num_threads()
        runs = {}
        for use in ("first use", "warm use", "warm, without maps"):
            code = ALONE.format(maps=None if "without" in use else "umap", **facts)
            runs[use] = run_fresh(code, cache=folder / "cache", folder=folder / "run")
    title = "**Processes of their own.** Shares are of all busy threads."
    print(stages_table(title, runs))
    whole, plain = (runs[use]["seconds"] for use in ("warm use", "warm, without maps"))
    least = parts["one forward pass alone"] + parts["the same, each pair once"]
    print(target("measure with maps / without, warm", whole / plain, most=WITH_MAPS))
    name = "/ (one forward pass + half of the products at the peak)"
    print(target(f"measure, warm {name}", whole / least, most=AT_LEAST))
    print(f"  - without maps: {plain / least:.2f}")

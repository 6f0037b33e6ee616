"""Networks and augmentations that draw from the global generator, each elsewhere."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
import xarray as xr
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from depthviz.ensembles.run import workers
from depthviz.training import Recipe
from tests.ensembles.runs import CLASSES, COUNT, LABELS, run

SIDE = 8
PICTURES = np.random.default_rng(1).random((COUNT, 1, SIDE, SIDE)).astype(np.float32)
PICTURES += LABELS[:, None, None, None] / CLASSES
LATE = 5  # the first step at which a network draws


class LateNoise(nn.Module):
    """Draws in training, from its fifth step on."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    def forward(self, inputs: Tensor) -> Tensor:
        if self.training:
            self.steps += 1
            if self.steps >= LATE:
                return inputs + torch.randn_like(inputs)
        return inputs


class Again(nn.Module):
    """Drops out, and computes it a second time on the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(16, 16), nn.Dropout(0.3))

    def forward(self, inputs: Tensor) -> Tensor:
        return checkpoint(self.inner, inputs, use_reentrant=False)


class NoiseBack(torch.autograd.Function):
    """Adds noise to a gradient."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor) -> Tensor:
        return inputs.clone()

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> Tensor:
        return slope + 0.01 * torch.randn_like(slope)


class NoisyGradient(nn.Module):
    def forward(self, inputs: Tensor) -> Tensor:
        return NoiseBack.apply(inputs) if self.training else inputs


class InPlace(nn.Module):
    """Writes into what it is given."""

    def forward(self, inputs: Tensor) -> Tensor:
        return inputs.mul_(2)


def _network(*middle: nn.Module, before: tuple[nn.Module, ...] = ()) -> nn.Module:
    first = (nn.Flatten(), nn.Linear(SIDE * SIDE, 16), nn.ReLU())
    return nn.Sequential(*before, *first, *middle, nn.Linear(16, CLASSES))


def plain() -> nn.Module:
    return _network()


def dropout() -> nn.Module:
    return _network(nn.Dropout(0.2))


def batch_norm() -> nn.Module:
    return _network(nn.BatchNorm1d(16))


def late() -> nn.Module:
    return _network(LateNoise())


def again() -> nn.Module:
    return _network(Again())


def noisy_gradient() -> nn.Module:
    return _network(NoisyGradient())


def in_place() -> nn.Module:
    return _network(before=(InPlace(),))


def noise(inputs: Tensor, generator: torch.Generator) -> Tensor:
    """Draw from the global generator, whatever is given."""
    return inputs + 0.1 * torch.randn_like(inputs)


def own_noise(inputs: Tensor, generator: torch.Generator) -> Tensor:
    return inputs + 0.1 * torch.randn(inputs.shape, generator=generator)


def numpy_noise(inputs: Tensor, generator: torch.Generator) -> Tensor:
    return inputs + 0.1 * float(np.random.normal())


class DropsItself(nn.Module):
    """Is left out at times, as Python's generator has it."""

    def forward(self, inputs: Tensor) -> Tensor:
        left_out = self.training and random.random() < 0.5
        return torch.zeros_like(inputs) if left_out else inputs


def drops_itself() -> nn.Module:
    return _network(DropsItself())


class Case(NamedTuple):
    """A network, how it is trained, and where it is found to draw."""

    network: Callable[[], nn.Module]
    augmentation: Any
    draws: str | None

    @property
    def options(self) -> dict[str, Any]:
        recipe = Recipe(
            epochs=3,
            batch_size=16,
            checkpoints=3,
            augmentation=self.augmentation,
            optimizer="sgd",
            learning_rate=0.05,
        )
        return {
            "network": self.network,
            "recipe": recipe,
            "data": (PICTURES, LABELS),
            "members": 3,
        }


CASES = {
    "plain": Case(plain, (), "nowhere"),
    "flip and crop": Case(plain, ("flip", "crop"), "nowhere"),
    "batch norm": Case(batch_norm, (), "nowhere"),
    "own noise": Case(plain, own_noise, "nowhere"),
    "in place": Case(in_place, (), "nowhere"),
    "late": Case(late, (), "nowhere"),
    "dropout": Case(dropout, ("flip",), "forward"),
    "noise": Case(batch_norm, noise, "forward"),
    "again": Case(again, (), None),
    "noisy gradient": Case(noisy_gradient, (), None),
}


def one_by_one(path: Path, **options: Any) -> xr.Dataset:
    """Make members one after another."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(workers, "count_threads", lambda *_: 1)
        return run(path, **options)

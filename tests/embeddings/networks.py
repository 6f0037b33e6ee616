"""Small networks of the kinds that users bring."""

from collections.abc import Callable

import torch
from torch import Tensor, nn


class Residual(nn.Module):
    """A block with one ReLU called twice, as in torchvision's ResNets."""

    def __init__(self, width: int, *, inplace: bool) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.norm = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=inplace)
        self.second = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        out = self.second(self.relu(self.norm(self.first(x))))
        out += x
        return self.relu(out)


def traps(*, inplace: bool) -> nn.Sequential:
    """In-place ReLUs after a convolution, after a norm and after an addition."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3),
        nn.ReLU(inplace=inplace),
        nn.Conv2d(4, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(inplace=inplace),
        Residual(4, inplace=inplace),
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Linear(16, 5),
    )


def chain() -> nn.Sequential:
    """Convolutions and dense layers, with and without norms, partly nested."""
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True)),
        nn.Sequential(nn.Conv2d(4, 6, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2)),
        nn.Flatten(),
        nn.Linear(24, 7),
        nn.Dropout(),
        nn.LayerNorm(7),
        nn.GELU(),
        nn.Linear(7, 5),
    )


class Wrapper(nn.Module):
    """One network inside another, and something done to its input or output."""

    def __init__(
        self, inner: nn.Module, after: Callable[[Tensor], object] = lambda x: x
    ) -> None:
        super().__init__()
        self.inner = inner
        self.after = after

    def forward(self, x: Tensor) -> object:
        return self.after(self.inner(x))


class Blocks(nn.Module):
    """Blocks in a list that is never called, one shared ReLU, and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Linear(6, 8)
        self.relu = nn.ReLU(inplace=True)
        self.blocks = nn.ModuleList(nn.Linear(8, 8) for _ in range(3))
        self.unused = nn.Linear(8, 8)
        self.drop = nn.Dropout()
        self.head = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for block in self.blocks:
            x = self.relu(block(x))
        return self.head(self.drop(x))

"""Small networks that repeat themselves, in the ways of public ones."""

from collections import OrderedDict

import torch
from torch import Tensor, nn

ROWS = torch.randn(4, 8, generator=torch.Generator().manual_seed(0))
GRID = torch.randn(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))


class Block(nn.Module):
    """Two dense layers, numbered, around which the rows go on."""

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.dense1, self.dense2 = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, rows: Tensor) -> Tensor:
        return rows + self.dense2(self.dense1(rows).relu())


class Pair(Block):
    """Returns its state and the one before it."""

    def forward(self, pair: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        return super().forward(pair[0]) + pair[1], pair[0]


class Output(OrderedDict[str, Tensor]):
    """Named tensors in order, as transformers' networks return them."""

    def to_tuple(self) -> tuple[Tensor, ...]:
        return tuple(self.values())


class Transformer(nn.Module):
    """Patches, a list of blocks, a norm and a head; the state goes in named tensors."""

    def __init__(self, depth: int = 4) -> None:
        super().__init__()
        self.encoder = nn.Module()
        self.encoder.embed = nn.Linear(3, 8)
        self.encoder.layer = nn.ModuleList(Block() for _ in range(depth))
        self.norm, self.head = nn.LayerNorm(8), nn.Linear(8, 5)

    def forward(self, pictures: Tensor) -> Output:
        rows = self.encoder.embed(pictures.flatten(2).transpose(1, 2))
        for layer in self.encoder.layer:
            rows = layer(rows)
        return Output(logits=self.head(self.norm(rows)[:, 0]), state=rows)


class Stage(nn.Module):
    """Halves the sides, widens, and has blocks."""

    def __init__(self, width: int, wider: int, blocks: int) -> None:
        super().__init__()
        self.downsample = nn.Conv2d(width, wider, 2, 2)
        self.blocks = nn.Sequential(*(Convolutions(wider) for _ in range(blocks)))

    def forward(self, grid: Tensor) -> Tensor:
        return self.blocks(self.downsample(grid))


class Convolutions(nn.Module):
    """A block whose own two layers are alike, and in a list."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Sequential(nn.Conv2d(width, width, 1), nn.ReLU()) for _ in range(2))
        )

    def forward(self, grid: Tensor) -> Tensor:
        return grid + self.layers(grid)


class Nested(Stage):
    """A stage that returns its output inside a tuple, with a number."""

    def forward(self, grid: Tensor) -> tuple[tuple[Tensor], int]:
        return (super().forward(grid),), len(grid)


class Unpacking(nn.Module):
    """Stages whose outputs are taken out of tuples, as in PVT v2."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList([Nested(3, 4, 2), Nested(4, 8, 2)])
        self.head = nn.Linear(8, 5)

    def forward(self, grid: Tensor) -> Tensor:
        for stage in self.stages:
            grid = stage(grid)[0][0]
        return self.head(grid.mean((2, 3)))


def pyramid(*blocks: int) -> nn.Module:
    """Return stages of blocks, as in a ConvNeXt."""
    widths = [4 * 2**stage for stage in range(len(blocks) + 1)]
    stages = map(Stage, widths, widths[1:], blocks)
    return nn.Sequential(
        OrderedDict(
            stem=nn.Conv2d(3, 4, 1),
            stages=nn.Sequential(*stages),
            pool=nn.AdaptiveAvgPool2d(1),
            head=nn.Sequential(nn.Flatten(), nn.Linear(widths[-1], 5)),
        )
    )


class Looped(nn.Module):
    """One block, again and again, as in ALBERT."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.block, self.head, self.times = Block(), nn.Linear(8, 5), times

    def forward(self, rows: Tensor) -> Tensor:
        for _ in range(self.times):
            rows = self.block(rows)
        return self.head(rows)


class Shared(nn.Module):
    """Blocks that all use one part, which stands beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.part = Block()
        self.blocks = nn.ModuleList(Using(self.part) for _ in range(3))
        self.head = nn.Linear(8, 5)

    def forward(self, rows: Tensor) -> Tensor:
        for block in self.blocks:
            rows = block(rows)
        return self.head(rows)


class Using(Block):
    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = part

    def forward(self, rows: Tensor) -> Tensor:
        return super().forward(self.part(rows))


class Branches(nn.Module):
    """Like modules side by side on one tensor, or on parts of one."""

    def __init__(self, *, split: bool) -> None:
        super().__init__()
        self.stem, self.split = nn.Linear(8, 8), split
        self.branches = nn.ModuleList(Block(4 if split else 8) for _ in range(2))
        self.head = nn.Linear(8, 5)

    def forward(self, rows: Tensor) -> Tensor:
        rows = self.stem(rows)
        if self.split:
            parts = [b(rows[:, 4 * i :][:, :4]) for i, b in enumerate(self.branches)]
            return self.head(torch.cat(parts, 1))
        return self.head(sum(branch(rows) for branch in self.branches))


class Pairs(nn.Module):
    """Lists of two modules whose outputs the network adds itself."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.ModuleList([nn.Linear(8, 8), Block()]) for _ in range(depth)
        )
        self.norm, self.head = nn.LayerNorm(8), nn.Linear(8, 5)

    def forward(self, rows: Tensor) -> Tensor:
        for first, second in self.layers:
            rows = first(rows) + rows
            rows = second(rows) + rows
        return self.head(self.norm(rows))


class Cells(nn.Module):
    """Cells of two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.head = nn.Linear(8, 8), nn.Linear(8, 5)
        self.cells = nn.Sequential(*(Pair() for _ in range(3)))

    def forward(self, rows: Tensor) -> Tensor:
        first = self.stem(rows)
        return self.head(self.cells((first, first))[0])


class Changing(nn.Module):
    """Puts a new module in the place of one of its own whenever it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.head = Block(), Block(), nn.Linear(8, 5)

    def forward(self, rows: Tensor) -> Tensor:
        rows = self.second(self.first(rows))
        replaced = Block()
        replaced.load_state_dict(self.second.state_dict())
        self.second = replaced.eval()
        return self.head(rows)


def many(modules: int) -> nn.Module:
    """Return a network of so many modules, in blocks of three."""
    blocks = nn.Sequential(*(Block() for _ in range(modules // 3)))
    return nn.Sequential(OrderedDict(blocks=blocks, head=nn.Linear(8, 5)))

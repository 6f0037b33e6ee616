"""Blocks are found where a network repeats itself, and never inside of one."""

from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from depthviz.embeddings import Probe, choose_probes
from depthviz.embeddings.choice import find_probes
from depthviz.embeddings.stream import stream_embeddings
from tests.embeddings.chosen import names, places
from tests.embeddings.networks import Wrapper
from tests.embeddings.stacked import (
    GRID,
    ROWS,
    Block,
    Branches,
    Cells,
    Changing,
    Looped,
    Pairs,
    Shared,
    Transformer,
    Unpacking,
    many,
    pyramid,
)


def seen_at(model: nn.Module, inputs: Tensor) -> dict[str, Tensor]:
    probes = choose_probes(model, inputs)
    stream = stream_embeddings(model, [inputs], probes, device=torch.device("cpu"))
    [batch] = stream
    return batch.embeddings


def test_a_list_of_like_blocks_has_a_probe_at_each_and_one_at_the_stem() -> None:
    probes = choose_probes(Transformer(), GRID)
    assert names(probes) == ["embed", "layer.0", "layer.1", "layer.2", "layer.3"]
    assert places(probes)[1] == "encoder.layer.0"


def test_stages_are_opened_to_their_blocks_and_blocks_are_not() -> None:
    probes = choose_probes(pyramid(1, 2, 3), GRID)
    assert names(probes) == [
        "stem",
        "stages.0.blocks.0",
        "stages.1.blocks.0",
        "stages.1.blocks.1",
        "stages.2.blocks.0",
        "stages.2.blocks.1",
        "stages.2.blocks.2",
        "pool",
    ]


def test_stages_that_return_tuples_inside_tuples_are_opened() -> None:
    assert names(choose_probes(Unpacking(), GRID)) == [
        "stages.0.blocks.0",
        "stages.0.blocks.1",
        "stages.1.blocks.0",
        "stages.1.blocks.1",
    ]


def test_stages_of_one_block_each_are_the_blocks() -> None:
    assert places(choose_probes(pyramid(1, 1, 1), GRID))[1:-1] == [
        "stages.0",
        "stages.1",
        "stages.2",
    ]


@pytest.mark.parametrize("split", [False, True])
def test_branches_on_one_tensor_are_no_depth(split: bool) -> None:
    found = places(choose_probes(Branches(split=split), ROWS))
    assert found == ["stem", "branches.0", "branches.1"]  # the top-level rule, in order
    around = Wrapper(nn.Sequential(nn.Linear(8, 8), Around(split=split)))
    assert not any("branches" in str(place) for place in places_of(around))


class Around(nn.Module):
    """Branches inside of a block that returns one tensor, with another one after."""

    def __init__(self, *, split: bool) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Branches(split=split) for _ in range(2))
        self.widen, self.head = nn.Linear(5, 8), nn.Linear(8, 5)

    def forward(self, rows: Tensor) -> Tensor:
        for block in self.blocks:
            rows = self.widen(block(rows))
        return self.head(rows)


def places_of(model: nn.Module) -> list[str | None]:
    return places(choose_probes(model, ROWS))


def test_cells_of_two_outputs_are_read_at_their_first() -> None:
    assert places_of(Cells()) == ["stem", "cells.0", "cells.1", "cells.2"]
    model = Cells()
    rows = seen_at(model, ROWS)["cells.0"]
    with torch.no_grad():
        first = model.stem(ROWS)
        assert torch.equal(rows, model.cells[0]((first, first))[0])


def test_each_call_of_a_repeated_block_has_a_probe() -> None:
    model = Looped(3)
    probes = choose_probes(model, ROWS)
    assert probes[1:-1] == tuple(
        Probe(f"block call {call}", "block", call=call) for call in (1, 2, 3)
    )
    seen, rows = seen_at(model, ROWS), ROWS
    with torch.no_grad():
        for call in (1, 2, 3):
            rows = model.block(rows)
            assert torch.equal(seen[f"block call {call}"], rows)


def test_one_block_in_a_list_at_several_places_is_a_repeated_one() -> None:
    block = Block()
    model = nn.Sequential(nn.Sequential(block, block, block), nn.Linear(8, 5))
    probes = choose_probes(model, ROWS)[1:-1]
    assert [(probe.module, probe.call) for probe in probes] == [
        ("0.0", 1),
        ("0.0", 2),
        ("0.0", 3),
    ]


def test_what_blocks_share_is_no_block() -> None:
    assert places_of(Shared()) == ["blocks.0", "blocks.1", "blocks.2"]


def test_sums_that_no_module_returns_are_read_where_they_go_in() -> None:
    model = Pairs(3)
    probes = choose_probes(model, ROWS)
    assert probes[1:-1] == (
        Probe("layers.0", "layers.1.0", "input"),
        Probe("layers.1", "layers.2.0", "input"),
        Probe("layers.2", "norm", "input"),
    )
    seen, rows = seen_at(model, ROWS), ROWS
    with torch.no_grad():
        for place, (first, second) in enumerate(model.layers):
            rows = first(rows) + rows
            rows = second(rows) + rows
            assert torch.equal(seen[f"layers.{place}"], rows)


def test_blocks_that_differ_in_shape_are_blocks() -> None:
    widths = (8, 6, 4, 2)
    layers = [
        nn.Sequential(nn.Linear(a, b), nn.LayerNorm(b), Block(b))
        for a, b in pairwise(widths)
    ]
    model = nn.Sequential(*layers, nn.Linear(2, 5))
    assert places_of(model) == ["0", "1", "2"]


def test_a_module_that_is_replaced_in_the_forward_pass_has_no_probe() -> None:
    choice = find_probes(Changing().eval(), ROWS)
    assert [probe.name for probe in choice.probes] == ["input", "first", "softmax"]
    assert "'second' is replaced when the network runs" in str(choice.left_out)


def test_ten_thousand_modules_are_searched() -> None:
    model = many(10_000)
    choice = find_probes(model, ROWS)
    assert len(choice.probes) == 34
    assert choice.probes[-2] == Probe("blocks.3332", "blocks.3332")
    assert "32 of 3333 places" in str(choice.thinned)


def test_a_network_that_lists_its_features_is_asked_for_its_stages() -> None:
    model = pyramid(2, 2)
    model.feature_info = [{"module": "stem"}, {"module": "stages.1"}, {"module": 3}]
    assert names(choose_probes(model, GRID, "stages")) == ["stem", "stages.1"]
    assert len(choose_probes(model, GRID)) == 2 + 6


def test_a_list_of_features_that_is_longer_than_the_stacks_is_taken() -> None:
    model = Lone()
    listed = ["a", "b.inner", "b", "c"]
    model.feature_info = [{"module": path} for path in listed]
    assert places_of(model) == ["a", "b.inner", "b", "c"]


class Lone(nn.Module):
    """Modules that are not alike."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Linear(8, 8), Wrapper(Block()), nn.Bilinear(8, 8, 4)
        self.head = nn.Linear(4, 5)

    def forward(self, rows: Tensor) -> Tensor:
        rows = self.b(self.a(rows))
        return self.head(self.c(rows, rows))


def test_a_vgg_from_elsewhere_has_a_probe_at_each_convolution() -> None:
    layers: list[nn.Module] = []
    for width, wider in ((3, 4), (4, 4), (4, 6), (6, 6)):
        layers += [nn.Conv2d(width, wider, 3, padding=1), nn.BatchNorm2d(wider)]
        layers += [nn.ReLU(inplace=True)]
    model = Vgg(nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1)))
    probes = choose_probes(model, GRID)
    assert names(probes) == ["conv1", "conv2", "conv3", "conv4"]
    assert places(probes) == ["features.1", "features.4", "features.7", "features.10"]
    assert seen_at(model, GRID)["conv4"].min() < 0


class Vgg(nn.Module):
    def __init__(self, features: nn.Module) -> None:
        super().__init__()
        self.features = features
        self.classifier = nn.Sequential(nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 5))

    def forward(self, pictures: Tensor) -> Tensor:
        return self.classifier(self.features(pictures).flatten(1))

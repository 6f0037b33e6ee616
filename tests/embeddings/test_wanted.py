"""How many probes are taken, what they are called and what is said of them."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from depthviz.embeddings import Probe, choose_probes, describe_probes
from depthviz.embeddings.choice import find_probes
from depthviz.embeddings.structure.naming import named_probes
from depthviz.embeddings.structure.places import Place
from depthviz.errors import ArgumentError
from tests.embeddings.chosen import PICTURES, names, resnet
from tests.embeddings.stacked import GRID, ROWS, Looped, Transformer, pyramid


def test_blocks_are_what_is_chosen_automatically() -> None:
    model = pyramid(2, 3)
    assert choose_probes(model, GRID, "blocks") == choose_probes(model, GRID)


def test_stages_are_the_last_blocks_of_each_shape() -> None:
    assert names(choose_probes(pyramid(2, 3), GRID, "stages")) == [
        "stem",
        "stages.0.blocks.1",
        "stages.1.blocks.2",
        "pool",
    ]
    assert names(choose_probes(resnet("resnet18"), PICTURES, "stages")) == [
        "stem",
        "block2",
        "block4",
        "block6",
        "block8",
    ]


def test_where_no_shape_changes_all_blocks_are_stages() -> None:
    assert len(choose_probes(Looped(4), ROWS, "stages")) == 2 + 4


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, [4]), (2, [0, 4]), (3, [0, 2, 4]), (5, range(5)), (9, range(5))],
)
def test_a_number_takes_so_many_evenly(number: int, expected: list[int]) -> None:
    every = choose_probes(Transformer(4), GRID)[1:-1]
    found = choose_probes(Transformer(4), GRID, number)[1:-1]
    assert found == tuple(every[place] for place in expected)


def test_more_than_32_are_thinned_evenly_and_aloud() -> None:
    choice = find_probes(Looped(40), ROWS)
    assert len(choice.probes) == 32 + 2
    calls = [probe.call or 0 for probe in choice.probes[1:-1]]
    assert (calls[0], calls[-1]) == (1, 40)
    assert {after - before for before, after in pairwise(calls)} == {1, 2}
    assert choice.thinned == (
        "32 of 40 places between the ends were taken, evenly; probes=40 takes all."
    )
    assert len(choose_probes(Looped(40), ROWS, 40)) == 40 + 2


@pytest.mark.parametrize("wanted", [0, -3, True, 2.5, None, "layers", {"a"}, [1]])
def test_what_is_no_choice_is_refused_with_what_there_is(wanted: object) -> None:
    with pytest.raises(ArgumentError, match="'auto', 'blocks', 'stages', a number"):
        choose_probes(nn.Linear(8, 5), ROWS, wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["m.encoder.layer.0", "m.encoder.layer.1"], ["layer.0", "layer.1"]),
        (["a.enc.l.0", "a.dec.l.0"], ["enc.l.0", "dec.l.0"]),
        (
            ["net.s.0.b.0", "net.s.1.b.0", "net.s.1.b.1"],
            ["s.0.b.0", "s.1.b.0", "s.1.b.1"],
        ),
        (["0", "1.0", "body.1"], ["0", "1.0", "body.1"]),
        (["m.input", "m.softmax"], ["module input", "module softmax"]),
        (["stem.norm", "stem"], ["norm", "stem"]),
        (["a.b", "b"], ["a.b", "b"]),
    ],
)
def test_names_are_the_shortest_that_tell_apart(
    paths: list[str], expected: list[str]
) -> None:
    probes = named_probes([Place(path, 0) for path in paths])
    assert [probe.name for probe in probes] == expected
    assert [probe.module for probe in probes] == paths


def test_place_module_and_shape_are_told() -> None:
    choice = find_probes(Transformer(1), GRID, 1)
    assert describe_probes(choice.probes, choice.shapes).startswith(
        "3 probes: input (3x8x8), "
    )
    shapes = {"mine": (4, 2)}
    told = describe_probes([Probe("mine", "a.b", "input", 2)], shapes)
    assert told == "1 probe: mine (into call 2 of a.b, 4x2)"


def test_shapes_are_those_that_the_probes_have() -> None:
    choice = find_probes(pyramid(1, 2), GRID)
    sizes = {name: torch.Size(shape).numel() for name, shape in choice.shapes.items()}
    assert list(sizes) == [probe.name for probe in choice.probes]
    assert sizes["stem"] == 4 * 8 * 8
    assert sizes["stages.1.blocks.1"] == 16 * 2 * 2
    assert sizes["softmax"] == 5

"""Probes that a person names: where they stand, and which names are refused."""

import pytest
import torch
from torch import Tensor, nn

from depthviz.embeddings import Probe, choose_probes
from depthviz.errors import ArgumentError, ModelError, ProbeError
from tests.embeddings.chosen import PICTURES, SMALL, names, resnet
from tests.embeddings.networks import Blocks, chain, traps


def test_named_modules_stand_between_the_ends() -> None:
    inner = ["0", Probe("mine", "3", "input")]
    placed = (
        Probe("input"),
        Probe("0", "0"),
        Probe("mine", "3", "input"),
        Probe("softmax"),
    )
    for wanted in (inner, ["input", *inner], [*inner, "softmax"], list(placed)):
        assert choose_probes(traps(inplace=True), SMALL, wanted) == placed


@pytest.mark.parametrize(
    "wanted",
    [
        ["0", "input", "3"],
        ["softmax", "0"],
        ["0", Probe("softmax"), "3"],
        ["0", "input"],
        ["input", "input", "0"],
        ["0", "softmax", "softmax"],
    ],
)
def test_the_ends_stand_nowhere_else(wanted: list[str | Probe]) -> None:
    with pytest.raises(ProbeError, match="'input' stands first and 'softmax' last"):
        choose_probes(traps(inplace=True), SMALL, wanted)


def test_probes_out_of_the_networks_order_are_refused_with_that_order() -> None:
    with pytest.raises(ProbeError) as error:
        choose_probes(traps(inplace=True), SMALL, ["input", "2", "5.first", "0"])
    assert "runs them, ['0', '2', '5.first'], got ['2', '5.first', '0']" in str(
        error.value
    )


def test_the_last_call_of_a_shared_module_decides_its_place() -> None:
    last = Probe("sum", "5.relu", "input")
    wanted = ["5.first", "5.norm", "5.second", last, "5.relu", "5"]
    assert choose_probes(traps(inplace=True), SMALL, wanted)[1:-1] == tuple(
        probe if isinstance(probe, Probe) else Probe(probe, probe) for probe in wanted
    )
    with pytest.raises(ProbeError, match="order"):
        choose_probes(traps(inplace=True), SMALL, ["5.norm", last, "5.second"])


def test_the_order_is_that_of_the_run_not_of_the_definition() -> None:
    class Backwards(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last, self.first = nn.Linear(6, 3), nn.Linear(6, 6)

        def forward(self, x: Tensor) -> Tensor:
            return self.last(self.first(x))

    probes = choose_probes(Backwards(), torch.randn(2, 6), ["first", "last"])
    assert names(probes) == ["first", "last"]
    with pytest.raises(ProbeError, match="order"):
        choose_probes(Backwards(), torch.randn(2, 6), ["last", "first"])


def test_an_unknown_module_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ProbeError) as error:
        choose_probes(nn.Sequential(nn.Linear(2, 3)), torch.ones(1, 2), ["conv9"])
    assert str(error.value) == "Unknown probe 'conv9'. This network has: '0'."


def test_of_many_modules_the_closest_are_named() -> None:
    with pytest.raises(ProbeError) as error:
        choose_probes(resnet("resnet18"), PICTURES, ["layer3.1.rely"])
    assert "has: 'layer3.1.relu', " in str(error.value)
    assert str(error.value).endswith(", … (67 in all).")


@pytest.mark.parametrize(
    ("probes", "error", "message"),
    [
        (["0", "0"], ProbeError, "Two probes are called '0'"),
        ("layer1", ArgumentError, r"For one module say \['layer1'\]"),
        (["1.missing"], ProbeError, "Unknown probe '1.missing'"),
    ],
)
def test_names_that_make_no_sense_are_refused(
    probes: list[str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        choose_probes(chain(), SMALL, probes)


def test_a_named_module_that_does_not_run_is_refused_at_once() -> None:
    with pytest.raises(ModelError, match="'unused' did not run"):
        choose_probes(Blocks(), torch.randn(2, 6), ["unused"])


@pytest.mark.parametrize(
    ("name", "module", "at"),
    [
        ("softmax", "4", "output"),
        ("mine", None, "output"),
        ("mine", "4", "side"),
        (4, "4", "output"),
    ],
)
def test_a_probe_without_a_place_cannot_be_made(
    name: str, module: str | None, at: str
) -> None:
    with pytest.raises(ProbeError, match=rf"(?i)probe.* {name!r}"):
        Probe(name, module, at)  # type: ignore[arg-type]

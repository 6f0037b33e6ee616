"""The benchmark of the choice of probes runs, judges, and goes on where it stopped."""

import json

import pytest
import torch
from torch import nn
from transformers import BertConfig

from tests.benchmarks.probes import __main__ as probes
from tests.benchmarks.probes import check as checks
from tests.benchmarks.probes.check import Result, check
from tests.benchmarks.probes.families import FAMILIES, Built, names_of
from tests.benchmarks.probes.oracles import (
    TORCHVISION,
    count_by_config,
    count_in_timm,
    count_in_torchvision,
)
from tests.benchmarks.probes.table import print_results

ONE_EACH = {
    "torchvision": "squeezenet1_1",
    "timm": "test_vit",
    "pictures": "poolformer",
    "text": "albert",
    "sound": "wav2vec2",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("family", "name"), ONE_EACH.items())
def test_one_network_of_each_family_has_a_probe_at_each_block(family, name):
    found = check(family, name)
    assert (found.verdict, found.reason) == ("found", "")
    assert found.probes >= found.blocks >= 2
    assert not found.structure


def test_every_family_has_its_one():
    assert set(ONE_EACH) == set(FAMILIES)


def test_every_classifier_of_torchvision_has_a_known_count():
    names = names_of("torchvision")
    assert len(names) >= 80
    assert all(count_in_torchvision(name)[0] >= 5 for name in names)
    assert {count_in_torchvision(f"resnet{n}")[0] for n in (18, 50)} == {8, 16}
    assert all(any(name.startswith(key) for name in names) for key in TORCHVISION)


def test_blocks_are_counted_in_lists_and_configurations():
    model = nn.Module()
    layers = [nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)) for _ in range(5)]
    model.stages = nn.Sequential(nn.Sequential(*layers[:2]), nn.Sequential(*layers[2:]))
    assert count_in_timm(model) == (5, "stages")
    model.blocks = nn.ModuleList(Around(layer) for layer in layers)
    assert count_in_timm(model) == (5, "blocks")
    assert count_by_config(BertConfig(num_hidden_layers=7)) == (7, "num_hidden_layers")


class Around(nn.Module):
    """A block."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner


class Noisy(nn.Sequential):
    """Gives other logits in each pass."""

    def forward(self, rows):
        return super().forward(rows) + torch.rand(rows.shape[0], 1).cumsum(1) * COLUMNS


COLUMNS = torch.arange(3.0)


@pytest.mark.parametrize(
    ("model", "blocks", "verdict"),
    [
        (nn.Sequential(*(nn.Linear(3, 3) for _ in range(5))), 4, "found"),
        (nn.Sequential(*(nn.Linear(3, 3) for _ in range(5))), 5, "few"),
        (nn.Sequential(*(nn.Linear(3, 3) for _ in range(60))), 5, "many"),
        (nn.Sequential(*(nn.Linear(3, 3) for _ in range(5))), 0, "no count"),
        (nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 3)), 1, "other inputs"),
        (nn.Sequential(nn.Linear(3, 3), nn.Softmax(1)), 1, "refused"),
    ],
)
def test_networks_are_judged(monkeypatch, model, blocks, verdict):
    built = Built(model.eval(), torch.rand(2, 3), blocks, "test")
    monkeypatch.setattr(checks, "build", lambda family, name: built)
    assert check("test", "test").verdict == verdict


def test_what_cannot_be_built_is_said(monkeypatch):
    def fails(family, name):
        raise OSError("no weights")

    monkeypatch.setattr(checks, "build", fails)
    assert check("test", "x").reason == "OSError: no weights"


def test_a_run_goes_on_where_it_stopped(tmp_path, capsys):
    results = tmp_path / "results.jsonl"
    known = Result("torchvision", "alexnet", "few", "3 of 5 (paper)", 5, "paper", 3)
    results.write_text(json.dumps(known._asdict()) + "\n")
    asked = ["--families", "torchvision", "--names", "alexnet"]
    probes.main([*asked, "--results", str(results)])
    printed = capsys.readouterr().out
    assert "| torchvision | 1 | 1 | 0 | 0.0% | 0 | 0 | 0 | 0 | 0 |" in printed
    assert "torchvision alexnet: few; 3 of 5 (paper)" in printed


def test_what_was_not_run_is_counted_apart(capsys):
    print_results(
        [
            Result("a", "1", "found"),
            Result("a", "2", "found", structure=True),
            Result("a", "3", "not built"),
            Result("a", "4", "other inputs"),
            Result("a", "5", "no count"),
        ]
    )
    assert "| all | 5 | 1 | 1 | 100.0% | 1 | 1 | 1 | 1 | 1 |" in capsys.readouterr().out

"""Networks that cannot be measured are refused, with a way out."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor, nn

import depthviz as dv
from depthviz.errors import ArgumentError, DataError, ModelError

LABELS = np.arange(60) % 3
OPTIONS: dict[str, Any] = {
    "k": 5,
    "projection": None,
    "progress": False,
    "device": "cpu",
}


def rows(seed: int = 0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return (draw.normal(size=(60, 8)) + LABELS[:, None]).astype(np.float32)


def network(outputs: int = 3) -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, outputs))


class Features(nn.Module):
    """Returns logits in training mode, and features where it is used."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Linear(8, 64), nn.Linear(64, 3)

    def forward(self, rows: Tensor) -> Tensor:
        features = self.body(rows)
        return self.head(features) if self.training else features


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (network().to("meta"), "'0.weight' of the network has no values"),
        (nn.Sequential(nn.LazyLinear(4), nn.Linear(4, 3)), "has no shape yet"),
        (nn.Linear, "got the class Linear"),
        (network().state_dict(), r"model.load_state_dict\(weights\)"),
        (torch.nn.functional.relu, "got function; wrap"),
        (torch.export.export(network(), (torch.ones(4, 8),)), "an exported program"),
        (
            torch.export.export(network(), (torch.ones(4, 8),)).module(),
            r"made by torch.export",
        ),
        (Features(), "returns 64 numbers .* labels go from 0 to 2.* class_names="),
    ],
    ids=[
        "meta device",
        "lazy",
        "class",
        "weights",
        "function",
        "exported",
        "exported module",
        "features",
    ],
)
def test_it_is_refused_with_a_way_out(model: Any, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        dv.measure(model, (rows(), LABELS), **OPTIONS)


def test_many_outputs_are_classes_where_they_are_named() -> None:
    names = list(map(str, range(64)))
    study = dv.measure(Features(), (rows(), LABELS), class_names=names, **OPTIONS)
    assert study.classes == tuple(names)


def test_many_outputs_are_classes_where_the_network_predicts_the_labels() -> None:
    model = network(64)
    model[2].bias.data[:3] += 100
    assert len(dv.measure(model, (rows(), LABELS), **OPTIONS).classes) == 64


def test_an_ensemble_of_networks_that_return_features_is_refused(tmp_path: Any) -> None:
    ensemble = dv.Ensemble(
        Features, (rows(), LABELS), members=2, holdout=0.5, k=5, device="cpu"
    )
    with pytest.raises(ModelError, match=r"3 numbers .* training mode and 64 in eval"):
        ensemble.run(tmp_path / "run", progress=False)


def test_threads_that_share_modules_find_what_each_finds_alone() -> None:
    body = nn.Sequential(nn.Linear(8, 6), nn.ReLU())
    models = [nn.Sequential(body, nn.Linear(6, 3)) for _ in range(2)]
    models[1].eval()
    work = [(model, rows(seed)) for seed, model in enumerate(models * 2)]

    def neighbors(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
        study = dv.measure(model, (inputs, LABELS), batch_size=4, **OPTIONS)
        return study.dataset["neighbor_index"].values

    alone = [neighbors(*each) for each in work]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(neighbors, *zip(*work, strict=True)))
    for wanted, found in zip(alone, together, strict=True):
        assert np.array_equal(wanted, found)
    assert models[0].training
    assert not models[1].training


class Counting(nn.Module):
    """Gives its buffer another tensor at each call."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(8, 3)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, rows: Tensor) -> Tensor:
        self.calls = self.calls + 1
        return self.layer(rows)


def test_a_buffer_that_forward_replaces_is_put_back() -> None:
    model = Counting()
    before = model.calls
    dv.measure(model, (rows(), LABELS), **OPTIONS)
    assert model.calls is before
    assert before == 0


class Batched(nn.Module):
    """Runs its layers one example at a time, by torch.vmap."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = network()

    def forward(self, rows: Tensor) -> Tensor:
        return torch.vmap(self.layers)(rows)


def test_a_network_that_maps_over_examples_is_measured_at_its_ends() -> None:
    study = dv.measure(Batched(), (rows(), LABELS), **OPTIONS)
    assert study.probes == ("input", "softmax")


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ({0: "a", 1: "b", 2: "c"}, ("a", "b", "c")),
        ({"a": 1, "b": 2, "c": 0}, ("c", "a", "b")),
        (pd.Series(["a", "b", "c"], index=[2, 1, 0]), ("c", "b", "a")),
        (np.array(["a", "b", "c"]), ("a", "b", "c")),
    ],
)
def test_class_names_go_by_their_numbers(names: Any, wanted: tuple[str, ...]) -> None:
    study = dv.measure(network(), (rows(), LABELS), class_names=names, **OPTIONS)
    assert study.classes == wanted


@pytest.mark.parametrize("names", [{"a", "b", "c"}, "abc", 3, {"a": "b"}])
def test_class_names_without_an_order_are_refused(names: Any) -> None:
    with pytest.raises(ArgumentError, match="class_names must be a list"):
        dv.measure(network(), (rows(), LABELS), class_names=names, **OPTIONS)


def test_a_table_and_labels_in_different_orders_are_refused() -> None:
    table, labels = pd.DataFrame(rows()), pd.Series(LABELS)
    turned = table.sample(frac=1, random_state=0)
    with pytest.raises(DataError, match=r"different indices.*reindex"):
        dv.measure(network(), (turned, labels), **OPTIONS)
    dv.measure(network(), (turned, labels.reindex(turned.index)), **OPTIONS)
    dv.measure(network(), (turned, LABELS), **OPTIONS)

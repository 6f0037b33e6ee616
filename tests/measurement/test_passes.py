"""What a measurement refuses in the examples and the network, and where it says so."""

import numpy as np
import pytest
import torch
from torch import nn

from depthviz.datasets.forms import as_examples
from depthviz.embeddings import Probe
from depthviz.errors import FeatureError
from depthviz.measurement import measure, pass_plan
from depthviz.measurement.embedding_store import EmbeddingStore
from depthviz.measurement.examples.splits import Splits
from depthviz.measurement.forward import run_pass
from depthviz.measurement.pass_plan import PassGroup, find_storage
from tests.measurement.small import asked

POINTS = np.random.default_rng(0).normal(size=(30, 6)).astype(np.float32)
LABELS = np.arange(30) % 3


class Divides(nn.Module):
    """Divides by zero between the first layer and wider ones."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.first, self.second = nn.Linear(6, 5), nn.Linear(5, 9)
        self.divide, self.last = nn.Identity(), nn.Linear(9, 3)

    def forward(self, inputs):
        return self.last(self.second(self.divide(self.first(inputs) / 0)))


def perceptron():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Linear(9, 3))


def measured(model, points=POINTS, **options):
    options = {"k": 3, "projection": None, "progress": False, **options}
    return measure(model, (points, LABELS), **options)


@pytest.fixture
def no_disk(monkeypatch):
    monkeypatch.setattr(pass_plan, "free_space", lambda folder: 0)


LARGEST = 2 * 4 * 30 * 9  # holds one probe at a time


@pytest.mark.usefixtures("no_disk")
@pytest.mark.parametrize("memory_limit", [None, LARGEST])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_bad_input_is_named_however_many_passes_there_are(memory_limit, value):
    points = POINTS.copy()
    points[2, 0] = points[7, 1] = value
    with pytest.raises(FeatureError, match="of 2 of 30 examples at probe 'input'"):
        measured(perceptron(), points, memory_limit=memory_limit)


@pytest.mark.usefixtures("no_disk")
@pytest.mark.parametrize("memory_limit", [None, LARGEST])
def test_of_bad_probes_the_first_in_the_network_is_named(memory_limit):
    probes = ["first", "divide", "second"]
    with pytest.raises(FeatureError, match="of 30 of 30 examples at probe 'divide'"):
        measured(Divides(), probes=probes, memory_limit=memory_limit)


def test_an_example_without_a_cosine_is_told_with_its_probe():
    points = POINTS.copy()
    points[4] = 0
    with pytest.raises(
        FeatureError, match=r"At probe 'input': 1 of the 30 .* norm zero"
    ):
        measured(perceptron(), points, metric="cosine")


@pytest.mark.parametrize(
    "group", [PassGroup(["input", "hidden"], []), PassGroup([], ["input", "hidden"])]
)
def test_embeddings_are_float32_whatever_the_default_is(group):
    model, splits = perceptron(), Splits(as_examples((POINTS, LABELS)))
    options = asked(batch_size=7)
    torch.set_default_dtype(torch.float64)
    try:
        with EmbeddingStore(
            group,
            {"input": 6, "hidden": 9},
            count=30,
            budget=find_storage(options),
            options=options,
        ) as store:
            run_pass(
                model,
                splits,
                [Probe("input"), Probe("hidden", "0")],
                store=store,
                classes=3,
                options=options,
                on_inputs=lambda inputs: None,
                on_progress=lambda count: None,
            )
            with store.take("input") as inputs, store.take("hidden") as hidden:
                assert inputs.dtype == hidden.dtype == hidden[:].dtype == torch.float32
                assert torch.equal(inputs[:], torch.tensor(POINTS))
    finally:
        torch.set_default_dtype(torch.float32)

"""A measurement is what the definitions say."""

from collections import Counter

import numpy as np
import pytest
import torch
from torch import nn

from depthviz.models import small_cnn
from depthviz.study import open_study
from tests.measurement.small import (
    GENERATOR,
    LABELS,
    POINTS,
    TRAIN,
    measured,
    perceptron,
    same,
)


class Slow:
    """The definitions, one example at a time, in float64."""

    def __init__(self, layers, labels, references, k, *, ties=None, include_self=False):
        self.labels, self.k = labels, k
        self.include_self = include_self
        self.ties = ties or (lambda tied: tied[0])
        self.neighbors = [
            [self._nearest(layer, query, references) for query in range(len(layer))]
            for layer in layers
        ]

    def _nearest(self, layer, query, references):
        others = [
            other for other in range(references) if self.include_self or other != query
        ]
        distance = ((layer - layer[query]) ** 2).sum(1)
        return sorted(others, key=lambda other: (distance[other], other))[: self.k]

    def vote(self, probe, example):
        labels = [self.labels[other] for other in self.neighbors[probe][example]]
        count = Counter(labels)
        tied = [label for label in labels if count[label] == max(count.values())]
        return self.ties(tied)

    def depth(self, example, target):
        depth = 0
        for probe in range(len(self.neighbors)):
            if self.vote(probe, example) != target:
                depth = probe + 1
        return depth

    def neighbor_margin(self, example):
        margins = []
        for neighbors in self.neighbors:
            labels = Counter(self.labels[other] for other in neighbors[example])
            own = labels.pop(self.labels[example], 0)
            margins.append((max(labels.values(), default=0) - own) / self.k)
        return np.mean(margins)


def slow_layers(model, inputs, kinds):
    """Activations of a plain sequential network after its layers of some kinds."""
    hidden, layers = torch.tensor(inputs), [inputs.reshape(len(inputs), -1)]
    model.eval()
    with torch.no_grad():
        for layer in model:
            hidden = layer(hidden)
            if isinstance(layer, kinds) and hidden.shape[1:] != (3,):
                layers.append(hidden.flatten(1).clone().numpy())
        layers.append(hidden.softmax(1).numpy())
    return [layer.astype(np.float64) for layer in layers], hidden


def check_against_definition(study, slow, logits):
    prediction = logits.argmax(1).tolist()
    count, probes = len(prediction), len(slow.neighbors)
    data = study.dataset
    assert data["neighbor_index"].values.tolist() == slow.neighbors
    votes = [[slow.vote(p, i) for i in range(count)] for p in range(probes)]
    assert data["vote"].values.tolist() == votes
    assert data["prediction"].values.tolist() == prediction
    depths = [slow.depth(i, prediction[i]) for i in range(count)]
    assert data["depth"].values.tolist() == depths
    of_label = [slow.depth(i, slow.labels[i]) for i in range(count)]
    assert data["depth_of_label"].values.tolist() == of_label
    margins = [slow.neighbor_margin(i) for i in range(count)]
    assert np.allclose(data["neighbor_margin"], margins, atol=1e-6)
    confidence = logits.softmax(1).amax(1).numpy()
    assert np.allclose(data["confidence"], confidence, atol=1e-6)
    check_what_the_logits_say(data, logits.double().numpy(), slow.labels)


def check_what_the_logits_say(data, logits, labels):
    for example, row in enumerate(logits):
        second, largest = sorted(row)[-2:]
        margin = data["output_margin"].values[example]
        assert margin == pytest.approx(largest - second, abs=1e-5)
        probability = np.exp(row[labels[example]]) / np.exp(row).sum()
        found = data["label_probability"].values[example]
        assert found == pytest.approx(probability, abs=1e-6)


@pytest.mark.parametrize("k", [1, 4, 37])
def test_a_perceptron_is_measured_by_the_definitions(k):
    model = perceptron()
    study = measured(model, k=k)
    layers, logits = slow_layers(model, POINTS, nn.Linear)
    assert study.dataset.sizes["probe"] == len(layers)
    check_against_definition(study, Slow(layers, LABELS.tolist(), 38, k), logits)


def test_a_convolutional_network_is_measured_by_the_definitions(device):
    pictures = GENERATOR.random((40, 1, 8, 8)).astype(np.float32)
    labels = GENERATOR.integers(0, 3, 40)
    model = small_cnn(num_classes=3, width=4, seed=0)
    study = measured(
        model, (pictures[:30], labels[:30]), (pictures[30:], labels[30:]), device=device
    )
    kinds = (nn.BatchNorm2d, nn.Linear)
    layers, logits = slow_layers(model, pictures, kinds)
    check_against_definition(study, Slow(layers, labels.tolist(), 30, 5), logits)


@pytest.mark.parametrize("k", [2, 4, 37, 38])
def test_other_conventions_are_measured_as_they_say(k):
    model = perceptron()
    study = measured(
        model, k=k, ties="smallest", include_self=True, compare_with="label"
    )
    layers, _ = slow_layers(model, POINTS, nn.Linear)
    slow = Slow(layers, LABELS.tolist(), 38, k, ties=min, include_self=True)
    data, examples = study.dataset, range(50)
    assert data["neighbor_index"].values.tolist() == slow.neighbors
    votes = [[slow.vote(p, i) for i in examples] for p in range(len(layers))]
    assert data["vote"].values.tolist() == votes
    depths = [slow.depth(i, slow.labels[i]) for i in examples]
    assert data["depth"].values.tolist() == depths
    assert data["depth_of_label"].values.tolist() == depths


def test_depth_compared_with_the_last_probe_is_never_undecided():
    study = measured(compare_with="last probe")
    votes, depth = study.dataset["vote"].values, study.dataset["depth"].values
    wrong = (votes != votes[-1]) * np.arange(1, len(votes) + 1)[:, None]
    assert depth.tolist() == wrong.max(0).tolist()
    assert not study.frame()["undecided"].any()
    assert measured().frame()["undecided"].any()


@pytest.mark.parametrize("projection", ["umap", "pca"])
def test_suspicion_and_maps_leave_an_example_out_that_is_its_own_neighbor(projection):
    one = measured(k=6, include_self=True, projection=projection).dataset
    other = measured(k=5, projection=projection).dataset
    for name in ("suspicion", "neighbor_margin", "neighbors_kept", "projection"):
        assert np.array_equal(one[name], other[name], equal_nan=name == "suspicion")
        assert one[name].attrs == other[name].attrs
    assert (one["neighbor_index"].values[0, :38, 0] == np.arange(38)).all()


def test_agreement_and_accuracy_are_over_held_out_examples():
    data = measured().dataset
    votes, rows = data["vote"].values, slice(38, None)
    agreement = (votes == data["prediction"].values)[:, rows].mean(1)
    accuracy = (votes == data["label"].values)[:, rows].mean(1)
    assert np.allclose(data["probe_agreement"], agreement)
    assert np.allclose(data["probe_accuracy"], accuracy)
    assert data["probe_accuracy"].attrs["over"] == "validation"


def test_without_held_out_examples_they_are_over_the_training_ones():
    data = measured(validation=None).dataset
    agreement = (data["vote"] == data["prediction"]).mean("example")
    assert np.allclose(data["probe_agreement"], agreement)
    assert data["probe_agreement"].attrs["over"] == "train"
    assert set(measured(validation=None).frame()["split"]) == {"train"}


def test_no_training_example_is_its_own_neighbor_but_its_duplicate_is():
    points = np.repeat(POINTS[:10], 2, axis=0)
    study = measured(train=(points, LABELS[:20]), validation=None, k=1)
    twin = np.arange(20) ^ 1
    assert (study.dataset["neighbor_index"].values[:, :, 0] == twin).all()


def test_a_held_out_copy_of_a_training_example_finds_it():
    data = measured(validation=TRAIN, k=1).dataset.isel(example=slice(38, None))
    assert (data["neighbor_distance"] == 0).all()
    # Beyond the input, other examples may coincide with it where all units are off.
    assert (data["neighbor_index"].values[0, :, 0] == np.arange(38)).all()


@pytest.mark.parametrize("projection", ["umap", "pca"])
def test_the_same_seed_gives_the_same_study(projection):
    one, again = (measured(projection=projection, seed=3) for _ in range(2))
    same(one, again, but=("created",))


def test_batches_change_nothing_but_rounding():
    one, other = measured(batch_size=7), measured(batch_size=50)
    for name in ("vote", "depth", "prediction", "neighbor_index"):
        assert np.array_equal(one.dataset[name], other.dataset[name])


def test_the_network_and_the_random_state_are_given_back():
    model = perceptron().train()
    model[1].eval()
    before = torch.random.get_rng_state()
    measured(model, projection="umap")
    assert model.training
    assert not model[1].training
    assert torch.equal(torch.random.get_rng_state(), before)


def test_every_projection_has_a_map_and_its_quality():
    for projection in ("umap", "pca"):
        data = measured(projection=projection).dataset
        assert data["projection"].dims == ("probe", "example", "map_axis")
        assert data["projection"].shape == (4, 50, 2)
        assert np.isfinite(data["projection"]).all()
        assert ((data["neighbors_kept"] > 0) & (data["neighbors_kept"] <= 1)).all()
        assert data.attrs["projection"] == projection
    assert "projection" not in measured().dataset


def test_provenance_is_written_down_and_survives_saving(tmp_path):
    study = measured(title="Points", seed=5)
    attributes = open_study(study.save(tmp_path / "study.zarr")).dataset.attrs
    assert attributes == study.dataset.attrs
    assert attributes["format_version"] == 1
    assert attributes["title"] == "Points"
    assert attributes["seed"] == 5
    assert attributes["k"] == 5
    assert attributes["network"] == "Sequential"
    assert attributes["torch_version"] == torch.__version__
    assert attributes["probes_chosen"] == "auto"
    assert [probe["name"] for probe in attributes["probes"]] == list(study.probes)
    assert len(attributes["data_sha256"]) == 64
    other = measured(train=(POINTS[:38] + 1, LABELS[:38]))
    assert other.dataset.attrs["data_sha256"] != attributes["data_sha256"]


def test_probes_can_be_named():
    study = measured(probes=["1", "3"])
    assert study.probes == ("input", "1", "3", "softmax")
    assert study.dataset.attrs["probes_chosen"] == "given"


def test_the_choice_of_probes_is_printed_once(capsys):
    measured(progress=True)
    chosen, _ = capsys.readouterr().out.splitlines()
    assert chosen.startswith("4 probes: input (6), dense1 (0, 9), dense2 (2, 7), ")
    assert chosen.endswith(". 25 features, 5.0 kB for 50 examples")


def test_what_was_found_is_printed_before_the_maps(capsys):
    study = measured(progress=True, probes=["1"])
    depth = study.dataset["depth"].values
    assert capsys.readouterr().out == (
        f"Found: mean depth {depth.mean():.2f} of 3 probes, {(depth == 3).sum()} of "
        "50 examples undecided at the last.\n"
    )


def test_nothing_is_printed_otherwise(capsys):
    measured(progress=False)
    assert capsys.readouterr().out == ""

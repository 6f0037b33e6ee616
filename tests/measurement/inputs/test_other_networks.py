"""Pictures and sounds by name, several inputs, and networks that are refused."""

import warnings

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import depthviz as dv
from depthviz.errors import ArgumentError, ModelError
from tests.measurement.inputs.networks import CLASSES, COUNT, DRAW, LABELS, OPTIONS

ROWS = DRAW.normal(size=(COUNT, 8)).astype(np.float32)


def test_a_vision_transformer_takes_pictures_by_name():
    transformers = pytest.importorskip("transformers")
    config = transformers.ViTConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        image_size=16,
        patch_size=8,
        num_labels=CLASSES,
    )
    torch.manual_seed(0)
    network = transformers.ViTForImageClassification(config)
    pixels = DRAW.normal(size=(COUNT, 3, 16, 16)).astype(np.float32)
    items = [
        {"pixel_values": each, "labels": label}
        for each, label in zip(pixels, LABELS, strict=True)
    ]
    by_name = dv.measure(network, items, **OPTIONS)
    plain = dv.measure(network, (pixels, LABELS), **OPTIONS)
    assert plain.probes == ("input", *by_name.probes)
    assert np.array_equal(by_name.dataset["vote"], plain.dataset["vote"][1:])
    assert np.array_equal(by_name.dataset["image"], plain.dataset["image"])


def test_a_network_of_sounds_is_measured():
    transformers = pytest.importorskip("transformers")
    config = transformers.Wav2Vec2Config(
        vocab_size=32,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        conv_dim=(8, 8),
        conv_stride=(5, 2),
        conv_kernel=(10, 3),
        num_feat_extract_layers=2,
        num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2,
        classifier_proj_size=8,
        num_labels=CLASSES,
    )
    torch.manual_seed(0)
    network = transformers.Wav2Vec2ForSequenceClassification(config)
    sounds = DRAW.normal(size=(COUNT, 300)).astype(np.float32)
    items = [
        {"input_values": each.tolist(), "label": label}
        for each, label in zip(sounds, LABELS, strict=True)
    ]
    study = dv.measure(network, items, **OPTIONS)
    assert {"layers.0", "layers.1", "softmax"} <= set(study.probes)


class Two(nn.Module):
    """Takes two inputs."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.one, self.two = nn.Linear(5, 8), nn.Linear(3, 8)
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.head(torch.relu(self.one(x) + self.two(y)))


def test_several_inputs_are_given_in_order_or_by_name():
    pairs = [
        ((row[:5], row[5:]), label) for row, label in zip(ROWS, LABELS, strict=True)
    ]
    in_order = dv.measure(Two(), pairs, **OPTIONS)
    by_name = dv.measure(
        Two(), ({"y": ROWS[:, 5:], "x": ROWS[:, :5]}, LABELS), **OPTIONS
    )
    assert in_order.probes == ("one", "two", "softmax")
    assert np.array_equal(in_order.dataset["depth"], by_name.dataset["depth"])


def test_an_input_that_is_not_finite_is_named():
    rows = ROWS.copy()
    rows[41, 6] = np.nan
    data = ({"x": rows[:, :5], "y": rows[:, 5:]}, LABELS)
    with pytest.raises(dv.errors.FeatureError, match=r"'input' .*train\[41\]"):
        dv.measure(Two(), data, **OPTIONS)


def test_measurements_in_whole_numbers_are_refused_with_the_remedy():
    with pytest.raises(ModelError, match=r"int64: .*convert measurements to floats"):
        dv.measure(nn.Linear(8, 3), ((ROWS * 9).astype(int), LABELS), **OPTIONS)


class Yields(nn.Linear):
    """Returns a generator."""

    def forward(self, rows: Tensor) -> object:
        return (each for each in [super().forward(rows)])


def test_a_generator_is_refused_in_words():
    with pytest.raises(ModelError, match="it returned a generator"):
        dv.measure(Yields(8, 3), (ROWS, LABELS), **OPTIONS)


class Changing(nn.Module):
    """Replaces one of its modules in every forward pass."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first, self.second = nn.Linear(8, 8), nn.Linear(8, 8)
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        fresh = nn.Linear(8, 8)
        fresh.load_state_dict(self.second.state_dict())
        self.second = fresh
        return self.head(torch.relu(self.second(torch.relu(self.first(x)))))


def test_a_network_that_changes_its_modules_is_read_where_it_does_not():
    study = dv.measure(Changing(), ({"x": ROWS}, LABELS), **OPTIONS)
    assert study.probes == ("first", "softmax")


def test_a_dynamically_quantized_network_is_refused_in_words():
    from torch.ao.quantization import quantize_dynamic

    network = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        small = quantize_dynamic(network, {nn.Linear}, dtype=torch.qint8)
    with pytest.raises(ModelError, match="quantize with fixed scales"):
        dv.measure(small, (ROWS, LABELS), **OPTIONS)


def test_one_example_in_a_batch_is_measured():
    alone = dv.measure(
        Two(), ({"x": ROWS[:, :5], "y": ROWS[:, 5:]}, LABELS), batch_size=1, **OPTIONS
    )
    assert len(alone) == COUNT


@pytest.mark.parametrize("name", ["collate_fn", "forward"])
def test_what_is_no_function_is_refused(name):
    with pytest.raises(ArgumentError, match=rf"{name} must be a function, lambda"):
        dv.measure(Two(), (ROWS, LABELS), **OPTIONS, **{name: "mean"})

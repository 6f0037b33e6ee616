"""Backbones without a head: depths from the labels, and nothing that logits say."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import depthviz as dv
from depthviz.errors import LabelError, ModelError, ProbeError
from tests.measurement.inputs.networks import (
    DRAW,
    LABELS,
    OPTIONS,
    SIZES,
    columns,
    items,
    pad,
)

BY_LABEL = {**OPTIONS, "compare_with": "label"}
ROWS = DRAW.normal(size=(len(LABELS), 8)).astype(np.float32)
ROWS[np.arange(len(LABELS)), LABELS] += 3


class Backbone(nn.Module):
    """Returns features under a name."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.one, self.two = nn.Linear(8, 16), nn.Linear(16, 12)

    def forward(self, rows: Tensor) -> dict[str, Tensor]:
        return {"features": torch.relu(self.two(torch.relu(self.one(rows))))}


class Classifier(Backbone):
    """The same with a head."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(12, 3)

    def forward(self, rows: Tensor) -> Tensor:
        return self.head(super().forward(rows)["features"])


@pytest.fixture(scope="module")
def study() -> dv.Study:
    return dv.measure(Backbone(), (ROWS, LABELS), **BY_LABEL)


def test_its_probes_are_those_of_the_classifier_but_the_softmax(study):
    options = {**BY_LABEL, "probes": ["one", "two"]}
    whole = dv.measure(Classifier(), (ROWS, LABELS), **options)
    assert study.probes == whole.probes[:-1] == ("input", "one", "two")
    for name in ("neighbor_index", "vote", "probe_accuracy"):
        assert np.array_equal(study.dataset[name], whole.dataset[name][:-1])


def test_its_depth_is_that_of_the_label(study):
    votes, label = study.dataset["vote"].values, study.dataset["label"].values
    right = votes == label
    last_wrong = [
        max((p + 1 for p in range(3) if not row[p]), default=0) for row in right.T
    ]
    assert study.dataset["depth"].values.tolist() == last_wrong


def test_what_logits_would_say_is_not_there(study):
    assert not {"confidence", "label_probability", "output_margin"} & set(study.frame())
    assert "log_probability" not in study.dataset
    assert np.array_equal(study.dataset["prediction"], study.dataset["vote"][-1])
    assert study.dataset.attrs["prediction_is"] == "the vote of the last probe"
    assert study.classes == ("0", "1", "2")


def test_it_is_said(capsys):
    dv.measure(Backbone(), (ROWS, LABELS), **{**BY_LABEL, "progress": True})
    said = capsys.readouterr()
    assert "its prediction is the vote of the last probe, two." in said.out + said.err


def test_it_is_saved_shown_and_reported(study, tmp_path):
    study.save(tmp_path / "study.zarr")
    assert dv.open_study(tmp_path / "study.zarr").frame().equals(study.frame())
    assert len(dv.explore(study).shown) == len(LABELS)
    assert dv.report(study, tmp_path / "report.html").exists()


def test_without_labels_to_compare_with_the_refusal_has_the_remedy():
    with pytest.raises(ModelError, match=r"backbone without a head.*compare_with='lab"):
        dv.measure(Backbone(), (ROWS, LABELS), **OPTIONS)


def test_rows_that_may_be_logits_are_named_as_features():
    plain = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 64))
    with pytest.raises(ModelError, match=r"forward=lambda model, batch: \{'features'"):
        dv.measure(plain, (ROWS, LABELS), **BY_LABEL)
    found = dv.measure(
        plain,
        (ROWS, LABELS),
        forward=lambda model, batch: {"features": model(batch)},
        **BY_LABEL,
    )
    assert found.probes == ("input", "dense1", "dense2")


def test_a_softmax_that_is_named_is_refused():
    with pytest.raises(ProbeError, match="no logits, so there is no probe 'softmax'"):
        dv.measure(Backbone(), (ROWS, LABELS), probes=["one", "softmax"], **BY_LABEL)


def test_features_that_are_random_are_refused():
    class Random(Backbone):
        def forward(self, rows: Tensor) -> dict[str, Tensor]:
            found = super().forward(rows)["features"]
            return {"features": found + torch.rand_like(found)}

    with pytest.raises(ModelError, match="each time it runs"):
        dv.measure(Random(), (ROWS, LABELS), **BY_LABEL)


def test_classes_may_be_named_and_must_be_enough():
    names = ["a", "b", "c", "d"]
    named = dv.measure(Backbone(), (ROWS, LABELS), class_names=names, **BY_LABEL)
    assert named.classes == ("a", "b", "c", "d")
    with pytest.raises(
        LabelError, match="Labels go from 0 to 2, but class_names names"
    ):
        dv.measure(Backbone(), (ROWS, LABELS), class_names=["a", "b"], **BY_LABEL)
    wrong = [*LABELS[:3], -1, *LABELS[4:]]
    with pytest.raises(LabelError, match=r"train\[3\] has label -1"):
        dv.measure(Backbone(), (ROWS, wrong), **BY_LABEL)


@pytest.mark.parametrize("form", ["padded", "collated"])
def test_a_text_model_without_a_head_is_measured(form):
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    network = transformers.BertModel(transformers.BertConfig(**SIZES))
    data = (columns(), LABELS) if form == "padded" else items()
    more = {} if form == "padded" else {"collate_fn": pad}
    found = dv.measure(network, data, **BY_LABEL, **more)
    assert found.probes[-1] == "pooler"
    assert found.frame()["depth"].between(0, len(found.probes)).all()


def test_a_vision_model_without_a_head_is_measured():
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    config = transformers.Dinov2Config(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=16,
        patch_size=8,
    )
    pixels = DRAW.normal(size=(len(LABELS), 3, 16, 16)).astype(np.float32)
    found = dv.measure(transformers.Dinov2Model(config), (pixels, LABELS), **BY_LABEL)
    assert found.probes[0] == "input"
    assert "softmax" not in found.probes

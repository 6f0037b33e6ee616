"""Networks of Hugging Face on texts: every form of the data gives the same depths."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import depthviz as dv
from depthviz.errors import FeatureError, ModelError, ShapeError
from depthviz.measurement import pass_plan
from tests.measurement.inputs.networks import (
    LABELS,
    OPTIONS,
    TEXTS,
    VOCABULARY,
    columns,
    items,
    pad,
    text_network,
)

pytest.importorskip("transformers")


@pytest.mark.parametrize("kind", ["bert", "distilbert", "albert"])
def test_arrays_items_and_a_collator_give_the_same_study(kind):
    network = text_network(kind)
    whole = dv.measure(network, (columns(), LABELS), **OPTIONS)
    padded = [
        {name: values[i].tolist() for name, values in columns().items()}
        | {"labels": LABELS[i]}
        for i in range(len(LABELS))
    ]
    of_items = dv.measure(network, padded, **OPTIONS)
    collated = dv.measure(
        network, items(), collate_fn=lambda batch: pad(batch, 12), **OPTIONS
    )
    assert "input" not in whole.probes
    for other in (of_items, collated):
        assert whole.dataset.attrs["data_sha256"] == other.dataset.attrs["data_sha256"]
        for name in ("depth", "neighbor_index", "neighbor_distance", "confidence"):
            assert np.array_equal(whole.dataset[name], other.dataset[name])


class Mean(nn.Module):
    """The mean of the embedded tokens that the mask keeps, and two dense layers."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Embedding(VOCABULARY, 8)
        self.pooled = nn.Identity()
        self.dense, self.head = nn.Linear(8, 8), nn.Linear(8, 3)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        kept = attention_mask.unsqueeze(-1)
        mean = (self.embed(input_ids) * kept).sum(1) / kept.sum(1)
        return self.head(torch.relu(self.dense(self.pooled(mean))))


def test_padding_by_the_batch_changes_nothing_but_rounding():
    options = {**OPTIONS, "probes": ["dense"]}
    alone = dv.measure(Mean(), items(), collate_fn=pad, batch_size=1, **options)
    for size in (7, 48):
        padded = dv.measure(Mean(), items(), collate_fn=pad, batch_size=size, **options)
        assert np.allclose(
            padded.dataset["neighbor_distance"],
            alone.dataset["neighbor_distance"],
            atol=1e-5,
        )
        assert np.array_equal(padded.dataset["depth"], alone.dataset["depth"])
    whole = dv.measure(Mean(), (columns(), LABELS), **options)
    assert np.array_equal(whole.dataset["depth"], alone.dataset["depth"])


@pytest.mark.parametrize("kind", ["bert", "distilbert", "albert"])
def test_pooled_tokens_do_not_depend_on_the_padding(kind):
    options = {**OPTIONS, "collate_fn": pad}
    alone = dv.measure(text_network(kind), items(), batch_size=1, **options)
    batched = dv.measure(text_network(kind), items(), batch_size=16, **options)
    assert "first" in alone.dataset.attrs["pooling"]
    for name in ("neighbor_distance", "confidence"):
        assert np.allclose(alone.dataset[name], batched.dataset[name], atol=1e-4)


class Quiet(Mean):
    """Has a layer over the tokens, whose padding no mask marks to those outside."""

    def forward(self, input_ids: Tensor, kept: Tensor) -> Tensor:
        return super().forward(input_ids, kept)


def test_embeddings_that_depend_on_the_padding_are_refused():
    def unmasked(batch):
        found = pad(batch)
        return {"kept": found.pop("attention_mask"), **found}

    options = {**OPTIONS, "collate_fn": unmasked}
    with pytest.raises(FeatureError, match=r"probe 'embed' depends on how far its"):
        dv.measure(Quiet(), items(), **options)
    study = dv.measure(Quiet(), items(), probes=["dense"], **options)
    assert study.probes == ("dense", "softmax")


def test_tokens_in_one_row_of_several_lengths_are_refused():
    layer = dv.embeddings.Probe("tokens", "bert.embeddings", pool="flatten")
    options = {**OPTIONS, "collate_fn": pad, "probes": [layer], "batch_size": 4}
    with pytest.raises(FeatureError, match=r"'tokens'.*padded to different"):
        dv.measure(text_network("bert"), items(), **options)


class Unmasked(Mean):
    """Takes a mask, and does not look at it."""

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return super().forward(input_ids, torch.ones_like(attention_mask))


def test_logits_that_depend_on_the_padding_are_refused():
    with pytest.raises(ModelError, match=r"how far its batch is padded.*attention_mas"):
        dv.measure(Unmasked(), items(), collate_fn=pad, **OPTIONS)


@pytest.mark.parametrize("form", ["array", "mapping"])
def test_padded_ids_without_a_mask_are_warned_of(form):
    ids = columns()["input_ids"]
    data = ids if form == "array" else {"input_ids": ids}
    with pytest.warns(UserWarning, match=r"token id 0, as if padded.*attention_mask"):
        dv.measure(text_network("bert"), (data, LABELS), **OPTIONS)


def test_ids_of_one_length_need_no_mask():
    ids = np.stack([np.roll(np.arange(5, 13), i % 8) for i in range(len(LABELS))])
    study = dv.measure(text_network("bert"), (ids, LABELS), **OPTIONS)
    assert study.probes[0] == "embeddings"


def test_a_text_longer_than_the_network_takes_is_refused():
    ids = np.ones((len(LABELS), 300_000), np.int32)
    with pytest.raises(
        ShapeError, match=r"train\[0\] has 300,000 tokens.*20 positions"
    ):
        dv.measure(text_network("bert"), (ids, LABELS), **OPTIONS)


def test_a_later_text_that_is_too_long_is_named():
    texts = [*TEXTS[:30], list(range(5, 40)), *TEXTS[31:]]
    options = {**OPTIONS, "probes": ["classifier"], "batch_size": 16}
    with pytest.raises(ShapeError, match=r"train\[30\] has 35 tokens"):
        dv.measure(text_network("bert"), items(texts), collate_fn=pad, **options)


def test_ids_beyond_the_vocabulary_are_refused():
    ids = columns()["input_ids"]
    ids[33, 2] = VOCABULARY
    data = ({**columns(), "input_ids": ids}, LABELS)
    with pytest.raises(FeatureError, match=r"train\[33\] has the token id 60.*0 to 59"):
        dv.measure(text_network("bert"), data, **OPTIONS)


def test_a_mask_of_zeros_is_refused():
    mask = columns()["attention_mask"]
    mask[33] = 0
    data = ({**columns(), "attention_mask": mask}, LABELS)
    with pytest.raises(FeatureError, match=r"train\[33\] has no tokens.*0 everywhere"):
        dv.measure(text_network("bert"), data, **OPTIONS)


def test_an_empty_text_is_refused():
    texts = [*TEXTS[:30], [], *TEXTS[31:]]
    with pytest.raises(FeatureError, match=r"train\[30\] has no tokens"):
        dv.measure(Mean(), items(texts), collate_fn=pad, **OPTIONS)
    with pytest.raises(
        FeatureError, match=r"train\[0\] has no tokens: its ids are emp"
    ):
        dv.measure(Mean(), (np.ones((48, 0), int), LABELS), **OPTIONS)


def test_names_of_the_configuration_name_the_classes():
    names = {0: "bad", 1: "mixed", 2: "good"}
    network = text_network("bert", id2label=names)
    study = dv.measure(network, (columns(), LABELS), **OPTIONS)
    assert study.classes == ("bad", "mixed", "good")
    given = dv.measure(
        network, (columns(), LABELS), class_names=["a", "b", "c"], **OPTIONS
    )
    assert given.classes == ("a", "b", "c")
    plain = dv.measure(text_network("bert"), (columns(), LABELS), **OPTIONS)
    assert plain.classes == ("0", "1", "2")


def test_names_that_are_left_out_are_printed(capsys):
    extra = {**columns(), "idx": np.arange(len(LABELS))}
    dv.measure(Mean(), (extra, LABELS), **{**OPTIONS, "progress": True})
    said = capsys.readouterr()
    assert "forward does not take it: 'idx'." in said.out + said.err


def test_a_network_that_returns_a_tuple_with_hidden_states_is_read():
    network = text_network("bert", return_dict=False, output_hidden_states=True)
    tuples = dv.measure(network, (columns(), LABELS), **OPTIONS)
    objects = dv.measure(text_network("bert"), (columns(), LABELS), **OPTIONS)
    assert np.array_equal(tuples.dataset["depth"], objects.dataset["depth"])


def test_a_compiled_network_is_opened():
    network = text_network("bert")
    plain = dv.measure(network, (columns(), LABELS), **OPTIONS)
    compiled = dv.measure(torch.compile(network), (columns(), LABELS), **OPTIONS)
    assert np.array_equal(plain.dataset["depth"], compiled.dataset["depth"])
    assert plain.probes == compiled.probes


def test_a_forward_of_ones_own_is_used_everywhere():
    network = text_network("bert")
    by_hand = dv.measure(
        network,
        (columns()["input_ids"], LABELS),
        forward=lambda model, ids: model(
            input_ids=ids, attention_mask=(ids != 0).int()
        ),
        **OPTIONS,
    )
    usual = dv.measure(network, (columns(), LABELS), **OPTIONS)
    assert np.array_equal(by_hand.dataset["depth"], usual.dataset["depth"])


def test_data_that_changes_when_read_again_is_refused():
    def shuffled(batch):
        found = pad(batch, 12)
        noise = torch.randint(5, 9, found["input_ids"].shape)
        return {**found, "input_ids": noise}

    with pytest.raises(dv.errors.DataError, match="differ when read twice"):
        dv.measure(text_network("bert"), items(), collate_fn=shuffled, **OPTIONS)


def test_passes_see_the_same_texts(monkeypatch):
    network = text_network("bert")
    one = dv.measure(network, (columns(), LABELS), **OPTIONS)
    monkeypatch.setattr(pass_plan, "free_space", lambda folder: 0)
    several = dv.measure(network, (columns(), LABELS), memory_limit=16_000, **OPTIONS)
    assert several.dataset.attrs["passes"] > 1
    assert np.array_equal(
        one.dataset["neighbor_index"], several.dataset["neighbor_index"]
    )

"""What another pooling would change, against measuring by hand."""

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import spearmanr
from torch import Tensor, nn
from torch.utils.data import TensorDataset

import depthviz as dv
from depthviz.embeddings import Probe
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import stored_sensitivity

QUIET = {"projection": None, "progress": False, "device": "cpu"}


class Reader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed, self.mix = nn.Embedding(60, 8), nn.GRU(8, 8, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, ids: Tensor) -> Tensor:
        return self.head(self.mix(self.embed(ids))[0].mean(1))


@pytest.fixture(scope="module")
def network() -> nn.Module:
    torch.manual_seed(0)
    return Reader()


@pytest.fixture(scope="module")
def data() -> TensorDataset:
    draw = torch.Generator().manual_seed(0)
    labels = torch.arange(90) % 3
    ids = torch.randint(20, (90, 6), generator=draw) + 15 * labels[:, None]
    return TensorDataset(ids, labels)


@pytest.fixture(scope="module")
def study(network: nn.Module, data: TensorDataset) -> dv.Study:
    return dv.measure(network, data, k=4, **QUIET)


def test_a_row_is_what_measuring_by_hand_says(study, network, data) -> None:
    table = dv.convention_sensitivity(study, model=network, data=data, examples=30)
    row = table.set_index("convention").loc["pool: last"]
    rows = np.unique(np.linspace(0, 89, 30, dtype=int))
    sample = TensorDataset(*(each[rows] for each in data.tensors))
    depths, votes = [], []
    for pool in ("mean", "last"):
        places = [Probe("embed", pool=pool), Probe("mix", pool=pool)]
        one = dv.measure(network, sample, probes=places, k=4, **QUIET)
        depths.append(one.frame()["depth"].to_numpy())
        votes.append(one.dataset["vote"].to_numpy())
    assert row["changed"] == (depths[0] != depths[1]).sum() > 0
    assert row["share"] == pytest.approx(row["changed"] / 30)
    assert row["low"] < row["share"] < row["high"]
    assert row["rank_correlation"] == pytest.approx(spearmanr(*depths).statistic)
    assert row["votes_changed"] == pytest.approx((votes[0] != votes[1]).mean())
    assert "30 of 90" in row["untold"]


def test_its_own_pooling_changes_nothing_and_the_rest_stays(
    study, network, data
) -> None:
    table = dv.convention_sensitivity(study, model=network, data=data)
    told = stored_sensitivity(study)
    own = table.set_index("convention").loc["pool: mean"]
    assert pd.isna(own["changed"])
    kept = table[~table["convention"].str.startswith("pool: ")]
    others = told[told["convention"] != "other pooling"]
    pd.testing.assert_frame_equal(
        kept.reset_index(drop=True), others.reset_index(drop=True)
    )


def test_without_a_network_it_says_what_is_missing(study) -> None:
    row = dv.convention_sensitivity(study).set_index("convention").loc["other pooling"]
    assert pd.isna(row["changed"])
    assert "model= and data=" in row["untold"]


def test_positions_of_pictures_are_pooled_too() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.ReLU(),
        nn.Conv2d(4, 4, 3),
        nn.Flatten(),
        nn.Linear(16, 3),
    )
    pictures = torch.rand(40, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    data = TensorDataset(pictures, torch.arange(40) % 3)
    study = dv.measure(net, data, k=3, **QUIET)
    table = dv.convention_sensitivity(study, model=net, data=data)
    rows = table.set_index("convention")
    assert rows.loc["pool: mean", "votes_changed"] > 0
    assert pd.isna(rows.loc["pool: first", "changed"])


def test_a_model_alone_and_other_data_are_refused(study, network, data) -> None:
    with pytest.raises(ArgumentError, match="both model= and data="):
        dv.convention_sensitivity(study, model=network)
    fewer = TensorDataset(*(each[:80] for each in data.tensors))
    with pytest.raises(StudyError, match="90 training examples, and data 80"):
        dv.convention_sensitivity(study, model=network, data=fewer)


def test_a_pooling_by_a_function_cannot_be_repeated(network, data) -> None:
    places = [Probe("mix", pool=lambda tokens, mask: tokens[:, 2])]
    study = dv.measure(network, data, probes=places, k=4, **QUIET)
    assert study.dataset.attrs["probes"][0]["pool"] == "<lambda>"
    with pytest.raises(StudyError, match="read by a function"):
        dv.convention_sensitivity(study, model=network, data=data)


def pad(items: list[tuple[Tensor, int]]) -> tuple[Tensor, list[int]]:
    texts = [text for text, _ in items]
    padded = nn.utils.rnn.pad_sequence(texts, batch_first=True)
    kept = [torch.ones(len(text)) for text in texts]
    mask = nn.utils.rnn.pad_sequence(kept, batch_first=True)
    inputs = {"ids": padded, "attention_mask": mask}
    return inputs, [label for _, label in items]


class Masked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed, self.mix = nn.Embedding(60, 8), nn.Linear(8, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, ids: Tensor, attention_mask: Tensor) -> Tensor:
        tokens = self.mix(self.embed(ids)) * attention_mask[:, :, None]
        return self.head(tokens.sum(1) / attention_mask.sum(1, keepdim=True))


def test_texts_of_several_lengths_have_no_row_by_flatten_and_one_by_the_others(
    data,
) -> None:
    torch.manual_seed(0)
    net = Masked()
    texts = [(ids[: 2 + i % 5], int(label)) for i, (ids, label) in enumerate(data)]
    study = dv.measure(net, texts, k=4, collate_fn=pad, **QUIET)
    table = dv.convention_sensitivity(study, model=net, data=texts, collate_fn=pad)
    rows = table.set_index("convention")
    assert "padded to different lengths" in rows.loc["pool: flatten", "untold"]
    assert pd.isna(rows.loc["pool: flatten", "changed"])
    assert rows.loc[["pool: max", "pool: first", "pool: last"], "changed"].min() >= 0

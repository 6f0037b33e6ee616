"""Measures of networks of texts and of backbones are computed as they were measured."""

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import TensorDataset

import depthviz as dv
from depthviz.difficulty import predictive_entropy
from depthviz.errors import ModelError

QUIET = {"projection": None, "progress": False, "k": 3}
DRAW = torch.Generator().manual_seed(0)
TEXTS = [
    {
        "ids": torch.randint(1, 40, (3 + i % 4,), generator=DRAW).tolist(),
        "label": i % 3,
    }
    for i in range(40)
]


class Text(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed, self.head = nn.Embedding(40, 8, padding_idx=0), nn.Linear(8, 3)

    def forward(self, ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        kept = torch.ones_like(ids) if attention_mask is None else attention_mask
        return self.head((self.embed(ids) * kept.unsqueeze(-1)).sum(1))


class Backbone(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 8), nn.Linear(8, 6)

    def forward(self, rows: Tensor) -> dict[str, Tensor]:
        return {"features": self.second(torch.relu(self.first(rows)))}


def pad(items):
    longest = max(len(item["ids"]) for item in items)
    rows = [item["ids"] + [0] * (longest - len(item["ids"])) for item in items]
    return {
        "ids": torch.tensor(rows),
        "attention_mask": torch.tensor(rows) > 0,
        "labels": torch.tensor([item["label"] for item in items]),
    }


def test_texts_are_padded_by_the_collator() -> None:
    torch.manual_seed(0)
    net = Text()
    study = dv.measure(net, TEXTS, collate_fn=pad, **QUIET)
    given = {"model": net, "data": TEXTS, "collate_fn": pad, "progress": False}
    found = study.add("predictive_entropy", **given).frame()["predictive_entropy"]
    with torch.no_grad():
        logits = torch.cat([net(torch.tensor([item["ids"]])) for item in TEXTS])
    expected = predictive_entropy(logits).numpy()
    assert found.to_numpy() == pytest.approx(expected, abs=1e-5)


def test_a_network_is_called_as_the_user_says() -> None:
    torch.manual_seed(0)
    net, data = Text(), TensorDataset(torch.ones(9, 2).long(), torch.arange(9) % 3)
    call = {"forward": lambda model, ids: model(ids) * 0}
    study = dv.measure(net, data, **call, **QUIET)
    given = {"model": net, "data": data, "progress": False, **call}
    found = study.add("predictive_entropy", **given).frame()["predictive_entropy"]
    assert found.to_numpy() == pytest.approx(torch.tensor(3.0).log().item())


def test_a_backbone_has_measures_of_its_embeddings_and_none_of_logits() -> None:
    torch.manual_seed(0)
    net = Backbone()
    data = TensorDataset(torch.randn(40, 4, generator=DRAW), torch.arange(40) % 3)
    study = dv.measure(net, data, compare_with="label", **QUIET)
    given = {"model": net, "data": data, "progress": False}
    wide = study.add("prototype_distance", **given).frame()
    assert wide["prototype_distance"].gt(0).all()
    with pytest.raises(ModelError, match="no logits, and this measure"):
        study.add("predictive_entropy", **given)

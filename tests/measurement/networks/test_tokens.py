"""A network of token ids is measured, shown and reported without an input probe."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import TensorDataset

import depthviz as dv


class Text(nn.Module):
    """The mean of embedded tokens, through one hidden layer."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(30, 8)
        self.inner = nn.GRU(8, 8, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.head(self.inner(self.embed(tokens))[0][:, -1])


@pytest.fixture(scope="module")
def study() -> dv.Study:
    torch.manual_seed(0)
    labels = torch.arange(60) % 3
    tokens = torch.randint(10, (60, 8)) + 10 * labels[:, None]
    return dv.measure(
        Text(),
        TensorDataset(tokens, labels),
        k=5,
        projection="pca",
        progress=False,
        device="cpu",
    )


def test_its_first_probe_is_a_layer(study: dv.Study) -> None:
    assert study.probes == ("embed", "inner", "softmax")
    assert study.frame()["depth"].between(0, 3).all()


def test_the_report_names_the_first_probe(study: dv.Study, tmp_path: Path) -> None:
    page = dv.report(study, tmp_path / "report.html").read_text("utf-8")
    assert "settled at the first probe, embed" in page


def test_it_is_saved_and_explored(study: dv.Study, tmp_path: Path) -> None:
    study.save(tmp_path / "study.zarr")
    opened = dv.open_study(tmp_path / "study.zarr")
    assert opened.frame().equals(study.frame())
    assert len(dv.explore(opened).shown) == 60

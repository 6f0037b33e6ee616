"""The blocks of Python of the README and the guide run on tiny data, page by page."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import depthviz as dv
from depthviz.difficulty import MEASURES
from depthviz.difficulty.registry.registering import forget_measure
from depthviz.ensembles import Ensemble
from depthviz.measurement import measure
from tests.guide.pages import PAGES, blocks

# What a reader's machine has and this one has not.
HERE = {
    'scratch="/fast/disk"': "scratch=None",
    "planted=0.02": "planted=0.2",
    'Client("scheduler:8786").get_executor()': "None",
}
# They need Lightning, polars, DuckDB and FiftyOne, which tests do not ask for.
COMPILED_ONLY = ("LightningRecorder(", "import polars", "import fiftyone")
WITH_PYTHON = [path for path in PAGES if blocks(path, "python")]


def network() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(48, 8), nn.ReLU(), nn.Linear(8, 2))


def small_ensemble(_: object, data: Any, **options: Any) -> Ensemble:
    """Make two members of a tiny network, by the options of the page."""
    small = {"members": 2, "holdout": 0.5, "projection": None}
    return Ensemble(network, data, **{**options, **small})


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What the pages take for granted: a network, data, a study, an Explorer."""
    monkeypatch.chdir(tmp_path)
    quick = partial(measure, projection=None, progress=False)
    monkeypatch.setattr(dv, "measure", quick, raising=False)
    monkeypatch.setattr(dv, "Ensemble", small_ensemble, raising=False)
    torch.manual_seed(0)
    images = np.random.default_rng(0).random((80, 3, 4, 4), np.float32)
    labels = np.arange(80) % 2
    model, rows = network(), torch.arange(80)
    items = zip(torch.from_numpy(images), torch.from_numpy(labels), rows, strict=True)
    known = set(MEASURES)
    yield {
        "dv": dv,
        "torch": torch,
        "images": images,
        "labels": labels,
        "data": (images, labels),
        "model": model,
        "optimizer": torch.optim.SGD(model.parameters(), lr=0.1),
        "loader": torch.utils.data.DataLoader(list(items), batch_size=40),
        "train": (images[:60], labels[:60]),
        "validation": (images[60:], labels[60:]),
        "test": (images[60:], labels[60:]),
        "train_set": list(
            zip(torch.from_numpy(images[:60]), labels[:60].tolist(), strict=True)
        ),
        "network": network,
        "query": torch.rand(40, 3),
        "reference": torch.rand(40, 3),
        "study": quick(model, (images[:60], labels[:60])),
        "ensemble": SimpleNamespace(),
    }
    for name in set(MEASURES) - known:  # those that a page registers
        forget_measure(name)


@pytest.mark.parametrize("path", WITH_PYTHON, ids=lambda path: path.stem)
def test_python_of_the_page_runs(path: Path, names: dict[str, Any]) -> None:
    for number, block in enumerate(blocks(path, "python"), 1):
        text = block
        for there, here in HERE.items():
            text = text.replace(there, here)
        code = compile(text, f"{path.name}, block {number}", "exec")
        if not any(words in text for words in COMPILED_ONLY):
            exec(code, names)

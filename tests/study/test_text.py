"""Text that is not UTF-8 is refused before anything is measured, or written out."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import Dataset

import depthviz as dv
from depthviz.errors import StudyError

BROKEN = "caf\udce9"
POINTS = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)
LABELS = np.arange(12) % 2


class Network(nn.Linear):
    """Counts how often it is run."""

    calls = 0

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        type(self).calls += 1
        return super().forward(inputs)


class Folder(Dataset):
    """Files of two classes, in folders of theirs."""

    classes = ("a", BROKEN)
    samples = tuple((f"{BROKEN}/{row}.png", row % 2) for row in range(12))

    def __len__(self) -> int:
        return 12

    def __getitem__(self, row: int) -> tuple[torch.Tensor, int]:
        return torch.from_numpy(POINTS[row]), int(LABELS[row])


def measure(data, **options):
    options = {"k": 2, "projection": None, "progress": False, **options}
    return dv.measure(Network(2, 2), data, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"class_names": ["a", BROKEN]}, "class_names holds text that is not UTF-8"),
        ({"title": BROKEN}, "title holds text that is not UTF-8"),
    ],
)
def test_names_and_titles_are_refused_before_the_network_runs(options, message):
    Network.calls = 0
    with pytest.raises(StudyError, match=message):
        measure((POINTS, LABELS), **options)
    with pytest.raises(StudyError, match=message):
        dv.Ensemble(lambda: Network(2, 2), (POINTS, LABELS), members=2, **options)
    assert Network.calls == 0


def test_names_that_the_data_set_has_are_written_out(tmp_path):
    study = measure(Folder())
    opened = dv.open_study(study.save(tmp_path / "study.zarr"))
    assert opened.classes[1].startswith("caf")
    assert opened.frame()["path"][3].endswith("/3.png")

"""What a caller switched on in torch, NumPy or Python changes no number."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import depthviz as dv

Made = tuple[dv.Study, dv.Study]
LABELS = np.arange(90) % 3


def network() -> nn.Module:
    return nn.Sequential(
        nn.Flatten(), nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 8), nn.Linear(8, 3)
    )


def rows() -> np.ndarray:
    draw = np.random.default_rng(0)
    centers = draw.normal(size=(3, 16)) * 1.5
    found = centers[LABELS] + draw.normal(size=(90, 16))
    return found.astype(np.float32).reshape(90, 4, 4)


def make(model: nn.Module, folder: Path) -> Made:
    """Measure a network, and an ensemble of others."""
    inputs = rows()
    one = dv.measure(
        model,
        (inputs[:60], LABELS[:60]),
        (inputs[60:], LABELS[60:]),
        k=5,
        projection="pca",
        progress=False,
        device="cpu",
    )
    ensemble = dv.Ensemble(
        network,
        (inputs, LABELS),
        members=2,
        holdout=0.5,
        k=5,
        device="cpu",
        projection=None,
        input_margin=True,
        recipe=dv.Recipe(epochs=1, checkpoints=2, augmentation=["flip"]),
    )
    return one, ensemble.run(folder, progress=False)


@contextmanager
def number_type(kind: torch.dtype) -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(kind)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


STATES: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "autocast": lambda: torch.autocast("cpu", dtype=torch.bfloat16),
    "inference mode": torch.inference_mode,
    "no gradients": torch.no_grad,
    "float64": lambda: number_type(torch.float64),
    "bfloat16": lambda: number_type(torch.bfloat16),
    "float16": lambda: number_type(torch.float16),
    "meta device": lambda: torch.device("meta"),
}


@pytest.fixture(scope="module")
def model() -> nn.Module:
    torch.manual_seed(0)
    return network()


@pytest.fixture(scope="module")
def plain(model: nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(model, tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_no_ambient_state_changes_a_number(
    state: Callable[[], AbstractContextManager[object]],
    model: nn.Module,
    plain: Made,
    tmp_path: Path,
) -> None:
    with state():
        made = make(model, tmp_path)
    for study, wanted in zip(made, plain, strict=True):
        assert study.dataset.identical(wanted.dataset.assign_attrs(study.dataset.attrs))


def test_random_states_are_left_alone(model: nn.Module) -> None:
    before = random.getstate(), torch.get_rng_state(), np.random.get_state()

    class Drawing(torch.utils.data.Dataset):
        def __len__(self) -> int:
            return 60

        def __getitem__(self, item: int) -> tuple[torch.Tensor, int]:
            random.random(), np.random.random(), torch.rand(1)
            return torch.from_numpy(rows()[item]), int(LABELS[item])

    dv.measure(model, Drawing(), k=5, projection=None, progress=False, device="cpu")
    assert random.getstate() == before[0]
    assert torch.equal(torch.get_rng_state(), before[1])
    assert np.array_equal(np.random.get_state()[1], before[2][1])

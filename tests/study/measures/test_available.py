"""What a study says of its measures is true, whatever kind of study it is."""

import re
import tempfile

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn
from torch.utils.data import TensorDataset

import depthviz as dv
from depthviz.difficulty import MEASURES, NEEDS
from depthviz.difficulty.registry.registering import forget_measure
from depthviz.errors import DepthvizError, StudyError
from depthviz.models import small_cnn
from depthviz.study import Study

POINTS = torch.randn(60, 4, generator=torch.Generator().manual_seed(0))
LABELS = (POINTS[:, 0] > 0).long()
PICTURES = POINTS[:30, :1, None, None].expand(-1, 1, 8, 8), LABELS[:30]
OPTIONS = {"k": 3, "projection": None, "progress": False}
STATES = re.compile(r"there(, unknown for every example)?|can be computed|needs .+: .+")


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))


def one_network() -> Study:
    held_out = POINTS[40:], LABELS[40:]
    return dv.measure(network(), (POINTS[:40], LABELS[:40]), held_out, **OPTIONS)


def trained_on_all() -> Study:
    return dv.measure(network(), (POINTS, LABELS), **OPTIONS)


def ensemble() -> Study:
    recipe = dv.Recipe(epochs=2, learning_rate=0.01)
    options = {"k": 3, "projection": None, "recipe": recipe}
    with tempfile.TemporaryDirectory() as folder:
        many = dv.Ensemble(
            network, (POINTS, LABELS), members=4, holdout=0.25, **options
        ).run(f"{folder}/run", progress=False)
        return Study(many.dataset.load())


def text() -> Study:
    return dv.measure(reader(), sentences(), **OPTIONS)


def reader() -> nn.Module:
    return nn.Sequential(nn.Embedding(9, 6), nn.Flatten(), nn.Linear(30, 2))


def sentences() -> TensorDataset:
    tokens = torch.randint(0, 9, (40, 5), generator=torch.Generator().manual_seed(0))
    return TensorDataset(tokens, tokens[:, 0] % 2)


def convolutions() -> nn.Module:
    return small_cnn(num_classes=2, width=4, seed=0)


def pictures() -> Study:
    return dv.measure(convolutions(), PICTURES, **OPTIONS)


def with_a_record() -> Study:
    """All that one network's record tells is added already."""
    with dv.Recorder() as recorder:
        for _ in range(12):
            recorder.record(range(60), torch.randn(60, 2), LABELS)
        record = recorder.read()
    states = trained_on_all().available()["state"]
    told = states.index[states.str.contains("record=", regex=False)]
    return trained_on_all().add(*told, record=record, progress=False)


def of_a_table() -> Study:
    """No network measured it: three columns and ids."""
    columns = {
        "label": ("example", np.arange(5) % 2),
        "depth": ("example", np.arange(5)),
        "aum": ("example", np.full(5, np.nan)),
    }
    return Study(xr.Dataset(columns, {"example_id": ("example", np.arange(5))}))


KINDS = {
    "one network": one_network,
    "trained on all": trained_on_all,
    "ensemble": ensemble,
    "text": text,
    "pictures": pictures,
    "with a record": with_a_record,
    "a table": of_a_table,
}


@pytest.fixture(scope="module", params=KINDS)
def study(request) -> Study:
    return KINDS[request.param]()


def test_every_measure_has_a_state(study: Study) -> None:
    found = study.available()
    assert found.index.tolist() == list(MEASURES)
    later = found["state"].str.startswith("not there yet")
    assert found.loc[~later, "state"].map(STATES.fullmatch).notna().all()
    assert found.index[later].tolist() == [
        "grand",
        "vog",
        "unique_information",
        "weight_information",
    ]
    for name, one in MEASURES.items():
        assert found["harder"][name] == one.harder
        assert found["title"][name] == one.title


def test_what_is_there_is_a_column_and_nothing_else_is(study: Study) -> None:
    states = study.available()["state"]
    there = states.index[states.str.startswith("there")]
    assert set(there) == set(MEASURES) & set(study.frame())


def test_what_can_be_computed_is_computed(study: Study) -> None:
    states = study.available()["state"]
    names = states.index[states == "can be computed"].tolist()
    if names:
        wide = study.add(*names, progress=False)
        assert (wide.available()["state"][names] == "there").all()
        assert wide.frame()[names].notna().any().all()


def test_what_is_lacking_is_refused_in_the_same_words(study: Study) -> None:
    states = study.available()["state"]
    for name in states.index[states.str.startswith(("needs", "not"))]:
        with pytest.raises(DepthvizError) as raised:
            study.add(name)
        assert states[name].removeprefix("needs ") in str(raised.value)


def test_the_call_that_is_named_does_it(study: Study, tmp_path) -> None:
    """Each call of `study.add` is made as it is written."""
    if "vote" not in study.dataset:
        return
    first = study.dataset["split"].values == 0
    if "member" in study.dataset.sizes:
        first[:] = True
    known = _data_of(study)
    with dv.Recorder(tmp_path / "record", keep_logits=True) as recorder:
        labels = torch.from_numpy(study.dataset["label"].values[first]).long()
        for _ in range(12):
            recorder.record(range(len(labels)), torch.randn(len(labels), 2), labels)
    names = {"dv": dv, "path": tmp_path / "record", "study": study, **known}
    states = study.available()["state"]
    for name, state in states.items():
        if not state.startswith("needs") or "study.add(" not in state:
            continue
        if "floats" in state and len(study) == 40:  # tokens have no gradient
            continue
        call = state[state.index("study.add(") : -1] + ", progress=False)"
        added = eval(call, names)  # the very words that were printed
        assert added.frame()[name].notna().any(), call


def _data_of(study: Study) -> dict:
    if len(study) == 40:
        return {"model": reader(), "train": sentences()}
    if len(study) == 30:
        return {"model": convolutions(), "train": PICTURES}
    if "member" in study.dataset.sizes or not (study.dataset["split"] == 1).any():
        return {"model": network(), "train": (POINTS, LABELS)}
    return {
        "model": network(),
        "train": (POINTS[:40], LABELS[:40]),
        "validation": (POINTS[40:], LABELS[40:]),
    }


def test_a_column_of_nothing_is_said_to_be_one() -> None:
    states = of_a_table().available()["state"]
    assert states["aum"] == "there, unknown for every example"
    assert states["depth"] == "there"


def test_an_ensemble_has_its_own_and_one_network_says_so() -> None:
    one, many = (KINDS[kind]().available()["state"] for kind in ("text", "ensemble"))
    assert many["memorization"] == many["forgetting"] == "there"
    assert many["held_out_loss"] == many["label_quality"] == "can be computed"
    assert "dv.Ensemble(network, data).run(path)" in one["memorization"]
    assert "dv.measure(model, train, validation)" in one["label_quality"]
    assert one["predictive_entropy"] == "can be computed"
    assert 'study.add("forgetting", record=' in one["forgetting"]


@pytest.mark.parametrize("need", NEEDS)
def test_a_need_of_ones_own_measure_is_told_and_refused_in_the_same_words(need) -> None:
    dv.register_measure("mine", lambda logits: logits[:, 0], needs={need})
    try:
        study = trained_on_all()
        state = study.available()["state"]["mine"]
        if state == "can be computed":
            assert study.add("mine", progress=False).frame()["mine"].notna().all()
        else:
            with pytest.raises(StudyError) as raised:
                study.add("mine")
            assert state.removeprefix("needs ") in str(raised.value)
    finally:
        forget_measure("mine")


def test_what_a_function_reads_is_needed_though_it_declares_less() -> None:
    dv.register_measure("mine", lambda embeddings: embeddings[:, 0], needs={"votes"})
    try:
        study = trained_on_all()
        assert "model=model, data=train" in study.available()["state"]["mine"]
        with pytest.raises(StudyError, match="needs the network and its data"):
            study.add("mine")
    finally:
        forget_measure("mine")


def test_tokens_have_no_gradient_and_the_refusal_says_so() -> None:
    study = text()
    assert "inputs of floats" in study.available()["state"]["input_margin"]
    with pytest.raises(DepthvizError, match="float"):
        study.add("input_margin", model=reader(), data=sentences(), progress=False)

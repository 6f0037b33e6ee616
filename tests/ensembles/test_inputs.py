"""Ensembles of networks that take token ids, masks and several inputs."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from depthviz.datasets.nested import leaves
from depthviz.ensembles import Ensemble
from depthviz.ensembles.data import EnsembleData, SharedArrays, share_data
from depthviz.ensembles.plan import Functions
from depthviz.errors import ShapeError, StudyError
from depthviz.training import Recipe
from tests.ensembles.runs import differences

COUNT, CLASSES, TOKENS = 60, 3, 40
DRAW = np.random.default_rng(0)
LABELS = np.arange(COUNT) % CLASSES
LENGTHS = DRAW.integers(3, 9, COUNT)
TEXTS = [
    (DRAW.integers(1, 13, length) + 13 * label).tolist()
    for length, label in zip(LENGTHS, LABELS, strict=True)
]
IDS = np.array([text + [0] * (9 - len(text)) for text in TEXTS])
MASK = (IDS != 0).astype(np.int64)
PADDED = {"input_ids": IDS, "attention_mask": MASK}
ITEMS = [
    {"input_ids": text, "attention_mask": [1] * len(text), "label": int(label)}
    for text, label in zip(TEXTS, LABELS, strict=True)
]


class Text(nn.Module):
    """The mean of embedded tokens, dropout and two dense layers."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.drop = nn.Embedding(TOKENS, 8), nn.Dropout(0.1)
        self.dense, self.head = nn.Linear(8, 8), nn.Linear(8, CLASSES)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        kept = attention_mask.unsqueeze(-1)
        mean = (self.embed(input_ids) * kept).sum(1) / kept.sum(1)
        return self.head(self.drop(torch.relu(self.dense(mean))))


def pad(items: list[dict[str, list[int]]]) -> dict[str, Tensor]:
    longest = max(9, *(len(item["input_ids"]) for item in items))
    return {
        "labels": torch.tensor([item["label"] for item in items]),
        **{
            name: torch.tensor(
                [item[name] + [0] * (longest - len(item[name])) for item in items]
            )
            for name in ("input_ids", "attention_mask")
        },
    }


def masked(model: nn.Module, ids: Tensor) -> Tensor:
    return model(ids, (ids != 0).long())


def ensemble(data=(PADDED, LABELS), network=Text, **options):
    chosen = {
        "members": 3,
        "holdout": 0.4,
        "recipe": Recipe(epochs=8, batch_size=8, learning_rate=0.02, checkpoints=4),
        "k": 5,
        "projection": None,
        "device": "cpu",
        **options,
    }
    return Ensemble(network, data, **chosen)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("texts") / "run"
    return ensemble().run(folder, progress=False).dataset


@pytest.mark.parametrize("form", ["items", "collated", "lists"])
def test_every_form_of_the_data_gives_the_same_members(found, form, tmp_path):
    items = [
        {"input_ids": ids, "attention_mask": mask, "label": int(label)}
        for ids, mask, label in zip(IDS, MASK, LABELS, strict=True)
    ]
    lists = {name: [item[name] for item in ITEMS] for name in PADDED}
    made = {
        "items": ensemble(items),
        "collated": ensemble(ITEMS, collate_fn=pad),
        "lists": ensemble((lists, LABELS), collate_fn=pad),
    }[form]
    other = made.run(tmp_path / "run", progress=False).dataset
    assert differences(found, other) == []


def test_a_forward_of_ones_own_trains_and_measures(tmp_path):
    options = {"probes": ["dense"], "members": 2, "holdout": 0.5}
    named = ensemble(**options).run(tmp_path / "named", progress=False)
    made = ensemble((IDS, LABELS), forward=masked, **options)
    by_hand = made.run(tmp_path / "by hand", progress=False)
    assert differences(named.dataset, by_hand.dataset) == []


def test_they_learn(found):
    held_out = ~found["in_train"].values
    right = found["member_prediction"].values == LABELS
    assert right[held_out].mean() > 0.5


def test_there_is_no_input_margin_and_it_is_said_once(tmp_path, capsys):
    study = ensemble(members=2, holdout=0.5).run(tmp_path / "run", progress=True)
    said = capsys.readouterr()
    assert (said.out + said.err).count("There is no input margin") == 1
    assert not [name for name in study.dataset if "input_margin" in str(name)]
    assert "output_margin" in study.frame()


def test_a_process_makes_the_same_members(found, tmp_path):
    context = get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        other = ensemble().run(tmp_path / "run", pool, progress=False).dataset
    assert differences(found, other) == []


def test_collated_items_go_to_processes(found, tmp_path):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        made = ensemble(ITEMS, collate_fn=pad)
        other = made.run(tmp_path / "run", pool, progress=False).dataset
    assert differences(found, other) == []


def stacked(items: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    labels = torch.tensor([item["label"] for item in items])
    names = ("input_ids", "attention_mask")
    return {"labels": labels} | {
        name: torch.stack([item[name] for item in items]) for name in names
    }


def test_processes_collate_the_tensors_that_were_given(found, tmp_path):
    tensors = {name: torch.from_numpy(values) for name, values in PADDED.items()}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        made = ensemble((tensors, LABELS), collate_fn=stacked)
        other = made.run(tmp_path / "run", pool, progress=False).dataset
    assert differences(found, other) == []


def test_a_run_goes_on_to_the_same_study(found, tmp_path):
    ensemble(members=3).run(tmp_path / "run", progress=False)
    more = ensemble(members=5)
    with pytest.raises(StudyError, match="collate_fn"):
        ensemble(ITEMS, collate_fn=pad).run(tmp_path / "run", progress=False)
    one = more.run(tmp_path / "run", progress=False).dataset
    whole = ensemble(members=5).run(tmp_path / "whole", progress=False).dataset
    assert differences(one, whole) == []


def test_arrays_are_stored_one_a_file(tmp_path):
    shared = share_data((PADDED, LABELS), tmp_path)
    assert isinstance(shared, SharedArrays)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["inputs-0.npy", "inputs-1.npy", "labels.npy"]
    inputs, labels = shared.open()
    assert np.array_equal(labels, LABELS)
    assert {name: values.tolist() for name, values in inputs.items()} == {
        name: values.tolist() for name, values in PADDED.items()
    }
    assert share_data(ITEMS, tmp_path) is ITEMS


def test_planted_labels_go_by_the_words_of_a_text():
    data = EnsembleData((PADDED, LABELS))
    features = data.features(0)
    far = torch.cdist(features, features).fill_diagonal_(torch.inf)
    assert (LABELS[far.argmin(1).numpy()] == LABELS).mean() > 0.6
    wider = {
        name: np.pad(values, ((0, 0), (0, 4)), constant_values=0)
        for name, values in PADDED.items()
    }
    assert torch.allclose(EnsembleData((wider, LABELS)).features(0), features)


def test_planted_texts_are_trained_on(tmp_path):
    study = ensemble(members=2, holdout=0.5, planted=0.1).run(
        tmp_path / "run", progress=False
    )
    assert int(study.frame()["planted"].sum()) == 6


class Sum(nn.Module):
    """Takes two inputs in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(4, 8), nn.Linear(2, 8)
        self.head = nn.Linear(8, CLASSES)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.head(torch.relu(self.one(x) + self.two(y)))


POINTS = DRAW.normal(size=(COUNT, 6)).astype(np.float32) + LABELS[:, None]
PAIRS = [
    ((row[:4].astype(np.float32), row[4:].astype(np.float32)), int(label))
    for row, label in zip(POINTS, LABELS, strict=True)
]


def by_hand(module, dataset, recorder):
    """Train nothing, and record one pass over items that are pairs."""
    for (x, y), label, index in (dataset[row] for row in range(len(dataset))):
        recorder.record([index], module(x[None], y[None]), [label])
    return module


@pytest.mark.parametrize("recipe", [Recipe(epochs=1), by_hand])
def test_several_inputs_are_trained_on(recipe, tmp_path):
    made = ensemble(PAIRS, Sum, recipe=recipe, members=2, holdout=0.5)
    study = made.run(tmp_path / "run", progress=False)
    assert study.probes == ("one", "two", "softmax")
    assert np.isfinite(study.dataset["member_aum"].values).any()


def test_items_of_a_loop_of_ones_own_have_the_form_of_the_data():
    dataset = EnsembleData(ITEMS, Functions(pad)).dataset(np.array([4, 2]))
    inputs, label, index = dataset[1]
    assert [(name, tuple(leaf.shape)) for name, leaf in leaves(inputs)] == [
        ("input_ids", (9,)),
        ("attention_mask", (9,)),
    ]
    assert (label, index) == (LABELS[2], 2)


def test_pictures_are_not_made_of_texts(tmp_path):
    with pytest.raises(ShapeError, match="for pictures"):
        ensemble(recipe=Recipe(augmentation=["flip"])).run(tmp_path / "run")


class Named(Text):
    """A network that says what its classes are called."""

    def __init__(self) -> None:
        super().__init__()
        self.config = SimpleNamespace(id2label={0: "bad", 1: "fair", 2: "good"})


def test_the_network_names_the_classes_where_nobody_else_does(tmp_path) -> None:
    one = ensemble(network=Named).run(tmp_path / "own", progress=False)
    assert list(one.classes) == ["bad", "fair", "good"]
    names = {"class_names": ["a", "b", "c"]}
    given = ensemble(network=Named, **names).run(tmp_path / "given", progress=False)
    assert list(given.classes) == ["a", "b", "c"]

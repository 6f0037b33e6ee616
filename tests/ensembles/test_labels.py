"""Labels in place of the data's: trained with, measured by, and part of the run."""

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest
import torch
from torch.utils.data import Dataset, TensorDataset

from depthviz.errors import DataError, LabelError, ShapeError, StudyError
from depthviz.study import open_study
from tests.ensembles.runs import (
    COUNT,
    LABELS,
    POINTS,
    differences,
    run,
    small_ensemble,
    untrained,
)

OTHER = (LABELS + (np.arange(COUNT) % 10 == 0)) % 3
NAMED = ("data_label", "data_sha256", "labels")


class Lazy(Dataset):
    """Reads one item at a time, with the data's own label."""

    def __len__(self):
        return COUNT

    def __getitem__(self, index):
        return torch.from_numpy(POINTS[index]), int(LABELS[index])


@pytest.fixture(scope="module")
def relabeled(tmp_path_factory):
    return run(tmp_path_factory.mktemp("labels") / "run", labels=OTHER)


@pytest.fixture(scope="module")
def direct(tmp_path_factory):
    return run(tmp_path_factory.mktemp("direct") / "run", data=(POINTS, OTHER))


def test_the_study_is_that_of_data_with_these_labels(relabeled, direct):
    assert differences(relabeled.drop_vars("data_label"), direct) == []


def test_the_labels_of_the_data_are_kept(relabeled):
    assert np.array_equal(relabeled["label"], OTHER)
    assert np.array_equal(relabeled["data_label"], LABELS)
    assert relabeled.attrs["labels"] == "given; 9 of 90 are not the data's"


def test_the_digest_is_that_of_the_data_itself(relabeled, direct, tmp_path):
    own = run(tmp_path / "run", recipe=untrained)
    assert relabeled.attrs["data_sha256"] == own.attrs["data_sha256"]
    assert relabeled.attrs["data_sha256"] != direct.attrs["data_sha256"]
    assert not {*NAMED[:1], "labels"} & {*own, *own.attrs}


def test_workers_train_with_the_same_labels(relabeled, tmp_path):
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        found = run(tmp_path / "run", executor, labels=torch.from_numpy(OTHER))
    assert differences(relabeled, found) == []


@pytest.mark.parametrize("items", [Lazy, lambda: TensorDataset(*TENSORS)])
def test_a_data_set_that_reads_items_gets_the_same_labels(relabeled, tmp_path, items):
    found = run(tmp_path / "run", data=items(), labels=OTHER.tolist())
    for name in ("label", "data_label", "member_vote"):
        assert np.array_equal(found[name], relabeled[name]), name


TENSORS = torch.from_numpy(POINTS), torch.from_numpy(LABELS)


def test_a_loop_of_the_users_own_gets_items_with_these_labels(tmp_path):
    seen = {}

    def train(module, dataset, recorder):
        for item in range(len(dataset)):
            _, label, index = dataset[item]
            seen[index] = label
        return untrained(module, dataset, recorder)

    run(tmp_path / "run", data=Lazy(), labels=OTHER, recipe=train)
    assert [seen[row] for row in range(COUNT)] == OTHER.tolist()


@pytest.mark.parametrize(
    ("labels", "error", "told"),
    [
        (OTHER[:-1], ShapeError, "each of the 90 examples of the data.*got 89"),
        (OTHER / 2, LabelError, r"labels must be integers, got float64; labels\[0\]"),
        (OTHER.reshape(-1, 1), LabelError, r"labels must have shape.*got shape \(90,"),
        (["a"] * COUNT, LabelError, r"labels must be integers.*labels\[0\] has.*'a'"),
        (7, LabelError, r"labels must have shape \(N,\).*got 7"),
        (OTHER + 1, LabelError, r"3 classes, 0 to 2, but labels\[2\] has label 3"),
        (OTHER - 1, LabelError, r"but labels\[3\] has label -1"),
        (
            pd.Series(OTHER, index=np.roll(np.arange(COUNT), 1)),
            DataError,
            "another order than the data: its row 0 is of example 89",
        ),
        (np.ma.masked_equal(OTHER, 2), DataError, "labels must have a value everywh"),
    ],
)
def test_labels_that_do_not_fit_are_refused(tmp_path, labels, error, told):
    with pytest.raises(error, match=told):
        run(tmp_path / "run", labels=labels)
    assert not (tmp_path / "run" / "run.json").exists()


def test_a_series_may_have_the_index_of_the_inputs(relabeled, tmp_path):
    index = [f"row {row}" for row in range(COUNT)]
    table, other = pd.DataFrame(POINTS, index), pd.Series(OTHER, index)
    found = run(tmp_path / "run", data=(table, pd.Series(LABELS, index)), labels=other)
    assert np.array_equal(found["member_vote"], relabeled["member_vote"])


def test_labels_of_the_data_outside_the_classes_may_be_replaced(tmp_path):
    unknown = np.where(np.arange(COUNT) % 10 == 0, -1, LABELS)
    found = run(tmp_path / "run", data=(POINTS, unknown), labels=OTHER)
    assert (found["data_label"].values[::10] == -1).all()


def test_a_run_with_other_labels_is_refused_by_name(tmp_path):
    path = tmp_path / "run"
    run(path, recipe=untrained)
    with pytest.raises(StudyError, match="another run: labels: sha256 was absent, now"):
        run(path, recipe=untrained, labels=OTHER)
    run(tmp_path / "other", recipe=untrained, labels=OTHER)
    with pytest.raises(
        StudyError, match=r"labels: sha256 was [0-9a-f]{8}, now [0-9a-f]{8}"
    ):
        run(tmp_path / "other", recipe=untrained, labels=LABELS)
    with pytest.raises(StudyError, match=r"labels: sha256 was [0-9a-f]{8}, now absent"):
        run(tmp_path / "other", recipe=untrained)


def test_a_run_without_other_labels_is_defined_as_ever(tmp_path):
    run(tmp_path / "run", recipe=untrained)
    defined = json.loads((tmp_path / "run" / "run.json").read_text())
    assert not {"labels", "planted"} & set(defined)


def test_a_run_with_other_labels_goes_on(relabeled, tmp_path):
    few = small_ensemble(labels=OTHER, members=3).run(tmp_path / "run", progress=False)
    assert few.dataset.sizes["member"] == 3
    assert differences(relabeled, run(tmp_path / "run", labels=OTHER)) == []
    frame = open_study(tmp_path / "run").frame()
    assert frame.columns[:3].tolist() == ["split", "label", "data_label"]

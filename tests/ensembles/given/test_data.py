"""Data of an ensemble by columns, labels in other forms, names, broken examples."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch.utils.data import Dataset, IterableDataset

from depthviz.ensembles import Ensemble
from depthviz.errors import ArgumentError, LabelError, StudyError
from depthviz.study import open_study
from depthviz.training import Recipe
from tests.ensembles.runs import LABELS, POINTS, differences, network, untrained

COUNT = len(LABELS)
NAMES = np.array(["ant", "bee", "cow"])
FRAME = pd.DataFrame(POINTS, columns=list("abcdef")).assign(kind=NAMES[LABELS])
IDS = [f"n{i}" for i in range(COUNT)]
BROKEN = [4, 50]
GOOD = np.delete(np.arange(COUNT), BROKEN)


def run(folder: Path, data: Any, executor: Any = None, **options: Any) -> Any:
    chosen = {"members": 2, "holdout": 0.5, "k": 5, "projection": None, **options}
    recipe = chosen.pop("recipe", Recipe(epochs=2, batch_size=16))
    ensemble = Ensemble(network, data, recipe=recipe, **chosen)
    return ensemble.run(folder, executor, progress=False)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return run(tmp_path_factory.mktemp("plain") / "run", (POINTS, LABELS))


class Damaged(Dataset[Any]):
    """Two items cannot be read."""

    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, index: int) -> Any:
        if index in BROKEN:
            raise OSError("truncated file")
        return torch.tensor(POINTS[index]), int(LABELS[index])


class Stream(IterableDataset[Any]):
    def __iter__(self) -> Any:
        return zip(torch.tensor(POINTS), LABELS.tolist(), strict=True)

    def __len__(self) -> int:
        return COUNT


@pytest.mark.parametrize("form", ["table", "words", "numbers", "one-hot", "stream"])
def test_every_form_gives_the_run_of_the_arrays(
    plain: Any, form: str, tmp_path: Path
) -> None:
    data: Any = {
        "table": FRAME,
        "words": (POINTS, NAMES[LABELS]),
        "numbers": (POINTS, LABELS * 10 + 5),
        "one-hot": (POINTS, np.eye(3)[LABELS]),
        "stream": Stream(),
    }[form]
    found = run(tmp_path / "run", data, label="kind" if form == "table" else None)
    assert set(differences(plain.dataset, found.dataset)) <= {"class"}
    names = {"numbers": ("5", "15", "25"), "table": tuple(NAMES), "words": tuple(NAMES)}
    assert found.classes == names.get(form, plain.classes)
    assert found.dataset.attrs.get("label_values") == (
        [5, 15, 25] if form == "numbers" else None
    )
    assert ("labels_read" in found.dataset.attrs) == (
        form in ("table", "words", "one-hot")
    )


def test_columns_are_read_by_other_processes(plain: Any, tmp_path: Path) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        found = run(tmp_path / "run", FRAME, executor, label="kind")
    assert set(differences(plain.dataset, found.dataset)) <= {"class"}


def test_names_are_in_the_study_and_its_folder(plain: Any, tmp_path: Path) -> None:
    found = run(tmp_path / "run", (POINTS, LABELS), ids=IDS)
    for study in (found, open_study(tmp_path / "run")):
        assert study.frame().index.tolist() == IDS
        table = study.frame().reset_index(drop=True)
        assert table.equals(plain.frame().reset_index(drop=True))


def test_an_index_names_the_rows_of_a_table(tmp_path: Path) -> None:
    found = run(tmp_path / "run", FRAME.set_axis(IDS), label="kind")
    assert found.frame().index.tolist() == IDS


def test_names_that_come_twice_are_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match=r"'x' is that of ids\[0\] and of ids\[1\]"):
        run(tmp_path / "run", (POINTS, LABELS), ids=["x"] * COUNT)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("form", ["items", "arrays", "table"])
def test_broken_examples_are_left_out_of_every_member(
    form: str, tmp_path: Path
) -> None:
    points = POINTS.copy()
    points[BROKEN] = np.nan
    data = {
        "items": Damaged(),
        "arrays": (points, LABELS),
        "table": FRAME.assign(a=points[:, 0]),
    }[form]
    options = {"label": "kind"} if form == "table" else {}
    found = run(tmp_path / "run", data, on_error="skip", ids=IDS, **options)
    clean = run(tmp_path / "clean", (POINTS[GOOD], LABELS[GOOD]))
    assert set(differences(clean.dataset, found.dataset)) <= {"class", "example_id"}
    assert found.frame().index.tolist() == [IDS[i] for i in GOOD]
    opened = open_study(tmp_path / "run")
    assert opened.dataset.attrs["skipped"] == {"train": BROKEN}
    again = run(tmp_path / "run", data, on_error="skip", ids=IDS, **options)
    assert again.frame().equals(found.frame())


def test_labels_and_pictures_are_those_of_the_rest(tmp_path: Path) -> None:
    images = np.arange(COUNT, dtype=np.uint8)[:, None, None] * np.ones((4, 4), np.uint8)
    labels = (LABELS + 1) % 3
    options = {"labels": labels, "images": images, "on_error": "skip"}
    found = run(tmp_path / "run", Damaged(), **options)
    assert found.frame()["label"].tolist() == labels[GOOD].tolist()
    assert found.dataset["image"].values[:, 0, 0, 0].tolist() == GOOD.tolist()
    assert found.frame().index.tolist() == GOOD.tolist()


def test_a_run_does_not_go_on_where_others_are_broken(tmp_path: Path) -> None:
    run(tmp_path / "run", Damaged(), on_error="skip")
    with pytest.raises(StudyError, match="holds another run: data: examples was 88"):
        run(tmp_path / "run", (POINTS, LABELS), on_error="skip", members=3)


def test_given_labels_may_be_words(plain: Any, tmp_path: Path) -> None:
    numbers = (POINTS, np.zeros(COUNT, int))
    options = {"labels": NAMES[LABELS].tolist(), "class_names": NAMES.tolist()}
    found = run(tmp_path / "run", numbers, **options)
    assert found.frame()["label"].tolist() == LABELS.tolist()
    with pytest.raises(LabelError, match=r"labels\[0\] has the label 'dog'"):
        run(tmp_path / "other", numbers, **{**options, "labels": ["dog"] * COUNT})


@pytest.mark.parametrize("options", [{"recipe": untrained}, {"on_error": "skip"}])
def test_a_stream_is_read_in_its_order_alone(
    options: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ArgumentError, match="data is iterable only"):
        run(tmp_path / "run", Stream(), **options)

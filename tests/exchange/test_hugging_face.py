"""A study as Hugging Face's `datasets` sees it, made here or read from Parquet."""

import sys
from pathlib import Path

import datasets
import numpy as np
import pytest

from depthviz.errors import DependencyError
from tests.studies import ensemble_study, tiny_study, vector_study


@pytest.fixture(autouse=True)
def quiet() -> None:
    datasets.disable_progress_bars()


def test_parquet_is_read_with_pictures(tmp_path: Path) -> None:
    study = tiny_study()
    path = study.to_parquet(tmp_path / "study.parquet")
    read = datasets.load_dataset(
        "parquet", data_files=str(path), split="train", cache_dir=str(tmp_path / "c")
    )
    assert isinstance(read.features["image"], datasets.Image)
    assert read.features["label"] == datasets.Value("string")
    assert read.num_rows == len(study)
    assert np.array_equal(read[7]["image"], study.dataset["image"].values[7])


def test_classes_are_labels_with_names() -> None:
    study = tiny_study()
    made = study.to_datasets()
    for name in ("label", "prediction", "suggested_label"):
        assert made.features[name] == datasets.ClassLabel(names=list(study.classes))
        assert made[name][:] == study.frame()[name].tolist()
    assert np.array_equal(made[3]["image"], study.dataset["image"].values[3])
    assert "image" not in study.to_datasets(thumbnails=False).features
    assert "image" not in vector_study().to_datasets().features


def test_a_class_that_is_none_is_null() -> None:
    study = ensemble_study()
    unknown = study.frame()["consensus_class"] < 0
    made = study.to_datasets()["consensus_class"][:]
    assert [value is None for value in made] == unknown.tolist()


def test_without_datasets_the_line_that_installs_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(DependencyError, match="pip install datasets"):
        tiny_study().to_datasets()

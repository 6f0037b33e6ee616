"""What is given to be seen is checked before anything is measured."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from depthviz.errors import ArgumentError, DataError, ShapeError, StudyError
from depthviz.measurement import measure
from depthviz.study.previews.giving import DIMENSIONS, MEASURED, check_preview
from depthviz.study.previews.texts import example_texts
from tests.studies import vector_study


@pytest.mark.parametrize(
    "preview",
    [
        ["", None],
        ["a", np.nan],
        np.array(["a", "b"]),
        pd.Series(["a", None], index=[7, 9], dtype="string"),
        pd.Index(["a", "b"]),
        pd.array(["a", "b"]),
        {"a": [1, 2]},
    ],
)
def test_texts_of_any_holder_are_taken(preview: Any) -> None:
    check_preview(preview, 2)


@pytest.mark.parametrize(
    ("preview", "error", "said"),
    [
        ("a text", ArgumentError, "one text or one sound an example"),
        (3, ArgumentError, "one text or one sound an example"),
        ([1, "b"], ArgumentError, "one is a int"),
        (["a"], ShapeError, "each of the 2 examples.*got 1"),
        (["a", "\ud800"], StudyError, "not UTF-8"),
        ({"a": ["a", "\ud800"]}, StudyError, "not UTF-8"),
        ({"label": [0, 1]}, StudyError, "'label' already"),
        ({"class": [0, 1]}, StudyError, "the study's own"),
        ({"image": [0, 1]}, StudyError, "the study's own"),
        ({"a": [True, None]}, StudyError, "missing values among truth values"),
        ({"a": pd.date_range("2020", periods=2)}, StudyError, "got datetime"),
        ({0: [1, 2], "0": [1, 2]}, ArgumentError, "two columns '0'"),
        ({"a": 3}, ShapeError, "column 'a' has 3"),
        ([(np.zeros(3), 8_000), None], ArgumentError, "example 1 has None"),
        (["no such.wav", "b.wav"], DataError, "cannot be read"),
    ],
)
def test_what_cannot_be_seen_is_refused(
    preview: Any, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        check_preview(preview, 2)


def test_texts_are_those_of_the_column_of_that_name() -> None:
    study = vector_study()
    assert example_texts(study.dataset) is None
    assert example_texts(study.assign(text=range(12)).dataset) is None
    texts = [f"text {row}" if row else None for row in range(12)]
    found = example_texts(study.assign(text=texts).dataset)
    assert found is not None
    assert found.tolist() == ["", *texts[1:]]


def test_texts_of_a_series_keep_their_order_whatever_its_index() -> None:
    texts = pd.Series([f"text {row}" for row in range(12)], index=range(20, 8, -1))
    study = vector_study().with_preview(texts.mask(texts == "text 3"))
    expected = [*texts[:3], "", *texts[4:]]
    assert study.frame()["text"].tolist() == expected


def test_a_table_with_the_name_of_a_measured_column_is_refused_before_measuring() -> (
    None
):
    class Unused(torch.nn.Module):
        def forward(self, _: torch.Tensor) -> torch.Tensor:
            raise AssertionError

    data = np.zeros((4, 2), np.float32), np.arange(4) % 2
    with pytest.raises(StudyError, match="'suspicion' already"):
        measure(Unused(), data, k=2, preview={"suspicion": range(4)}, progress=False)


def test_what_is_known_to_be_measured_is_measured() -> None:
    data = vector_study(projection="pca").dataset
    each = {name for name in data if data[name].dims == ("example",)}
    assert {*MEASURED} == each
    assert {*DIMENSIONS} == {*data.sizes}

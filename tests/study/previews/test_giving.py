"""What is given to be seen is checked before anything is measured."""

from typing import Any

import numpy as np
import pytest

from depthviz.errors import ArgumentError, ShapeError, StudyError
from depthviz.study.previews.giving import check_preview
from depthviz.study.previews.texts import example_texts
from tests.studies import vector_study


@pytest.mark.parametrize("preview", [["", None], np.array(["a", "b"]), {"a": [1, 2]}])
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

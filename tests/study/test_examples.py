"""Which examples a person means: by ids, by a mask, as rows of the table."""

import numpy as np
import pandas as pd
import pytest

from depthviz.errors import DataError
from tests.studies import tiny_study


@pytest.mark.parametrize(
    ("examples", "expected"),
    [
        ([5, 3, 9], [5, 3, 9]),
        (np.array([9, 5]), [9, 5]),
        ({5, 3}, [3, 5]),
        (range(3), [0, 1, 2]),
        (np.arange(80) == 4, [4]),
        (pd.Series([7, 6]), [7, 6]),
        ([], []),
        (lambda study: study.frame().nlargest(1, "confidence"), None),
        (lambda study: study.frame()["label"].sort_values() == 1, None),
        (lambda study: study.dataset["label"] == 1, None),
    ],
)
def test_a_subset_is_asked_for_in_many_ways(examples, expected):
    study = tiny_study()
    frame = study.frame()
    if callable(examples):
        wanted = (
            [frame["confidence"].idxmax()],
            frame.index[frame["label"] == 1].tolist(),
        )
        expected = wanted[0] if len(examples(study)) == 1 else wanted[1]
        examples = examples(study)
    assert study.subset(examples).frame().index.tolist() == expected


@pytest.mark.parametrize(
    ("examples", "message"),
    [
        ([3, 3], "Example 3 is given twice"),
        ([3, 800], r"Unknown example 800 \(1 of 2 ids"),
        ("3", "got '3'"),
        ({3: True}, "got {3: True}"),
        (3, "got 3"),
        (np.zeros((2, 2)), r"array of shape \(2, 2\)"),
        ([True, False], "for each of the 80 examples, got 2"),
        (np.arange(80) % 2, r"all 0 or 1.*astype\(bool\)"),
        (pd.array([True, None] * 40, dtype="boolean"), "40 of 80 are missing"),
        (
            pd.Series([True] * 79),
            "79.* of 80 are missing|1 of 80 are missing, 79 first",
        ),
        (pd.Series([True] * 80, index=range(1, 81)), "80 is none"),
        (pd.Series([True] * 80, index=[0] * 80), "0 comes twice"),
        (pd.Series([True, None] * 40), "40 of 80 are missing"),
        (lambda study: study.frame().reset_index(drop=True), "may be positions"),
        (
            lambda study: study.frame()[["correct"]],
            r"truth values.* table\['correct'\]",
        ),
        (np.where(np.arange(80) < 3), "tuple of arrays, as np.where"),
    ],
)
def test_what_chooses_no_examples_is_refused(examples, message):
    study = tiny_study()
    given = examples(study) if callable(examples) else examples
    with pytest.raises(DataError, match=message):
        study.subset(given)

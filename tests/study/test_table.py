"""What may become a column, and how it comes out of the table."""

import numpy as np
import pandas as pd
import pytest

from depthviz.difficulty import MEASURES
from depthviz.errors import StudyError
from depthviz.study import Study

LARGE = 2**63 + 5


@pytest.mark.parametrize(
    "values",
    [
        [1, None, 3] * 3,
        [1.0, np.nan, 3] * 3,
        [1, pd.NA, 3.0] * 3,
        pd.Series([1, None, 3] * 3, dtype="Int64"),
        np.array([1, None, 3] * 3, object),
    ],
)
def test_numbers_of_which_some_are_missing_become_floats(study, values):
    column = study.assign(mine=values).frame()["mine"]
    assert column.dtype == np.float64
    assert np.array_equal(column, [1, np.nan, 3] * 3, equal_nan=True)


@pytest.mark.parametrize(
    ("values", "kind"),
    [([1, "a", None] * 3, "int"), ([True, None, False] * 3, "bool")],
)
def test_other_mixtures_are_refused(study, values, kind):
    with pytest.raises(StudyError, match=f"truth values or text, got {kind}"):
        study.assign(mine=values)


@pytest.mark.parametrize("name", sorted({*MEASURES, "consensus_class"}))
@pytest.mark.parametrize(
    ("values", "kind"), [(["a"] * 9, "text"), ([True] * 9, "truth values")]
)
def test_a_measure_holds_numbers(study, name, values, kind):
    study = Study(study.dataset.drop_vars(name, errors="ignore"))
    with pytest.raises(StudyError, match=f"{name!r} must hold numbers.*got {kind};"):
        study.assign(**{name: values})
    assert study.assign(**{name: range(9)}).frame()[name].tolist() == list(range(9))


def test_large_whole_numbers_keep_their_values(study):
    frame = study.assign(mine=np.full(9, LARGE, np.uint64)).frame()
    assert frame["mine"].tolist() == [LARGE] * 9


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.uint32, np.int64])
def test_other_whole_numbers_come_out_wide(study, kind):
    column = study.assign(mine=np.arange(9, dtype=kind)).frame()["mine"]
    assert column.dtype == np.int64

"""Coefficients of agreement equal those of irrCAC and krippendorff, as stored here.

`make_reference_coefficients.py` wrote them; statsmodels is asked anew.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from depthviz.annotations.agreement import Agreement, measure_agreement

STORED = json.loads(
    Path(__file__).with_name("reference_coefficients.json").read_text("utf-8")
)
TABLES: dict[str, dict[str, Any]] = STORED["tables"]
CLOSE = 2e-5
NOTHING = (None, float("nan"), "", pd.NA)


def measured(table: dict[str, Any]) -> Agreement:
    """Measure a table, where what is missing is written in each way there is."""
    cells = [
        [NOTHING[row % 4] if cell is None else cell for row, cell in enumerate(column)]
        for column in table["columns"]
    ]
    ratings = pd.DataFrame(dict(enumerate(cells)), dtype=object)
    return measure_agreement(ratings, values=table["values"], draws=0)


@pytest.mark.parametrize("name", TABLES)
def test_coefficients_are_those_of_other_libraries(name: str) -> None:
    found, expected = measured(TABLES[name]), dict(TABLES[name]["expected"])
    print(f"\n{name}: {found}")
    assert found.values == tuple(map(str, TABLES[name]["values"]))
    alpha = expected.pop("alpha of krippendorff")
    if name == "all equal":  # 0 / 0, which irrCAC takes for 1
        assert alpha is None
        expected = {each: expected[each] for each in ("percent", "gwet_ac1")}
        for each in ("cohen_kappa", "fleiss_kappa", "krippendorff_alpha"):
            assert getattr(found, each).value is None
            assert getattr(found, each).words
    else:
        assert found.krippendorff_alpha.value == pytest.approx(alpha, abs=CLOSE)
    for each, value in expected.items():
        assert getattr(found, each).value == pytest.approx(value, abs=CLOSE), each


def test_missing_ratings_are_no_value_of_their_own() -> None:
    found = measured(TABLES["missing"])
    assert found.gwet_ac1.value == pytest.approx(0.37255, abs=1e-5)
    assert found.examples == 30


@pytest.mark.parametrize("name", TABLES)
def test_cohens_kappa_is_that_of_statsmodels_over_what_both_saw(name: str) -> None:
    values, columns = TABLES[name]["values"], TABLES[name]["columns"][:2]
    pairs = [pair for pair in zip(*columns, strict=True) if None not in pair]
    counts = np.zeros((len(values), len(values)))
    for first, second in pairs:
        counts[values.index(first), values.index(second)] += 1
    if counts.max() == len(pairs):
        pytest.skip("statsmodels divides 0 by 0")
    found = measured({"values": values, "columns": columns}).cohen_kappa.value
    assert found == pytest.approx(cohens_kappa(counts, return_results=False), abs=CLOSE)


def test_empty_text_is_a_value_only_where_it_is_named() -> None:
    ratings = pd.DataFrame({"a": ["x", "", "y"], "b": ["x", "y", "y"]}, dtype=object)
    assert measure_agreement(ratings, draws=0).examples == 2
    named = measure_agreement(ratings, values=["", "x", "y"], draws=0)
    assert named.examples == 3

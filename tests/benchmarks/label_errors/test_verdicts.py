"""Verdicts are truth for the benchmark, over the examples that were judged."""

import numpy as np
import pytest

import depthviz as dv
from depthviz import annotations
from depthviz.datasets import load_digits
from depthviz.errors import DataError
from depthviz.models import small_cnn
from depthviz.training import fit
from tests.benchmarks.label_errors import verdicts
from tests.benchmarks.label_errors.figures import FIGURES
from tests.benchmarks.label_errors.scores import SUSPICION


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    place = tmp_path_factory.mktemp("verdicts")
    digits = load_digits(noise=0.1, seed=0)
    data = tuple(each[:300] for each in digits.train)
    model = fit(
        small_cnn(seed=0), data, epochs=8, learning_rate=3e-3, seed=0, progress=False
    )
    study = dv.measure(model, data, projection=None, images=None, progress=False)
    study.save(place / "study.zarr")
    wrong = digits.planted[:300]
    with annotations.open(place / "a.annotations.sqlite", annotator="ada") as store:
        store.record_many(
            {
                "example": row,
                "field": "verdict",
                "value": "wrong label" if wrong[row] else "correct",
            }
            for row in range(200)
        )
        store.record(200, "verdict", "ambiguous")
    return place, study, wrong


def test_scores_are_compared_over_what_was_judged(reviewed, capsys):
    place, study, wrong = reviewed
    with annotations.open(place / "a.annotations.sqlite") as store:
        found = verdicts.verdict_part(study, store)
    assert (found["examples"], found["wrong"]) == (200, wrong[:200].sum())
    suspicion = study.frame()["suspicion"].to_numpy()[:200]
    pairs = suspicion[wrong[:200]][:, None] - suspicion[~wrong[:200]]
    area = (pairs > 0).mean() + (pairs == 0).mean() / 2
    figure = found["scores"][SUSPICION]["auroc"]
    assert figure.value == pytest.approx(area, abs=1e-6)
    assert figure.low > 0.8
    verdicts.main([str(place / "study.zarr"), str(place / "a.annotations.sqlite")])
    printed = capsys.readouterr().out
    assert "200 labels judged" in printed
    assert f"| score | {' | '.join(FIGURES)} |" in printed


def test_verdicts_that_do_not_fit_are_refused(reviewed, tmp_path):
    study = reviewed[1]
    store = annotations.open(tmp_path / "b.sqlite", annotator="ada")
    store.record(0, "verdict", "correct")
    with pytest.raises(DataError, match="Of 1 labels that were judged 0 are wrong"):
        verdicts.verdict_part(study, store)
    store.record("elsewhere", "verdict", "wrong label")
    with pytest.raises(DataError, match="'elsewhere'"):
        verdicts.verdict_part(study, store)
    ids = np.array(["elsewhere", *map(str, range(1, 300))])
    named = dv.Study(study.dataset.assign_coords(example_id=("example", ids)))
    with pytest.raises(DataError, match="'0'"):
        verdicts.verdict_part(named, store)

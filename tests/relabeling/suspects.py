"""Studies whose labels are suspicious as somebody drew it, and some of them planted."""

from typing import Any

import numpy as np
import xarray as xr

from depthviz.study import Study
from tests.ensembles.synthetic import ensemble_study
from tests.studies import tiny_study

RULE = {"rule": "label evidence"}


def suspicious(study: Study, *, seed: int = 0, unknown: float = 0.05) -> Study:
    """Draw suspicion and the suggested label of every example."""
    data, draw = study.dataset, np.random.default_rng(seed)
    count, classes = len(study), len(study.classes)
    label = data["label"].values.astype(int)
    suggested = (label + draw.integers(1, classes, count)) % classes
    value = draw.normal(-1, 2, count).astype(np.float32)
    nothing = draw.random(count) < unknown
    return with_columns(
        study,
        suspicion=np.where(nothing, np.float32(np.nan), value),
        suggested_label=np.where(nothing, -1, suggested).astype(np.int16),
    )


def with_columns(study: Study, **columns: Any) -> Study:
    """Give a study measured columns, in place of those it has."""
    found = {name: ("example", values) for name, values in columns.items()}
    data = study.dataset.drop_vars(list(columns), errors="ignore").assign(found)
    if "suspicion" in columns:
        data["suspicion"].attrs.update(RULE)
    return Study(data)


def planted(study: Study, *, share: float = 0.2, seed: int = 1) -> Study:
    """Mark some labels as planted; before, they were the class below."""
    label = study.dataset["label"].values.astype(int)
    mask = np.random.default_rng(seed).random(len(label)) < share
    before = np.where(mask, (label - 1) % len(study.classes), label)
    return with_columns(study, planted=mask, given_label=before)


def many(**options: Any) -> Study:
    """Draw a study of twelve networks, two of which failed."""
    return suspicious(ensemble_study(failed=(2, 5), **options))


def one() -> Study:
    """Measure one network, with a suspicion that is drawn."""
    return suspicious(tiny_study())


def earlier(study: Study) -> Study:
    """Make the suspicion that of an earlier version, which states no rule."""
    bare = xr.Variable("example", study.dataset["suspicion"].values)
    return Study(study.dataset.assign(suspicion=bare))

"""The studies that each chart is drawn for: usual ones, small ones, odd ones."""

from collections.abc import Callable
from functools import cache

import numpy as np
import xarray as xr

from depthviz.study import Study
from tests.ensembles.synthetic import ensemble_study as many_members
from tests.relabeling.suspects import one, planted, suspicious
from tests.studies import ensemble_study, vector_study

LONG = "a name of very many letters " * 8


def ensemble() -> Study:
    """Give the ensemble with maps and pictures a suspicion, and steps of a training."""
    data = ensemble_study().dataset
    sizes = [data.sizes[name] for name in ("member", "probe", "example")]
    vote = np.random.default_rng(5).integers(0, data.sizes["class"], sizes)
    votes = ("member", "probe", "example"), vote.astype(np.uint8)
    at = np.linspace(0.1, 0.9, 5 * sizes[1]).reshape(5, -1)
    steps = ("checkpoint", np.array([0, 1, 8, 40, 200]))
    history = ("checkpoint", "probe"), at, {"over": "validation"}
    columns = {"member_vote": votes, "probe_accuracy_at": history}
    found = data.assign(columns).assign_coords(checkpoint_step=steps)
    return suspicious(Study(found))


def synthetic() -> Study:
    """Draw an ensemble with planted labels and no maps."""
    return planted(suspicious(many_members(examples=400)))


def one_class() -> Study:
    """Keep one class of one network."""
    study = one()
    return study.subset(study.dataset["label"].values == 0)


def one_example() -> Study:
    """Keep one example of the ensemble."""
    study = ensemble()
    return study.subset(study.dataset["example_id"].values[[5]])


def thousand_classes() -> Study:
    """Spread the labels of the ensemble over a thousand classes, with odd names."""
    data = ensemble().dataset
    names = [f"class {code}" for code in range(1000)]
    names[:3] = [LONG + "one", LONG + "two", "a.b[0]'s"]
    draw = np.random.default_rng(0)
    count = data.sizes["example"]
    label = draw.integers(0, 1000, count)
    label[:6] = [0, 0, 1, 1, 2, 2]
    fresh = data.drop_dims("class").assign(
        {name: ("example", label) for name in ("label", "prediction")}
    )
    consensus = np.where(np.arange(count) % 3, label, (label + 1) % 1000)
    fresh = fresh.assign(consensus_class=("example", consensus))
    attrs = {**fresh.attrs, "classes": 1000}
    return Study(fresh.assign_coords({"class": names}).assign_attrs(attrs))


def nothing_known() -> Study:
    """Let every measured number of the ensemble be NaN, and some infinite."""
    data = ensemble().dataset
    fresh = {
        name: (array.dims, np.full_like(array.values, np.nan), array.attrs)
        for name, array in data.data_vars.items()
        if array.dtype.kind == "f" and "example" in array.dims
    }
    study = Study(data.assign(fresh))
    return study.assign(**{"a.b[0]'s": np.full(len(study), np.inf)})


STUDIES: dict[str, Callable[[], Study]] = {
    "ensemble": ensemble,
    "planted labels": synthetic,
    "one network": one,
    "no pictures": vector_study,
    "one class": one_class,
    "one example": one_example,
    "1,000 classes": thousand_classes,
    "only NaN": nothing_known,
}


@cache
def study_named(name: str) -> Study:
    """Make one of the studies, once."""
    return STUDIES[name]()


def without(study: Study, *names: str) -> Study:
    """Take variables away."""
    data: xr.Dataset = study.dataset.drop_vars(list(names))
    return Study(data)

"""How many depths hang on the pooling of the probes: some examples measured again.

Stored neighbors show what another tie rule or fewer neighbors would change, but not
what other embeddings would. So a sample of the training examples goes through the
network once for each pooling, and votes among itself; the depths that the study's own
pooling gives this sample are what the others are compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from torch import nn

from depthviz.checks import whole_number
from depthviz.datasets.examples import Examples
from depthviz.datasets.forms import as_examples
from depthviz.datasets.nested.batching import Collate
from depthviz.embeddings import Probe
from depthviz.embeddings.choice import find_probes
from depthviz.embeddings.pooling import POOLS, PoolName
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.running.headless import without_head
from depthviz.errors import ArgumentError, FeatureError, StudyError
from depthviz.measurement.options import check_model
from depthviz.measurement.pipeline import measure
from depthviz.study.container import Study
from depthviz.study.conventions.definition import stored_conventions
from depthviz.study.conventions.sensitivity import (
    POOLED,
    as_table,
    rank_correlation,
    stored_sensitivity,
    untold_row,
    wilson,
)
from depthviz.study.measures.probe_places import stored_probes
from depthviz.study.table import SPLITS

__all__ = ["convention_sensitivity"]

_TOKENS = 2  # dimensions of an example's tokens
_FIRST_LOOK = 8


def convention_sensitivity(
    study: Study,
    *,
    model: nn.Module | None = None,
    data: Any = None,
    examples: int = 1000,
    collate_fn: Collate | None = None,
    forward: Forward | None = None,
) -> pd.DataFrame:
    """Tell how many depths of a study another convention would change.

    Depth is found again from the stored neighbors under each other convention, in the
    study's own probes, and compared with `depth`. A depth that a published code scales
    is compared before scaling; where it merges the least depths, so are the study's
    before they are compared, since that has a row of its own. What neighbors do not
    show, the pooling of the probes, is measured again on a sample where the network and
    its data are given.

    Args:
        study: What was measured; of an ensemble, its shown member is looked at.
        model: The network that was measured, to try each pooling of its probes.
        data: Its training examples, as `measure` was given them.
        examples: How many of them are measured again, evenly taken.
        collate_fn: As `measure` was given it.
        forward: As `measure` was given it.

    Returns:
        One row a convention, "as measured" first, with the columns `convention`;
        `changed`, how many depths are others; `share`, in [0, 1], of all (of the sample
        where it was measured again), with its 95 % Wilson interval from `low` to
        `high`; `rank_correlation` (Spearman's) of both depths; `votes_changed`, share
        of the votes at the probes that are left; `no_depth`, how many examples have
        none (counted as changed); then in words `differs`, and `untold`, what is not
        shown of it. Where nothing is shown, or probes cannot be read so (texts of
        several lengths by "flatten"), all numbers are missing.

    Raises:
        StudyError: If the study has no neighbors or no depth, or the data are not its
            training examples.
        ArgumentError: If there is a model without data, or data without a model.
        ProbeError: If the network has not the study's probes.

    Example:
        >>> import torch
        >>> points = torch.randn(40, 2, generator=torch.Generator().manual_seed(0))
        >>> data = points, (points[:, 0] > 0).long()
        >>> net = nn.Linear(2, 2)
        >>> study = measure(net, data, k=5, projection=None, progress=False)
        >>> table = convention_sensitivity(study)
        >>> table["convention"][0], int(table["changed"][0])
        ('as measured', 0)
    """
    table = stored_sensitivity(study)
    if model is None and data is None:
        return table
    if model is None or data is None:
        raise ArgumentError(
            "Poolings are tried with the network and its data: give both model= and "
            "data=, or neither."
        )
    check_model(model)
    every = as_examples(data, collate_fn=collate_fn)
    sample = _sample(study, every, whole_number("examples", examples, least=2))
    rows = as_table(_rows(study, model, sample, forward))
    place = int(np.flatnonzero(table["convention"] == POOLED)[0])
    parts = [table[:place], rows, table[place + 1 :]]
    return pd.concat(parts, ignore_index=True)


def _sample(study: Study, every: Examples, count: int) -> Examples:
    """Take some of the training examples, evenly."""
    trained = int((study.dataset["split"].values == SPLITS.index("train")).sum())
    if len(every) != trained:
        raise StudyError(
            f"The study has {trained} training examples, and data {len(every)}; give "
            "the training data that were measured."
        )
    places = np.linspace(0, len(every) - 1, min(count, len(every)), dtype=np.intp)
    return every.subset(np.unique(places), name="train")


def _rows(
    study: Study, model: nn.Module, sample: Examples, forward: Forward | None
) -> Iterator[dict[str, Any]]:
    probes = stored_probes(study.dataset)
    first = sample.read(slice(0, _FIRST_LOOK))[0]
    labels = stored_conventions(study.dataset.attrs).compare_with != "prediction"
    call = without_head(forward) if labels else forward
    choice = find_probes(model, first, probes, call=call)
    before = _measure(study, model, sample, choice.probes, forward=forward)
    kept = len(sample), len(study.dataset["example"])
    untold = f"measured again on {kept[0]:,} of {kept[1]:,} examples, which vote alone"
    for pool in POOLS:
        others = tuple(_with_pool(choice.probes, choice.shapes, pool))
        name, differs = f"pool: {pool}", _differs(pool)
        if others == choice.probes:
            own = "It is the study's own, or no probe has it."
            yield untold_row(name, differs, own)
            continue
        try:
            after = _measure(study, model, sample, others, forward=forward)
        except FeatureError as error:  # such as rows of texts of several lengths
            yield untold_row(name, differs, str(error))
            continue
        said = {"convention": name, "differs": differs, "untold": untold}
        yield _compare(before, after) | said


def _with_pool(
    probes: tuple[Probe, ...], shapes: Any, pool: PoolName
) -> Iterator[Probe]:
    """Read what has tokens or positions by another rule."""
    for probe in probes:
        dimensions = len(shapes.get(probe.name, ()))
        fits = dimensions >= _TOKENS
        if pool in ("first", "last"):
            fits = dimensions == _TOKENS
        fits = fits and probe.module is not None
        yield replace(probe, pool=pool) if fits else probe


def _differs(pool: PoolName) -> str:
    if pool == "flatten":
        return "all tokens or positions in one row"
    if pool in ("first", "last"):
        return f"the {pool} token alone"
    return f"the {pool} over tokens or positions"


def _measure(
    study: Study,
    model: nn.Module,
    sample: Examples,
    probes: tuple[Probe, ...],
    *,
    forward: Forward | None,
) -> Study:
    """Measure the sample as the study was measured, by these probes."""
    own = stored_conventions(study.dataset.attrs)
    k = study.dataset.sizes["neighbor"]
    return measure(
        model,
        sample,
        probes=probes,
        k=min(k, len(sample) - (not own.include_self)),
        metric=study.dataset.attrs.get("metric", "euclidean"),
        ties=own.ties,
        include_self=own.include_self,
        compare_with=own.compare_with,
        projection=None,
        images=None,
        preview=None,
        class_names=study.classes,
        forward=forward,
        progress=False,
    )


def _compare(before: Study, after: Study) -> dict[str, Any]:
    """Compare the depths and the votes of two measurements of one sample."""
    one, other = (_depth(each) for each in (before, after))
    changed = int((one != other).sum())
    low, high = wilson(changed, len(one))
    votes = before.dataset["vote"].values != after.dataset["vote"].values
    return {
        "changed": changed,
        "share": changed / len(one),
        "low": low,
        "high": high,
        "rank_correlation": rank_correlation(other, one),
        "votes_changed": float(votes.mean()),
        "no_depth": 0,
    }


def _depth(study: Study) -> NDArray[np.float64]:
    return study.dataset["depth"].values.astype(np.float64)

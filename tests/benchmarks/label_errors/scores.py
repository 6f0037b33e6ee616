"""Scores of label errors, larger where a label looks wrong: ours, our parts, others'.

Of an ensemble they come from what its study keeps of each member, so those of its first
members are the scores of a smaller ensemble: a member depends on its number alone.
"""

from typing import Any

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray

from depthviz.difficulty import (
    ClassShares,
    ProbeWeights,
    class_shares,
    label_evidence,
)
from depthviz.study import Study
from tests.benchmarks.label_errors.runs import NetworkRun

__all__ = ["SUSPICION", "cleanlab_scores", "ensemble_scores", "network_scores"]

SUSPICION = "suspicion"
HALF_AUM = "suspicion - AUM / 2, standardized"
EQUAL = "neighbors of another label, hidden probes alike"
LAST = "neighbors of another label, last probe"
SIMIFEAT = "SimiFeat-like: the same, last hidden probe"
LABEL_DEPTH = "train depth of the label - validation depth"
CLEANLAB = {
    "cleanlab, self-confidence": "self_confidence",
    "cleanlab, normalized margin": "normalized_margin",
    "cleanlab, confidence-weighted entropy": "confidence_weighted_entropy",
}
Array = NDArray[Any]
Scores = dict[str, Array]


def ensemble_scores(study: Study, *, members: int) -> Scores:
    """Compute all scores of the first members of an ensemble, each of shape `(N,)`.

    One network's loss is that of the first member which held the example out.
    """
    data = study.dataset.isel(member=slice(members))
    trained, held_out = _sides(data)
    labels = data["label"].values.astype(np.int64)
    k, last = data.sizes["neighbor"], data.sizes["probe"] - 1
    whole, neighbors = _suspicions(data, trained, held_out)
    probability = _held_out_softmax(data, held_out)
    other = 1 - _mean(data["member_label_agreement"].values, held_out | trained) / k
    aum = _mean(data["member_aum"].values, trained)
    depth, of_label = (
        data[name].values for name in ("member_depth", "member_label_depth")
    )
    one = data["member_label_probability"].values[
        held_out.argmax(0), np.arange(len(labels))
    ]
    return {
        SUSPICION: whole,
        "suspicion, neighbors alone": neighbors,
        HALF_AUM: standardized(whole) - 0.5 * standardized(aum),
        "neighbor_margin": _mean(data["member_neighbor_margin"].values, held_out),
        EQUAL: other[:last].mean(0),
        LAST: other[last],
        SIMIFEAT: other[last - 1],
        "train - validation depth": _mean(depth, trained) - _mean(depth, held_out),
        LABEL_DEPTH: _mean(of_label, trained) - _mean(depth, held_out),
        "loss of one network that held it out": -np.log(np.maximum(one, 1e-12)),
        "loss of the mean held-out softmax": -np.log(
            np.maximum(probability[np.arange(len(labels)), labels], 1e-12)
        ),
        "-AUM": -aum,
        **cleanlab_scores(labels, probability),
    }


def network_scores(run: NetworkRun) -> Scores:
    """Compute all scores of a network that trained on all examples."""
    data = run.study.dataset
    labels = data["label"].values.astype(np.int64)
    index, last = data["neighbor_index"].values, data.sizes["probe"] - 1
    other = (labels[index] != labels[:, None]).mean(2)
    suspicion = data["suspicion"].values.astype(float)
    return {
        SUSPICION: suspicion,
        HALF_AUM: standardized(suspicion) - 0.5 * standardized(run.aum),
        "suspicion, hidden probes alike": _alike(data, labels),
        "neighbor_margin": data["neighbor_margin"].values.astype(float),
        EQUAL: other[:last].mean(0),
        LAST: other[last],
        SIMIFEAT: other[last - 1],
        "depth of the label": data["depth_of_label"].values.astype(float),
        "loss": -run.log_softmax[np.arange(len(labels)), labels].astype(float),
        "-AUM": -run.aum.astype(float),
        "EL2N": run.el2n.astype(float),
        **{
            name: score
            for name, score in cleanlab_scores(labels, np.exp(run.log_softmax)).items()
            if "self" not in name  # that is the loss
        },
    }


def cleanlab_scores(labels: Array, probability: Array) -> Scores:
    """Compute cleanlab's label quality with the sign turned, each of shape `(N,)`."""
    from cleanlab.rank import get_label_quality_scores

    probability = probability / probability.sum(1, keepdims=True)
    return {
        name: -get_label_quality_scores(labels, probability, method=method)
        for name, method in CLEANLAB.items()
    }


def standardized(values: Array) -> Array:
    """Subtract the mean and divide by the standard deviation."""
    return (values - np.nanmean(values)) / np.nanstd(values)


def _sides(data: xr.Dataset) -> tuple[Array, Array]:
    """Say which members trained on each example and which held it out, `(M, N)`."""
    valid = (data["member_failed"].values < 0)[:, None]
    trained = data["in_train"].values
    return trained & valid, ~trained & valid


def _suspicions(data: xr.Dataset, trained: Array, held_out: Array) -> tuple[Array, ...]:
    """Compute suspicion with and without what the networks say, shapes `(N,)`."""
    weights = data["member_probe_weight"].values.astype(float).sum(1)
    each = trained * weights[:, :1] + held_out * weights[:, 1:]
    share = data["member_class_share"].values / 65535
    pooled = ClassShares(
        torch.from_numpy((share * each[:, :, None]).sum(0)),
        torch.from_numpy(each.sum(0)),
    )
    given = torch.from_numpy(data["label"].values.astype(np.int64))
    log = _mean(
        data["member_log_probability"].values.astype(float), held_out[:, :, None]
    )
    said = (torch.from_numpy(log), None)
    k = data.sizes["neighbor"]
    return tuple(
        label_evidence(pooled, given, k=k, log_probability=each).suspicion.numpy()
        for each in said
    )


def _held_out_softmax(data: xr.Dataset, held_out: Array) -> Array:
    log = data["member_log_probability"].values.astype(float)
    return _mean(np.exp(log), held_out[:, :, None])


def _mean(values: Array, which: Array) -> Array:
    """Average over some of the members, the first axis; NaN where there is none.

    Values `(M, P, N)` are averaged over the members of `(M, N)`.
    """
    if values.ndim == 3 and which.ndim == 2:
        which = which[:, None]
    counted = which & np.isfinite(values)
    total = np.where(counted, values, 0).sum(0, dtype=float)
    count = counted.sum(0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _alike(data: xr.Dataset, labels: Array) -> Array:
    """Compute evidence from hidden probes that all count the same, shape `(N,)`."""
    probes, count, k = data["neighbor_index"].shape
    weights = torch.ones(probes, dtype=torch.float64)
    weights[-1] = 0
    given = torch.from_numpy(labels)
    found = class_shares(
        torch.from_numpy(data["neighbor_index"].values.astype(np.int64)),
        given,
        torch.ones(count, dtype=torch.bool),
        weights=ProbeWeights(weights, weights),
        classes=data.sizes["class"],
    )
    return label_evidence(found, given, k=k).suspicion.numpy()

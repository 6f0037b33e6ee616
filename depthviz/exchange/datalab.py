"""What cleanlab's Datalab takes of a study: its neighbors, and who votes for what.

Datalab looks for wrong labels, outliers, duplicates and more in whatever space it is
given. A study has the neighbors of every probe with their distances, so that each of
these spaces is a call, without embeddings and without another search. Knows nothing of
cleanlab, which is not imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.checks import one_of
from depthviz.errors import ArgumentError, ProbeError, StudyError

if TYPE_CHECKING:
    from depthviz.study import Study

__all__ = ["datalab_inputs"]

NEEDED = ("neighbor_index", "neighbor_distance", "label")
SOURCES = ("votes", "softmax")
HELD_OUT, OF_ONE = "held_out_probability", "log_probability"


def datalab_inputs(
    study: Study, *, probe: int | str = -1, probabilities: str = "votes"
) -> dict[str, Any]:
    """Gather what `Datalab.find_issues` takes, at any probe.

    The rows are those of the study, whose labels Datalab is given as numbers:
    `Datalab({"label": study.frame()["label"]}, label_name="label")`. There are no
    features: a study keeps neighbors in place of embeddings.

    Args:
        study: What was measured; of an ensemble, its shown member's neighbors.
        probe: Name or position of the probe, by default the last. A network that
            learned wrong labels by heart repeats them there, and not at hidden ones.
        probabilities: "votes" is the share of the neighbors at that probe that carry a
            class, where no example counts for itself; "softmax" is the network's, of an
            ensemble the mean over the members that held the example out. Cleanlab takes
            it that a network did not train on the example: of one network, only its
            validation examples are such.

    Returns:
        `knn_graph`, a CSR matrix of distances to the neighbors, nearest first, shape
        `(N, N)`; `pred_probs` in [0, 1], float64, one column for each class that comes
        among the labels, as cleanlab counts them. The neighbors are training examples,
        also of validation examples.

    Raises:
        ArgumentError: If probabilities is unknown, or there is no such probe.
        ProbeError: If no probe has that name.
        StudyError: If the study lacks neighbors or their labels, some of which are in
            another part of it, or the softmax of every example.

    Example:
        >>> import torch
        >>> from depthviz.measurement import measure
        >>> points = torch.tensor([[0.0], [1.0], [3.0], [7.0]])
        >>> data, net = (points, torch.tensor([0, 0, 1, 1])), torch.nn.Linear(1, 2)
        >>> study = measure(net, data, k=2, projection=None, progress=False)
        >>> inputs = datalab_inputs(study, probe="input")
        >>> inputs["knn_graph"].toarray()[0].tolist()
        [0.0, 1.0, 3.0, 0.0]
        >>> inputs["pred_probs"].tolist()
        [[0.5, 0.5], [0.5, 0.5], [1.0, 0.0], [0.5, 0.5]]
    """
    one_of("probabilities", probabilities, SOURCES)
    data = study.dataset
    if missing := [name for name in NEEDED if name not in data]:
        raise StudyError(
            f"Datalab needs {', '.join(NEEDED)}; this study lacks "
            f"{', '.join(missing)}. Measure it with depthviz.measure."
        )
    index, distance = _neighbors(data, _position(study.probes, probe))
    labels = _labels(data)
    there, codes = np.unique(labels, return_inverse=True)
    if probabilities == "softmax":
        count = max(len(study.classes), int(there[-1]) + 1)
        among = _normalized(_softmax(data, count)[:, there])
    else:
        among = _vote_shares(codes[index], len(there))
    return {"knn_graph": _graph(index, distance), "pred_probs": among}


def _position(probes: tuple[str, ...], probe: int | str) -> int:
    if isinstance(probe, str):
        if probe not in probes:
            listed = ", ".join(map(repr, probes))
            raise ProbeError(f"Unknown probe {probe!r}. This study has: {listed}.")
        return probes.index(probe)
    whole = isinstance(probe, int | np.integer) and not isinstance(probe, bool)
    if not whole or not -len(probes) <= probe < len(probes):
        raise ArgumentError(
            f"probe must be a name or a position among the {len(probes)} probes, got "
            f"{probe!r}."
        )
    return range(len(probes))[probe]


def _labels(data: xr.Dataset) -> NDArray[np.int64]:
    labels = data["label"].values.astype(np.int64)
    if none := int((labels < 0).sum()):
        raise StudyError(
            f"Datalab needs the label of every example, and {none} of {len(labels)} "
            "have none (-1)."
        )
    return labels


def _neighbors(
    data: xr.Dataset, probe: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Read the neighbors of each example, `(N, K)`, nearest first."""
    index = data["neighbor_index"][probe].values.astype(np.int64)
    lost = ((index < 0) | (index >= len(index))).any(1)
    if lost.any():
        raise StudyError(
            f"Datalab needs all neighbors, and of {lost.sum()} of {len(index)} "
            "examples some are not in this study, which is a part of another. Take "
            "the inputs of the whole study; depthviz.concat makes it of all its parts."
        )
    return index, data["neighbor_distance"][probe].values.astype(np.float64)


def _graph(index: NDArray[np.int64], distance: NDArray[np.float64]) -> Any:
    from scipy.sparse import csr_matrix

    count, k = index.shape
    starts = np.arange(0, count * k + 1, k)
    return csr_matrix((distance.ravel(), index.ravel(), starts), shape=(count, count))


def _vote_shares(labels: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Count the labels of the neighbors, `(N, K)`, as shares, `(N, C)`."""
    rows, k = labels.shape
    flat = np.arange(rows)[:, None] * count + labels
    weights = np.broadcast_to(1.0, flat.size)
    shares: Any = np.bincount(flat.ravel(), weights, minlength=rows * count)
    shares /= k  # in place: of many classes there is no memory for another
    found: NDArray[np.float64] = shares.reshape(rows, count)
    return found


def _normalized(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make each row add up to 1; one of zeros speaks for no class."""
    total = shares.sum(1, keepdims=True)
    even = np.full_like(shares, 1 / shares.shape[1])
    np.divide(shares, total, out=even, where=total > 0)
    return even


def _softmax(data: xr.Dataset, count: int) -> NDArray[np.float64]:
    """Read the probabilities of all classes, `(N, C)`."""
    import torch

    from depthviz.difficulty import all_probabilities

    name = HELD_OUT if HELD_OUT in data else OF_ONE
    if name not in data:
        raise StudyError(
            "This study keeps no softmax; take the votes: probabilities='votes'."
        )
    values = torch.from_numpy(data[name].values.astype(np.float64))
    logs = values.log() if name == HELD_OUT else values
    kept = "held_out_class" if name == HELD_OUT else "kept_class"
    which = torch.from_numpy(data[kept].values) if kept in data else None
    shares: NDArray[np.float64] = (
        all_probabilities(logs, which, count=count).exp().numpy()
    )
    if unknown := int((~np.isfinite(shares)).any(1).sum()):
        raise StudyError(
            f"No network held out {unknown} of {len(shares)} examples, so there is no "
            "softmax of them. Take the votes: probabilities='votes'; or run more "
            "members."
        )
    return shares

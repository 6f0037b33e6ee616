"""What was measured as one dataset: votes, depth, suspicion, quick maps, pictures.

Types are compact: a class fits 16 bits, a share 32. `frame()` widens what people
calculate with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor

from depthviz.difficulty import neighbor_margin, prediction_depth
from depthviz.embeddings import Probe
from depthviz.measurement.evidence import Witnesses, evidence_variables
from depthviz.measurement.examples.splits import Splits
from depthviz.measurement.maps import map_variables
from depthviz.measurement.options import MeasureOptions
from depthviz.measurement.passes import PassResults
from depthviz.measurement.probe_arrays import RECALL_SAMPLE, RECALL_SEED, drop_self
from depthviz.measurement.thumbnails import Thumbnails
from depthviz.probes import (
    knn_vote,
    neighbor_agreement,
    probe_accuracy,
    probe_agreement,
)
from depthviz.projections import align
from depthviz.study.storage.later_maps import MAP_RANK, await_maps
from depthviz.study.table import SPLITS

__all__ = ["assemble"]

EXAMPLE, PROBE = ("example",), ("probe",)
Variables = dict[str, tuple[tuple[str, ...], NDArray[Any], dict[str, Any]]]


class OtherNeighbors(NamedTuple):
    """The neighbors of each example that are not the example itself."""

    neighbors: NDArray[np.int32]
    distances: NDArray[np.float32]


class Votes(NamedTuple):
    """The classes of each example: given, predicted, and voted for at each probe."""

    given: Tensor
    prediction: Tensor
    votes: Tensor
    neighbors: Tensor
    references: Tensor


def assemble(
    found: PassResults,
    splits: Splits,
    probes: Sequence[Probe],
    *,
    class_names: Sequence[str],
    options: MeasureOptions,
    pictures: Thumbnails,
) -> xr.Dataset:
    """Build a study's dataset, what belongs to its variables in their `attrs`."""
    votes = _votes(found, len(splits.train), options)
    others = _others(found, options)
    variables = {
        **_examples(found, votes, splits, others, options),
        **_evidence(found, votes, splits, others, options, classes=len(class_names)),
        **_neighborhoods(found, votes),
        **_probes(votes, splits),
        **_recall(found, splits),
        **_maps(found, splits, others, options),
        **_images(pictures),
        **_paths(splits),
    }
    coordinates = {
        "probe": [probe.name for probe in probes],
        "class": list(class_names),
        "example_id": (EXAMPLE, np.arange(splits.count, dtype=np.int32)),
    }
    dataset = xr.Dataset(variables, coordinates)
    return await_maps(dataset) if MAP_RANK in dataset else dataset


def _others(found: PassResults, options: MeasureOptions) -> OtherNeighbors:
    arrays = found.arrays
    if not options.include_self:
        return OtherNeighbors(arrays.neighbors, arrays.distances)
    return OtherNeighbors(*drop_self(arrays.neighbors, arrays.distances))


def _votes(found: PassResults, references: int, options: MeasureOptions) -> Votes:
    given = found.record.labels
    neighbors = torch.from_numpy(found.arrays.neighbors).long()
    voting = given[:references]
    votes = torch.stack(
        [knn_vote(nearest, voting, ties=options.ties) for nearest in neighbors]
    )
    logits = found.record.logits
    prediction = logits.argmax(dim=1) if logits.shape[1] else votes[-1]
    return Votes(given, prediction, votes, neighbors, voting)


def _examples(
    found: PassResults,
    votes: Votes,
    splits: Splits,
    others: OtherNeighbors,
    options: MeasureOptions,
) -> Variables:
    split = np.repeat(
        np.arange(len(splits.parts), dtype=np.uint8), [*map(len, splits.parts)]
    )
    compared = {
        "prediction": votes.prediction,
        "label": votes.given,
        "last probe": votes.votes[-1],
    }
    depth = prediction_depth(votes.votes, compared[options.compare_with])
    depth_of_label = prediction_depth(votes.votes, votes.given)
    margin = neighbor_margin(_rows(others, votes), votes.references, votes.given)
    return {
        "split": (EXAMPLE, split, {"names": list(SPLITS)}),
        "label": (EXAMPLE, _codes(votes.given), {}),
        "prediction": (EXAMPLE, _codes(votes.prediction), {}),
        **_confidences(found.record.logits, votes.given),
        "depth": (EXAMPLE, _codes(depth), {}),
        "depth_of_label": (EXAMPLE, _codes(depth_of_label), {}),
        "neighbor_margin": (EXAMPLE, margin.numpy(), {}),
    }


def _evidence(
    found: PassResults,
    votes: Votes,
    splits: Splits,
    others: OtherNeighbors,
    options: MeasureOptions,
    *,
    classes: int,
) -> Variables:
    """Find suspicion; a network without logits says as much for every class."""
    nearest, logits = _rows(others, votes), found.record.logits
    nothing = torch.zeros(1, 1).expand(len(logits), classes)
    variables = evidence_variables(
        Witnesses(
            nearest,
            _votes_of_others(nearest, votes, options),
            votes.references,
            votes.given,
            logits if logits.shape[1] else nothing,
            torch.arange(splits.count) < len(splits.train),
        )
    )
    if not logits.shape[1]:
        del variables["log_probability"]
    return variables


def _confidences(logits: Tensor, given: Tensor) -> Variables:
    """Say how sure the network is; nothing where it has no logits."""
    if not logits.shape[1]:
        return {}
    probability = logits.double().softmax(dim=1)
    of_label = probability.gather(1, given.unsqueeze(1)).squeeze(1)
    return {
        "confidence": (EXAMPLE, probability.amax(dim=1).float().numpy(), {}),
        "label_probability": (EXAMPLE, of_label.float().numpy(), {}),
        "output_margin": (EXAMPLE, _output_margin(logits), {}),
    }


def _rows(others: OtherNeighbors, votes: Votes) -> Tensor:
    """Give the neighbors as rows of references, without another copy of them all."""
    if others.neighbors.shape == votes.neighbors.shape:
        return votes.neighbors
    return torch.from_numpy(others.neighbors).long()


def _votes_of_others(nearest: Tensor, votes: Votes, options: MeasureOptions) -> Tensor:
    """Count the votes without that of the example itself, shape (P, N)."""
    if not options.include_self:
        return votes.votes
    found = [knn_vote(each, votes.references, ties=options.ties) for each in nearest]
    return torch.stack(found)


def _output_margin(logits: Tensor) -> NDArray[np.float32]:
    """Largest minus second largest logit; NaN where there is one class."""
    if logits.shape[1] < 2:
        return np.full(len(logits), np.nan, np.float32)
    largest = logits.double().topk(2, dim=1).values
    margin: NDArray[np.float32] = (largest[:, 0] - largest[:, 1]).float().numpy()
    return margin


def _neighborhoods(found: PassResults, votes: Votes) -> Variables:
    dimensions = (*PROBE, *EXAMPLE, "neighbor")
    agreement = [
        neighbor_agreement(nearest, votes.references, votes.prediction)
        for nearest in votes.neighbors
    ]
    return {
        "vote": ((*PROBE, *EXAMPLE), _codes(votes.votes), {}),
        "neighbor_agreement": ((*PROBE, *EXAMPLE), torch.stack(agreement).numpy(), {}),
        "neighbor_index": (dimensions, found.arrays.neighbors, {}),
        "neighbor_distance": (dimensions, found.arrays.distances, {}),
    }


def _probes(votes: Votes, splits: Splits) -> Variables:
    """Agreement and accuracy over examples the network did not train on, if any."""
    held_out = len(splits.train) if splits.validation is not None else 0
    over = {"over": SPLITS[1] if held_out else SPLITS[0]}
    rows = votes.votes[:, held_out:]
    agreement = probe_agreement(rows, votes.prediction[held_out:])
    accuracy = probe_accuracy(rows, votes.given[held_out:])
    return {
        "probe_agreement": (PROBE, agreement.numpy(), over),
        "probe_accuracy": (PROBE, accuracy.numpy(), over),
    }


def _recall(found: PassResults, splits: Splits) -> Variables:
    """How much an approximate search found; nothing where the search was exact."""
    if found.arrays.recall is None:
        return {}
    drawn = {"sample": min(RECALL_SAMPLE, splits.count), "seed": RECALL_SEED}
    return {"search_recall": (PROBE, found.arrays.recall, drawn)}


def _maps(
    found: PassResults, splits: Splits, others: OtherNeighbors, options: MeasureOptions
) -> Variables:
    """Maps that were read off the embeddings, or what later ones are judged by."""
    ranks = found.arrays.ranks
    if found.arrays.points is not None:
        return map_variables(
            _lay_over(found.arrays.points),
            others.neighbors,
            references=len(splits.train),
            ranks=ranks,
            method="pca",
        )
    if ranks is None:
        return {}
    return {MAP_RANK: (("probe", "judged", "reference"), ranks.levels, {})}


def _lay_over(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay each map over the one before it."""
    aligned = [points[0]]
    for positions in points[1:]:
        aligned.append(align(positions, aligned[-1]))
    return np.stack(aligned)


def _images(pictures: Thumbnails) -> Variables:
    if pictures.images is None:
        return {}
    facts = {
        "black_and_white": list(pictures.value_range or ()),
        "source_size": list(pictures.source_size or ()),
    }
    dimensions = (*EXAMPLE, "image_height", "image_width", "image_channel")
    return {"image": (dimensions, pictures.images, facts)}


def _paths(splits: Splits) -> Variables:
    """The file of each example; a column of the user's, who may put another there."""
    paths = splits.paths
    if paths is None:
        return {}
    return {"path": (EXAMPLE, np.array(paths, object), {"origin": "user"})}


def _codes(values: Tensor) -> NDArray[np.signedinteger[Any]]:
    small = not values.numel() or int(values.max()) <= np.iinfo(np.int16).max
    return values.numpy().astype(np.int16 if small else np.int32)

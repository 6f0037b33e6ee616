"""Votes and depths of a study under other conventions, from its stored neighbors.

No network and no data are needed: K neighbors of each example at each probe, with their
distances and labels, show what another tie rule, fewer neighbors or another class to
compare with would have made of them. They do not show what another metric, more
neighbors or other references would have.

A depth is given in the probes of the study, whichever of them a convention leaves out,
so that two depths differ only where an example is decided elsewhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor

from depthviz.errors import StudyError
from depthviz.probes.votes import commonest
from depthviz.study.container import Study
from depthviz.study.conventions.definition import Conventions, stored_conventions
from depthviz.study.rows import MEASURED_ROW, count_measured

__all__ = ["Recount", "Recounted", "check_neighbors"]

NEEDED = ("neighbor_index", "neighbor_distance", "label", "prediction", "split")
NOBODY, NO_VOTE = -1, -1
VOTES_KEPT = 8  # as many arrays (P, N) of votes are remembered


class Recounted(NamedTuple):
    """What some conventions make of the stored neighbors.

    Attributes:
        depth: Depth of each example, in the study's probes, shape `(N,)`, float64; NaN
            where the conventions give none.
        votes: Winning class of each probe that is not left out, shape `(P', N)`; -1
            where a vote does not count.
        places: Their places among the study's probes, shape `(P',)`.
    """

    depth: NDArray[np.float64]
    votes: NDArray[np.int64]
    places: NDArray[np.int64]


class Recount:
    """The stored neighbors of one network, counted again under other conventions.

    Args:
        study: What was measured; of an ensemble, its shown member.

    Raises:
        StudyError: If the study lacks neighbors, labels, predictions or the split, or
            is a part without some of its neighbors.

    Example:
        >>> from depthviz.measurement import measure
        >>> points = torch.tensor([[0.0], [1.0], [2.0], [3.0]])
        >>> labels = torch.tensor([0, 1, 0, 1])
        >>> net = torch.nn.Linear(1, 2)
        >>> study = measure(net, (points, labels), k=2, projection=None, progress=False)
        >>> Recount(study).under(Conventions(include_self=True)).votes[0].tolist()
        [0, 1, 0, 1]
    """

    def __init__(self, study: Study) -> None:
        missing = [name for name in NEEDED if name not in study.dataset]
        if missing:
            raise StudyError(
                f"Counting again needs {', '.join(NEEDED)}; this study lacks "
                f"{', '.join(missing)}. Measure it with depthviz.measure."
            )
        check_neighbors(study.dataset, "Counting again")
        self.data: xr.Dataset = study.dataset
        self.own = stored_conventions(study.dataset.attrs)
        self.label = torch.from_numpy(self.data["label"].values.astype(np.int64))
        self.prediction = self.data["prediction"].values.astype(np.int64)
        self.trained = torch.from_numpy(self.data["split"].values == 0)
        self.measured = torch.from_numpy(self.data[MEASURED_ROW].values.astype(int))
        self._votes = lru_cache(VOTES_KEPT)(self._count_votes)

    def under(self, conventions: Conventions) -> Recounted:
        """Find votes and depths under some conventions.

        Args:
            conventions: The conventions.

        Returns:
            Depths and votes.

        Raises:
            StudyError: If the stored neighbors do not show it, saying why.
        """
        probes = self.data.sizes["probe"]
        places = np.delete(np.arange(probes), list(conventions.left_out))
        if not len(places):
            raise StudyError(f"It leaves out all of the {probes} probes.")
        counting = conventions._replace(
            compare_with="prediction", settled=0, left_out=(), least=0
        )
        votes = self._votes(counting)[places]
        depth = _depth(votes, self._compared(votes, conventions), conventions.least)
        if conventions.settled:
            last = votes[-conventions.settled :]
            depth[(last == NO_VOTE).any(axis=0)] = NOBODY
        told = np.concatenate([[np.nan, 0.0], places + 1.0])
        return Recounted(told[depth + 1], votes, places)

    def _compared(
        self, votes: NDArray[np.int64], conventions: Conventions
    ) -> NDArray[np.int64]:
        if conventions.compare_with == "last probe":
            last: NDArray[np.int64] = votes[-1]
            return last
        given = conventions.compare_with == "label"
        return self.label.numpy() if given else self.prediction

    def _count_votes(self, conventions: Conventions) -> NDArray[np.int64]:
        """Count the votes of all probes, shape `(P, N)`."""
        self._check_enough(conventions)
        found = [
            self._vote(*self._neighbors(place, conventions), conventions)
            for place in range(self.data.sizes["probe"])
        ]
        return torch.stack(found).numpy()

    def _check_enough(self, conventions: Conventions) -> None:
        """Refuse conventions for which too few neighbors are stored."""
        stored = self.data.sizes["neighbor"]
        k = conventions.k or stored
        removed = self.own.include_self and not conventions.include_self
        inserted = conventions.include_self and not self.own.include_self
        one_more = conventions.drop_nearest == "of k + 1 where trained on"
        needed = k + removed + max(0, one_more - inserted)
        if not 1 <= k <= needed <= stored:
            raise StudyError(
                f"It needs {needed} neighbors of each example; {stored} are stored."
            )
        if k == 1 and conventions.drop_nearest == "of k":
            raise StudyError("It drops the only neighbor that is stored.")

    def _neighbors(self, place: int, conventions: Conventions) -> tuple[Tensor, Tensor]:
        """Give those who vote at a probe, and their distances, shapes `(N, k)`."""
        index = torch.from_numpy(
            self.data["neighbor_index"][place].values.astype(np.int64)
        )
        distance = torch.from_numpy(
            self.data["neighbor_distance"][place].values.astype(np.float64)
        )
        k = conventions.k or index.shape[1]
        if conventions.include_self != self.own.include_self:
            if conventions.include_self:
                found = _insert(index, distance, self.trained, self.measured)
            else:
                found = _remove(index, distance)
            index, distance = found
        if conventions.drop_nearest == "of k":
            return index[:, 1:k], distance[:, 1:k]
        if conventions.drop_nearest == "of k + 1 where trained on":
            later = torch.arange(k) + self.trained.long()[:, None]
            return index.gather(1, later), distance.gather(1, later)
        return index[:, :k], distance[:, :k]

    def _vote(
        self, index: Tensor, distance: Tensor, conventions: Conventions
    ) -> Tensor:
        labels = self.label[index]
        if conventions.weights == "inverse distance":
            return _weighted(labels, distance)
        vote, count = commonest(labels, ties=conventions.ties)
        if not conventions.share:
            return vote
        share = np.round(count.double().numpy() / labels.shape[1], 2)
        return vote.where(torch.from_numpy(share > conventions.share), NO_VOTE)


def _depth(
    votes: NDArray[np.int64], compared: NDArray[np.int64], least: int
) -> NDArray[np.int64]:
    """Count the probes up to the last whose vote differs, shape `(N,)`."""
    after = np.arange(1, len(votes) + 1)[:, None]
    wrong = (votes != compared) | (votes == NO_VOTE)
    depth: NDArray[np.int64] = np.maximum((after * wrong).max(axis=0), least)
    return depth


def check_neighbors(data: xr.Dataset, doing: str) -> None:
    """Refuse a study that lacks some neighbors, or has them in another order.

    Args:
        data: A study's dataset, with neighbors and their distances.
        doing: What needs them, as a sentence begins.

    Raises:
        StudyError: If it does.
    """
    index, count = data["neighbor_index"].values, data.sizes["example"]
    lost = ((index < 0) | (index >= count)).any(axis=(0, 2))
    if lost.any():
        raise StudyError(
            f"{doing} needs the labels of all neighbors, and of {lost.sum()} of "
            f"{count} examples some neighbors are not in this study, which is a part "
            f"of one of {count_measured(data)} examples. Count again in the whole "
            "study, which depthviz.concat makes of all its parts, and take the part "
            "of the result."
        )
    if (np.diff(data["neighbor_distance"].values, axis=2) < 0).any():
        raise StudyError(
            "Neighbors must be stored nearest first, and in this dataset some are "
            "followed by nearer ones. Leave the dimension 'neighbor' as it is measured."
        )


def _insert(
    index: Tensor, distance: Tensor, trained: Tensor, measured: Tensor
) -> tuple[Tensor, Tensor]:
    """Make each training example a neighbor of itself: shapes `(N, K + 1)`.

    It comes after those at distance 0 that were measured before it, as in a search that
    leaves out nobody. Where they are all K, others may come before it that nobody
    stored; it is then the last. For other examples nobody is added, as the last.
    """
    itself = torch.arange(len(index))[:, None]
    earlier = measured[index] < measured[:, None]
    before = ((distance == 0) & earlier).sum(dim=1, keepdim=True)
    column = torch.arange(index.shape[1] + 1)
    place = before.where(trained[:, None], torch.tensor(index.shape[1]))
    stored = (column - (column > place).long()).clamp(max=index.shape[1] - 1)
    here = column == place
    added = itself.where(trained[:, None], NOBODY)
    return (
        added.where(here, index.gather(1, stored)),
        distance.gather(1, stored).masked_fill(here, 0.0),
    )


def _remove(index: Tensor, distance: Tensor) -> tuple[Tensor, Tensor]:
    """Take each example from its own neighbors, or else the last of them."""
    itself = (index == torch.arange(len(index))[:, None]).long()
    order = itself.argsort(dim=1, stable=True)[:, :-1]
    return index.gather(1, order), distance.gather(1, order)


def _weighted(labels: Tensor, distance: Tensor) -> Tensor:
    """Find the label with the largest sum of inverse distances; the smallest of tied.

    Neighbors at distance 0 share the vote among them.
    """
    here = distance == 0
    weight = torch.where(here.any(dim=1, keepdim=True), here.double(), 1 / distance)
    ordered, position = labels.sort(dim=1, stable=True)
    run = torch.zeros_like(position)
    run[:, 1:] = (ordered[:, 1:] != ordered[:, :-1]).cumsum(1)
    total = torch.zeros_like(weight).scatter_add_(1, run, weight.gather(1, position))
    best = total.argmax(dim=1, keepdim=True)
    first = (run < best).sum(dim=1, keepdim=True)
    return ordered.gather(1, first).squeeze(1)

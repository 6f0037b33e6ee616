"""Corrected labels: proposals to look at, and the labels that follow from them.

An example is proposed for another label where the evidence for that one is greater.
Labels that were planted are never proposed, and get back what they were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.checks import whole_number
from depthviz.errors import ArgumentError, StudyError
from depthviz.relabeling.evidence import count_members, probe_evidence
from depthviz.relabeling.precision import PlantedRecall, Precision
from depthviz.relabeling.ranking import LabelRanking
from depthviz.study import Study
from depthviz.study.examples import rows_of

__all__ = ["Relabeling", "relabel"]


def relabel(
    study: Study, *, threshold: float = 0.0, count: int | None = None, seed: int = 0
) -> Relabeling:
    """Propose other labels for the examples whose labels look wrong.

    Args:
        study: What `measure` or an ensemble's run returned.
        threshold: Suspicion above which an example is proposed. At 0 the evidence for
            the suggested label equals that for the given one.
        count: Largest number of proposals, the most suspicious; None for all.
        seed: Decides the resamples of the intervals of `precision`.

    Returns:
        The proposals, and the labels with all of them made.

    Raises:
        StudyError: If the study has no suspicion by label evidence: one of an earlier
            version has that of another rule.
        ArgumentError: If threshold is no number, or count is none from 1 on.

    Example:
        >>> import xarray as xr
        >>> columns = {
        ...     "label": [0, 1, 1],
        ...     "suggested_label": [1, 0, 0],
        ...     "prediction": [0, 0, 1],
        ...     "split": [1, 1, 1],
        ...     "suspicion": [-2.0, 1.5, 0.5],
        ... }
        >>> data = xr.Dataset({name: ("example", columns[name]) for name in columns})
        >>> data["suspicion"].attrs["rule"] = "label evidence"
        >>> ids = ("example", ["a", "b", "c"])
        >>> names = {"class": ["cat", "dog"], "example_id": ids}
        >>> found = relabel(Study(data.assign_coords(names)))
        >>> found.proposals[["label_name", "suggested_name", "suspicion"]]
                   label_name suggested_name  suspicion
        example_id
        b                 dog            cat        1.5
        c                 dog            cat        0.5
        >>> found.keep(["b"]).labels.tolist()
        [0, 0, 1]
    """
    if not isinstance(threshold, (int, float, np.number)) or np.isnan(threshold):
        raise ArgumentError(
            f"threshold must be a number, a suspicion such as 0.0, got {threshold!r}."
        )
    if count is not None:
        count = whole_number("count", count, least=1)
    ranking = LabelRanking.read(study)
    order = ranking.order
    wanted = (ranking.suspicion[order] > threshold) & (ranking.suggested[order] >= 0)
    return Relabeling(study, ranking, order[wanted][:count], seed)


@dataclass(frozen=True, eq=False, repr=False)
class Relabeling:
    """Proposals to give examples another label.

    Attributes:
        study: What they are drawn from.
        ranking: Its labels, and what speaks against them.
        rows: Of the proposals in the study, the most suspicious first, shape `(S,)`.
        seed: Decides the resamples of the intervals of `precision`.
    """

    study: Study
    ranking: LabelRanking
    rows: NDArray[np.intp]
    seed: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def proposals(self) -> pd.DataFrame:
        """One row a proposal, indexed by `example_id`, the most suspicious first.

        `label` is the given label and `suggested_label` the proposed one, with their
        names in `label_name` and `suggested_name`; `members_for` and `members_against`
        count the networks that held the example out and predict the suggested and the
        given label.
        """
        given, suggested = self._labels()
        names = np.array(self.study.classes, object)
        for_it, against = count_members(
            self.study.dataset, self.rows, suggested=suggested, given=given
        )
        columns = {
            "label": given,
            "label_name": names[given],
            "suggested_label": suggested,
            "suggested_name": names[suggested],
            "suspicion": self.ranking.suspicion[self.rows],
            "members_for": for_it,
            "members_against": against,
        }
        return pd.DataFrame(columns, index=self._index(self.rows))

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """One row a proposal and a column a probe, in [-1, 1].

        Share of the neighbors that carry the suggested label less the share that carry
        the given one; of many networks in the member that is shown.
        """
        if "neighbor_index" not in self.study.dataset:
            raise StudyError(
                "This study has no neighbors, so there is no evidence by probe. "
                "Measure it with depthviz.measure."
            )
        given, suggested = self._labels()
        found = probe_evidence(
            self.study.dataset, self.rows, suggested=suggested, given=given
        )
        return pd.DataFrame(found, self._index(self.rows), list(self.study.probes))

    @property
    def noise_matrix(self) -> pd.DataFrame:
        """How many proposals go from each given label (row) to each suggested one."""
        names = list(self.study.classes)
        counts = np.zeros((len(names), len(names)), np.int64)
        np.add.at(counts, self._labels(), 1)
        return pd.DataFrame(
            counts,
            index=pd.Index(names, name="given"),
            columns=pd.Index(names, name="suggested"),
        )

    @property
    def labels(self) -> pd.Series[Any]:
        """All labels with the proposals made, int64, shape `(N,)`, by `example_id`.

        Those that were planted are what they were before. `Ensemble(..., labels=)`
        takes them.
        """
        labels = self.ranking.given.copy()
        labels[self.rows] = self.ranking.suggested[self.rows]
        return pd.Series(labels, self._index(np.arange(len(labels))), name="label")

    @property
    def unknown(self) -> int:
        """Number of examples of whose labels nothing can be said."""
        return int(np.isnan(self.ranking.suspicion).sum())

    def keep(self, examples: Any) -> Relabeling:
        """Keep some of the proposals, such as those that a person agreed with.

        Args:
            examples: Ids, rows of `proposals`, or a mask of the proposals.

        Returns:
            These proposals, in the order of suspicion.

        Raises:
            DataError: If examples are none of these, or one is not proposed.
        """
        chosen = rows_of(self._index(self.rows).to_numpy(), examples)
        return replace(self, rows=self.rows[np.sort(chosen)])

    def precision(self, count: int) -> Precision:
        """Estimate how many of the most suspicious examples have a wrong label.

        Known only where wrong labels were planted: the share of these that is at least
        as suspicious as the last of the first `count`, times the number of wrong labels
        of the data, over `count`. That number is the least that such a share and its
        `count` give, where a quarter of the planted ones is found or more. People's
        wrong labels are like planted ones; those that are wrong at random are found
        more easily, and then the precision is higher than said.

        Args:
            count: Number n of examples, the most suspicious of all, planted ones left
                out, whether they are proposed or not.

        Returns:
            The share of them that is wrong, with an interval of 95 % over examples.

        Raises:
            StudyError: If no label was planted, or nothing is known of any.
            ArgumentError: If count is out of range.
        """
        return self._recall.precision(count)

    @cached_property
    def _recall(self) -> PlantedRecall:
        ranking = self.ranking
        if not ranking.planted.any():
            raise StudyError(
                "No precision is known: it takes wrong labels that were planted before "
                "training, of which it is known how many are found. Run "
                "Ensemble(..., planted=0.02) in a new folder, and relabel its study."
            )
        if not len(ranking.found):
            raise StudyError(
                "No precision is known: of no planted label can anything be said, as "
                "no probe predicts labels better than chance. Train for longer, or "
                "with another network."
            )
        return PlantedRecall(
            ranking.suspicion[ranking.order], ranking.found, seed=self.seed
        )

    def _labels(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Given and suggested label of each proposal, shape `(S,)` each."""
        ranking = self.ranking
        return ranking.given[self.rows], ranking.suggested[self.rows]

    def _index(self, rows: NDArray[np.intp]) -> pd.Index[Any]:
        ids: Any = self.study.dataset["example_id"].values[rows]
        index: pd.Index[Any] = pd.Index(ids, name="example_id")
        return index

    def __repr__(self) -> str:
        facts = [f"{len(self):,} of {len(self.study):,} labels to change"]
        if planted := int(self.ranking.planted.sum()):
            facts.append(f"{planted:,} planted labels left out")
        if self.unknown:
            facts.append(f"nothing can be said of {self.unknown:,}")
        return f"<depthviz.Relabeling: {', '.join(facts)}>"

"""What the functions of measures are given: tensors of a study, its data and records.

Each is made when it is first asked for, and once.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import torch
import xarray as xr
from torch import Tensor

from depthviz.difficulty import (
    Measure,
    all_probabilities,
    member_mean,
)
from depthviz.difficulty.registry.measure import inputs_of
from depthviz.errors import ModelError, StudyError
from depthviz.study.examples import rows_of
from depthviz.study.measures.given import Given
from depthviz.study.measures.network_pass import (
    Outputs,
    batch_by_batch,
    run_network,
    say_cost,
)
from depthviz.study.measures.rows import (
    check_labels_of,
    locate_record,
    trained_rows,
)
from depthviz.study.members import failed_members, is_ensemble

__all__ = ["MeasureInputs"]

IN_BATCHES = {"model", "checkpoints", "inputs"}
BYTES_A_SECOND = 2.5e8  # of a record
PRODUCTS_A_SECOND = 1e10
STORED = "the study's log-probabilities, of half precision"


class MeasureInputs:
    """Everything that the functions of some measures may ask for.

    Args:
        data: A study's dataset.
        given: What the user gave.
        measures: The measures.
    """

    def __init__(self, data: xr.Dataset, given: Given, measures: list[Measure]) -> None:
        self._data, self._given = data, given
        self._asked = {name for one in measures for name in inputs_of(one)}

    def compute(self, measure: Measure) -> tuple[Tensor, dict[str, Any]]:
        """Compute a measure.

        Args:
            measure: One whose needs are met.

        Returns:
            Its values, shape `(N,)`, and facts to keep with them.
        """
        names, compute = inputs_of(measure), measure.compute
        if compute is None:
            raise StudyError(f"{measure.name!r} has no function.")
        if "record" in names:
            return self._of_records(measure), {"records": len(self._given.records)}
        if IN_BATCHES & set(names):
            return batch_by_batch(self._data, self._given, compute, names), {}
        self._say_products(measure.name, names)
        values = compute(**{name: getattr(self, name) for name in names})
        return torch.as_tensor(values), self._facts(names)

    @cached_property
    def labels(self) -> Tensor:
        """Given labels, int64, shape `(N,)`."""
        return torch.from_numpy(self._data["label"].values.astype(np.int64))

    @cached_property
    def trained(self) -> Tensor:
        """Which examples train, booleans, shape `(N,)`; all of an ensemble's."""
        every = np.ones(self._data.sizes["example"], bool)
        of_one = every if is_ensemble(self._data) else trained_rows(self._data)
        return torch.from_numpy(of_one)

    @cached_property
    def reference(self) -> Tensor:
        """Trusted examples, booleans, shape `(N,)`; by default those that train."""
        if self._given.reference is None:
            return self.trained
        ids = self._data["example_id"].values
        trusted = torch.zeros(len(ids), dtype=torch.bool)
        trusted[torch.from_numpy(rows_of(ids, self._given.reference))] = True
        return trusted

    @property
    def logits(self) -> Tensor:
        """Of the network given, or stored log-probabilities, shape `(N, C)`."""
        if self._given.model is not None and self._given.data is not None:
            found = self._outputs.logits
            if not found.shape[1]:
                raise ModelError(
                    "The network returns no logits, and this measure is one of them; "
                    "give a network with its head."
                )
            return found
        return self._stored().float()

    @property
    def embeddings(self) -> Tensor:
        """Of one probe, float32, shape `(N, F)`."""
        found = self._outputs.embeddings
        assert found is not None  # noqa: S101 - asked for, see _outputs
        return found

    @cached_property
    def probabilities(self) -> Tensor:
        """Mean softmax of networks that did not train on an example, `(N, C)`."""
        if "held_out_probability" in self._data:
            return self._held_out_mean()
        found = self._stored().exp()
        trained = torch.from_numpy(trained_rows(self._data))
        return found.masked_fill(trained[:, None], torch.nan)

    @property
    def label_probabilities(self) -> Tensor:
        """Softmax of the label by each member, shape `(M, N)`."""
        return torch.from_numpy(self._data["member_label_probability"].values)

    @cached_property
    def held_out(self) -> Tensor:
        """Which members that did not fail held an example out, shape `(M, N)`."""
        held_out = ~self._data["in_train"].values
        held_out[list(failed_members(self._data))] = False
        return torch.from_numpy(held_out)

    @cached_property
    def _outputs(self) -> Outputs:
        wanted = bool(self._asked & {"embeddings", "reference"})
        return run_network(self._data, self._given, embeddings=wanted)

    def _stored(self) -> Tensor:
        """Read the log-probabilities of a study of one network."""
        return self._of_all_classes(self._values("log_probability"), "kept_class")

    def _held_out_mean(self) -> Tensor:
        shares = self._values("held_out_probability")
        return self._of_all_classes(shares.log(), "held_out_class").exp()

    def _values(self, name: str) -> Tensor:
        return torch.from_numpy(self._data[name].values.astype(np.float64))

    def _of_all_classes(self, logs: Tensor, of_classes: str) -> Tensor:
        """Fill in the classes that were not kept, where some were."""
        which = self._values(of_classes).long() if of_classes in self._data else None
        return all_probabilities(logs, which, count=self._data.sizes["class"])

    def _of_records(self, measure: Measure) -> Tensor:
        """Compute a measure of each record, and average those that know it."""
        size = sum(getattr(one, "size", 0) for one in self._given.records)
        show = self._given.progress
        say_cost(f"{measure.name} of the record", size / BYTES_A_SECOND, show=show)
        found = torch.stack(
            [self._of_record(measure, one) for one in self._given.records]
        )
        return member_mean(found, ~found.isnan()).mean

    def _of_record(self, measure: Measure, record: Any) -> Tensor:
        assert measure.compute is not None  # noqa: S101 - see compute
        values = torch.as_tensor(measure.compute(record=record)).double()
        places = locate_record(self._data, len(values))
        inside = np.flatnonzero(places >= 0)
        labels = self._labels_of(record)[places[inside]]
        known = labels >= 0
        check_labels_of(self._data, inside[known], labels[known], "The record")
        laid = torch.full((len(places),), torch.nan, dtype=torch.float64)
        laid[torch.from_numpy(inside)] = values[torch.from_numpy(places[inside])]
        return laid

    def _labels_of(self, record: Any) -> Any:
        """Read the labels of a record, once for all measures."""
        known = self.__dict__.setdefault("_labels", {})
        if id(record) not in known:
            known[id(record)] = record.given_labels().numpy()
        return known[id(record)]

    def _say_products(self, name: str, names: tuple[str, ...]) -> None:
        """Say what it costs to compare every example with others."""
        if "embeddings" not in names or "trained" in names:
            return
        rows, features = self.embeddings.shape
        others = int(self.reference.sum()) if "reference" in names else rows
        seconds = 2 * rows * others * features / PRODUCTS_A_SECOND
        say_cost(f"{name}, {rows:,} examples", seconds, show=self._given.progress)

    def _facts(self, names: tuple[str, ...]) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        if "embeddings" in names:
            facts["probe"] = self._outputs.probe
        if "logits" in names and self._given.model is None:
            facts["of"] = STORED
        elif {"logits", "embeddings"} & set(names):
            facts["of"] = type(self._given.model).__name__
        return facts

"""The passes of a measurement, and the neighbors they find.

Embeddings are large and short-lived: those of some probes, mostly of all, are filled by
one pass, in memory or on the disk, searched for neighbors, and released. What stays are
K neighbors of each example at each probe, and the record of the first pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from torch import nn

from depthviz.datasets.nested import Nest
from depthviz.embeddings import Probe
from depthviz.errors import (
    ArgumentError,
    FeatureError,
    MemoryLimitError,
    ScratchError,
    TaskError,
)
from depthviz.measurement.embedding_store import EmbeddingStore
from depthviz.measurement.examples.splits import Splits
from depthviz.measurement.forward import (
    PassRecord,
    check_outputs_are_logits,
    check_same_data,
    run_pass,
)
from depthviz.measurement.options import MeasureOptions
from depthviz.measurement.pass_plan import PassGroup, find_storage, plan_passes
from depthviz.measurement.probe_arrays import ProbeArrays
from depthviz.measurement.progress import (
    SearchBar,
    announced_compilation,
    examples_bar,
    search_bar,
)

__all__ = ["PassResults", "Passes"]

_OF_A_PROBE = (
    ArgumentError,
    FeatureError,
    MemoryLimitError,
    ScratchError,
    TaskError,
)


class PassResults(NamedTuple):
    """What the passes left.

    Attributes:
        arrays: Neighbors, and what else was read off the embeddings.
        record: What the first pass saw.
        passes: The probes of each pass.
    """

    arrays: ProbeArrays
    record: PassRecord
    passes: list[PassGroup]


@dataclass(frozen=True)
class Passes:
    """All passes of one measurement: `run` makes them, one after another.

    Attributes:
        model: The network.
        splits: The examples.
        probes: Where to look, in the network's order.
        sizes: F by probe name; that of the softmax is C.
        options: Those of the measurement.
        on_inputs: Called with the inputs of each batch, in the first pass only.
        named: Whether the data or the caller names the classes.
    """

    model: nn.Module
    splits: Splits
    probes: Sequence[Probe]
    sizes: Mapping[str, int]
    options: MeasureOptions
    on_inputs: Callable[[Nest], object]
    named: bool = False

    def run(self) -> PassResults:
        """Find the neighbors of all examples at all probes, in few passes.

        Raises:
            ArgumentError: If an approximate search finds too few neighbors.
            DataError: If the data changes between passes.
            FeatureError: If an embedding is NaN or infinite, or has no cosine.
            LabelError: If a label lies outside the network's classes.
            ModelError: If the network's outputs look like features.
            ScratchError: If the scratch folder takes no file, or has too little room.
            TaskError: If a task of the executor fails.
        """
        count, budget = self.splits.count, find_storage(self.options)
        plan = plan_passes(self.sizes, count, budget=budget, options=self.options)
        arrays = ProbeArrays.empty(
            len(self.probes), count, self.options, references=len(self.splits.train)
        )
        records: list[PassRecord] = []
        for number, group in enumerate(plan, 1):
            with EmbeddingStore(
                group, self.sizes, count=count, budget=budget, options=self.options
            ) as store:
                records.append(self._embed(store, number, of=len(plan)))
                check_same_data(records[0], records[-1])
                if number == 1 and not self.named:
                    check_outputs_are_logits(records[0])
                self._search(store, arrays)
        return PassResults(arrays, records[0], plan)

    def _embed(self, store: EmbeddingStore, number: int, *, of: int) -> PassRecord:
        """Fill the store by one forward pass; the first checks all probes."""
        first = number == 1
        title = f"Embeddings (pass {number} of {of})" if of > 1 else "Embeddings"
        probes = [each for each in self.probes if first or each.name in store.names]
        show = self.options.progress
        with examples_bar(title, self.splits.count, show=show) as bar:
            return run_pass(
                self.model,
                self.splits,
                probes,
                store=store,
                classes=self.sizes.get("softmax", 0),
                options=self.options,
                on_inputs=self.on_inputs if first else _ignore,
                on_progress=bar.update,
            )

    def _search(self, store: EmbeddingStore, arrays: ProbeArrays) -> None:
        """Search the store's probes, one after another in the network's order."""
        order = [probe.name for probe in self.probes]
        show = self.options.progress
        bars = search_bar(
            self.sizes, store.names, count=self.splits.count, order=order, show=show
        )
        with bars as bar, announced_compilation("the search", show=show):
            for position, name in enumerate(order):
                if name in store.names:
                    self._search_probe(position, name, store, arrays, bar)

    def _search_probe(
        self,
        position: int,
        name: str,
        store: EmbeddingStore,
        arrays: ProbeArrays,
        bar: SearchBar,
    ) -> None:
        with store.take(name) as embedding:
            try:
                arrays.fill(
                    position,
                    embedding,
                    references=len(self.splits.train),
                    options=self.options,
                    progress=bar.start_probe(name),
                )
            except _OF_A_PROBE as error:
                raise type(error)(f"At probe {name!r}: {error}") from error


def _ignore(inputs: Nest) -> None:
    """Do nothing: the first pass has seen these inputs."""

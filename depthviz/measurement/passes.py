"""The passes of a measurement, and the neighbors they find.

Embeddings are large and short-lived: those of some probes, mostly of all, are filled by
one pass, in memory or on the disk, searched for neighbors, and let go of. What stays
are K neighbors of each example at each probe, and what the first pass saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from torch import Tensor, nn

from depthviz.embeddings import Probe
from depthviz.errors import ArgumentError, FeatureError, ScratchError, TaskError
from depthviz.measurement.embedding_store import Holding
from depthviz.measurement.forward import Record, Splits, check_same_data, run_pass
from depthviz.measurement.memory import Share
from depthviz.measurement.options import Request
from depthviz.measurement.pass_plan import find_shelves, plan_passes
from depthviz.measurement.probe_arrays import Room
from depthviz.measurement.progress import SearchBar, examples_bar, searching

__all__ = ["Survey", "survey"]

_OF_A_PROBE = (ArgumentError, FeatureError, ScratchError, TaskError)


class Survey(NamedTuple):
    """What the passes left.

    Attributes:
        room: Neighbors, and what else was read off the embeddings.
        record: What the first pass saw.
        passes: The probes of each pass.
    """

    room: Room
    record: Record
    passes: list[Share]


def survey(
    model: nn.Module,
    splits: Splits,
    probes: Sequence[Probe],
    *,
    sizes: Mapping[str, int],
    request: Request,
    on_inputs: Callable[[Tensor], object],
) -> Survey:
    """Find the neighbors of all examples at all probes, in few passes.

    Args:
        model: The network.
        splits: The examples.
        probes: Where to look.
        sizes: F by probe name; that of the softmax is C.
        request: What was asked.
        on_inputs: Called with the inputs of each batch, in the first pass only.

    Returns:
        Neighbors, and what the first pass saw.

    Raises:
        ArgumentError: If an approximate search finds too few neighbors.
        DataError: If the data changes between passes.
        FeatureError: If an embedding is NaN or infinite, or has no cosine.
        LabelError: If a label lies outside the network's classes.
        ScratchError: If the scratch folder takes no file, or has too little room.
        TaskError: If a task of the executor fails.
    """
    shelves = find_shelves(request)
    plan = plan_passes(sizes, splits.count, shelves=shelves, request=request)
    room = Room.empty(len(probes), splits.count, request, references=len(splits.train))
    work = _Work(model, splits, probes, sizes, request, room)
    seen: list[Record] = []
    for number, share in enumerate(plan, 1):
        part = f" (pass {number} of {len(plan)})" if len(plan) > 1 else ""
        with Holding(
            share, sizes, count=splits.count, shelves=shelves, request=request
        ) as holding:
            # What is wrong with any probe is told after the first pass.
            places = [each for each in probes if not seen or each.name in share.names]
            look = _ignore if seen else on_inputs
            seen.append(work.run(places, holding, part, look))
            check_same_data(seen[0], seen[-1])
            work.search(share, holding)
    return Survey(room, seen[0], plan)


class _Work(NamedTuple):
    """What the passes share."""

    model: nn.Module
    splits: Splits
    probes: Sequence[Probe]
    sizes: Mapping[str, int]
    request: Request
    room: Room

    def run(
        self,
        probes: Sequence[Probe],
        holding: Holding,
        part: str,
        on_inputs: Callable[[Tensor], object],
    ) -> Record:
        """Fill the embeddings of some probes."""
        title, show = f"Embeddings{part}", self.request.progress
        with examples_bar(title, self.splits.count, show=show) as bar:
            return run_pass(
                self.model,
                self.splits,
                probes,
                holding=holding,
                classes=self.sizes["softmax"],
                request=self.request,
                on_inputs=on_inputs,
                on_progress=bar.update,
            )

    def search(self, share: Share, holding: Holding) -> None:
        """Search them, one probe after another in the network's order."""
        order = [probe.name for probe in self.probes]
        with searching(
            self.sizes,
            share.names,
            count=self.splits.count,
            order=order,
            show=self.request.progress,
        ) as bar:
            for place, name in enumerate(order):
                if name in share.names:
                    self._search(place, name, holding, bar)

    def _search(self, place: int, name: str, holding: Holding, bar: SearchBar) -> None:
        with holding.taking(name) as embedding:
            try:
                self.room.fill(
                    place,
                    embedding,
                    references=len(self.splits.train),
                    request=self.request,
                    progress=bar.at(name),
                )
            except _OF_A_PROBE as error:
                raise type(error)(f"At probe {name!r}: {error}") from error


def _ignore(inputs: Tensor) -> None:
    """Look at nothing: the first pass has seen these inputs."""

"""One pass of a study's data through a network: logits, and embeddings of one probe.

Batches are read once, whatever is asked for. What a pass will take is said when its
first batch is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
import xarray as xr
from torch import Tensor

from depthviz.datasets.nested import Nest, to_device
from depthviz.embeddings import stream_embeddings
from depthviz.embeddings.running.headless import without_head
from depthviz.errors import ArgumentError
from depthviz.machine.console import print_line, progress_bar
from depthviz.machine.devices import resolve_device
from depthviz.machine.interrupts import closing
from depthviz.study.conventions.definition import stored_conventions
from depthviz.study.measures.given import Given
from depthviz.study.measures.probe_places import last_inner_probe
from depthviz.study.measures.rows import (
    NO_COLUMNS,
    Located,
    check_labels_of,
    locate_data,
)

__all__ = ["Outputs", "batch_by_batch", "run_network", "say_cost"]

BATCH = 256


class Outputs(NamedTuple):
    """What a network makes of a study's examples.

    Attributes:
        logits: float32, shape `(N, C)`; NaN where no data were given.
        embeddings: float32, shape `(N, F)`, NaN likewise; None where not asked for.
        probe: Name of their probe.
    """

    logits: Tensor
    embeddings: Tensor | None
    probe: str


def run_network(data: xr.Dataset, given: Given, *, embeddings: bool) -> Outputs:
    """Run a study's examples through a network.

    Args:
        data: A study's dataset.
        given: The network and its data.
        embeddings: Whether those of a probe are wanted, too.

    Returns:
        Logits and embeddings.

    Raises:
        StudyError: If the data are not those of the study.
        ProbeError: If the study or the network has no such probe.
        ModelError: If the network returns no logits.
    """
    located = _locate(data, given)
    probes = [last_inner_probe(data, given.probe)] if embeddings else []
    batches = _Batches(data, located, given, "One pass through the network")
    headless = stored_conventions(data.attrs).compare_with != "prediction"
    stream = stream_embeddings(
        given.model,
        batches.inputs(),
        probes,
        device=resolve_device(given.device),
        forward=without_head(given.forward) if headless else given.forward,
    )
    logits, rows = [], []
    with closing(stream):
        for found in stream:
            logits.append(found.logits)
            rows += [found.embeddings[probe.name] for probe in probes]
    return Outputs(
        _laid_out(data, located, logits),
        _laid_out(data, located, rows) if embeddings else None,
        probes[0].name if probes else "",
    )


def batch_by_batch(
    data: xr.Dataset, given: Given, compute: Callable[..., Any], names: tuple[str, ...]
) -> Tensor:
    """Call a function with each batch of a study's examples.

    Args:
        data: A study's dataset.
        given: The network, or several, and the data.
        compute: The function.
        names: What it is given, among "model", "checkpoints", "inputs" and "labels".

    Returns:
        What it returns, shape `(N,)`; NaN where no data were given.
    """
    located, device = _locate(data, given), resolve_device(given.device)
    batches, found = _Batches(data, located, given, "Its gradients"), []
    for inputs in batches.inputs():
        whole = {
            "model": given.model,
            "checkpoints": given.checkpoints,
            "inputs": to_device(inputs, device),
            "labels": batches.labels[-1].to(device),
        }
        with torch.enable_grad():  # a function may differentiate
            values = compute(**{name: whole[name] for name in names})
        found.append(torch.as_tensor(values).detach().cpu())
    return _laid_out(data, located, found)


def _locate(data: xr.Dataset, given: Given) -> Located:
    columns = NO_COLUMNS if given.columns is None else given.columns
    read = {"collate_fn": given.collate_fn, "columns": columns}
    return locate_data(data, given.data, given.validation, **read)


def say_cost(what: str, seconds: float, *, show: bool) -> None:
    """Say what takes over a second before it is done.

    Args:
        what: What is done.
        seconds: How long it will take.
        show: Whether anything is said.
    """
    if show and seconds > 1:
        minutes = seconds / 60
        long = f"{minutes:.0f} min" if minutes >= 2 else f"{seconds:.0f} s"
        print_line(f"{what}: about {long}.")


class _Batches:
    """The batches of a study's examples, whose labels are compared with the study's."""

    def __init__(
        self, data: xr.Dataset, located: Located, given: Given, what: str
    ) -> None:
        self._data, self._located, self._show = data, located, given.progress
        self._what = what
        self.labels: list[Tensor] = []

    def inputs(self) -> Iterator[Nest]:
        """Give the inputs, and look at the labels when all are read."""
        count = len(self._located.rows)
        start, first = time.monotonic(), True
        with progress_bar(
            total=count, desc=self._what, unit="example", show=self._show
        ) as bar:
            for part in self._located.parts:
                for inputs, labels in part.batches(BATCH):
                    self.labels.append(labels)
                    yield inputs
                    bar.update(len(labels))
                    if first:
                        took = time.monotonic() - start
                        whole = took * (count / max(1, len(labels)))
                        words = f"{self._what}, {count:,} examples"
                        say_cost(words, whole, show=self._show)
                    first = False
        found = torch.cat(self.labels).numpy()
        check_labels_of(self._data, self._located.rows, found, "data=")


def _laid_out(data: xr.Dataset, located: Located, found: list[Tensor]) -> Tensor:
    """Put what was found into the rows of the study, NaN elsewhere."""
    values = torch.cat(found)
    if len(values) != len(located.rows):
        raise ArgumentError(
            f"A measure must return one value for each of the {len(located.rows)} "
            f"examples, got {len(values)}."
        )
    if not values.is_floating_point():
        values = values.double()
    shape = (data.sizes["example"], *values.shape[1:])
    if np.array_equal(located.rows, np.arange(shape[0])):
        return values
    laid = torch.full(shape, torch.nan, dtype=values.dtype)
    laid[torch.from_numpy(located.rows)] = values
    return laid

"""One forward pass over all examples, training examples first.

A pass fills the embeddings of some probes. Every pass must see the same data: a data
set that shuffles or augments would give each group of probes other examples, so the
inputs and labels of each pass are hashed, and compared with the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import NamedTuple

import torch
from torch import Tensor, nn

from depthviz.datasets.examples import check_labels
from depthviz.datasets.nested import Nest, feed_digest, not_finite
from depthviz.embeddings import Probe, stream_embeddings
from depthviz.embeddings.running.tokens import (
    TokenRules,
    check_tokens,
    token_rules,
)
from depthviz.errors import DataError, FeatureError, ModelError
from depthviz.machine.interrupts import closing
from depthviz.measurement.embedding_store import EmbeddingStore
from depthviz.measurement.examples.splits import Block, Splits
from depthviz.measurement.options import MeasureOptions

__all__ = ["PassRecord", "check_outputs_are_logits", "check_same_data", "run_pass"]

_FAR_MORE = 8  # outputs beyond the labels

MOST_CLASSES = 100_000  # of a network without logits
SHOWN = 5  # examples named in an error


class PassRecord(NamedTuple):
    """What one pass over all examples saw, its embeddings apart.

    Attributes:
        labels: Given labels, shape `(N,)`, int64.
        logits: Shape `(N, C)`, float32, on the CPU.
        fingerprint: SHA-256 of all inputs and labels.
    """

    labels: Tensor
    logits: Tensor
    fingerprint: str


def run_pass(
    model: nn.Module,
    splits: Splits,
    probes: Sequence[Probe],
    *,
    store: EmbeddingStore,
    classes: int,
    options: MeasureOptions,
    on_inputs: Callable[[Nest], object],
    on_progress: Callable[[int], object],
) -> PassRecord:
    """Run all examples through the network, and keep embeddings of the store's probes.

    Args:
        model: The network.
        splits: The examples.
        probes: Probes whose embeddings are checked.
        store: Where embeddings are kept of those probes that it holds.
        classes: Number of classes, C.
        options: Those of the measurement.
        on_inputs: Called with the inputs of each batch.
        on_progress: Called with the number of examples after each batch.

    Returns:
        Labels, logits and fingerprint.

    Raises:
        FeatureError: If an input or an embedding is NaN or infinite; names the first
            place in the network's order.
        LabelError: If a label lies outside the network's classes.
        ScratchError: If the disk is full.
        ShapeError: If an example is longer than the network takes.
    """
    monitor = PassMonitor(splits, classes, probes, token_rules(model))
    batches = monitor.watch(splits.blocks(options.batch_size), on_inputs)
    stream = stream_embeddings(
        model,
        batches,
        probes,
        device=options.device,
        store_device=store.device,
        forward=options.call,
    )
    start = 0
    with closing(stream):  # also where an interrupt leaves it half-read
        for found in stream:
            for name, rows in found.embeddings.items():
                monitor.check(name, start, rows)
                if name in store.names:
                    store.write(name, start, rows)
            monitor.keep(start, found.logits)
            start += len(found.logits)
            on_progress(len(found.logits))
    return monitor.finish()


class PassMonitor:
    """Looks at what goes into and comes out of the network during one pass."""

    def __init__(
        self,
        splits: Splits,
        classes: int,
        probes: Sequence[Probe],
        rules: TokenRules,
    ) -> None:
        count = splits.count
        self._splits, self._rules = splits, rules
        self._labels = torch.empty(count, dtype=torch.int64)
        # Made at once: small results kept between large ones hold on to their memory.
        self._logits = torch.empty(count, classes, dtype=torch.float32)
        self._digest = sha256()
        # The input is checked in every pass, wherever its embeddings are kept.
        names = ["input", *(probe.name for probe in probes)]
        self._bad: dict[str, list[Tensor]] = {name: [] for name in names}

    def watch(
        self, blocks: Iterator[Block], on_inputs: Callable[[Nest], object]
    ) -> Iterator[Nest]:
        """Pass on the inputs; keep labels, fingerprint and which are bad."""
        start, classes = 0, self._logits.shape[1]
        for block in blocks:
            # Without logits the labels alone say how many classes there are.
            most = classes or MOST_CLASSES
            place = partial(_place, self._splits, start)
            check_labels(block.labels, most, place=place)
            check_tokens(self._rules, block.inputs, place)
            feed_digest(self._digest, block.inputs)
            feed_digest(self._digest, block.labels)
            self._labels[start : start + len(block.labels)] = block.labels
            self._bad["input"].append(not_finite(block.inputs) + start)
            start += len(block.labels)
            on_inputs(block.inputs)
            yield block.inputs

    def check(self, name: str, start: int, rows: Tensor) -> None:
        """Keep which rows `(B, F)` of a probe, from `start` on, are not finite."""
        if name != "input":
            self._bad[name].append(not_finite(rows) + start)

    def keep(self, start: int, logits: Tensor) -> None:
        """Keep the logits `(B, C)` of the examples from `start` on."""
        self._logits[start : start + len(logits)] = logits

    def finish(self) -> PassRecord:
        """Refuse embeddings that are not finite, and give what was kept."""
        bad = {name: torch.cat(found) for name, found in self._bad.items()}
        _check_finite(bad, self._splits)
        return PassRecord(self._labels, self._logits, self._digest.hexdigest())


def check_same_data(first: PassRecord, later: PassRecord) -> None:
    """Refuse a pass that saw other inputs or labels than the first (`DataError`)."""
    if first.fingerprint != later.fingerprint:
        raise DataError(
            "The data changed between two passes over it. Give data sets without "
            "random transforms and in a fixed order, or memory_limit and scratch "
            "large enough for one pass."
        )


def check_outputs_are_logits(record: PassRecord) -> None:
    """Refuse what looks like features in place of logits.

    A network that returns far more numbers than there are labels, and mostly predicts
    classes that no example has, was asked for its features. Only asked where nothing
    names the classes.

    Raises:
        ModelError: If it looks so; says how many numbers and labels there are.
    """
    outputs, labels = record.logits.shape[1], int(record.labels.max()) + 1
    if outputs <= 2 * labels or outputs - labels < _FAR_MORE:
        return
    beyond = float((record.logits.argmax(dim=1) >= labels).double().mean())
    if beyond > 0.5:
        raise ModelError(
            f"The network returns {outputs} numbers an example, but labels go from 0 "
            f"to {labels - 1}, and {beyond:.0%} of the largest numbers stand for "
            "classes beyond them: these look like features, not logits. Give the "
            "network with its classification head; or measure it without one, by "
            "compare_with='label' and forward=lambda model, batch: {'features': "
            f"model(batch)}}; or, if it does have {outputs} classes, name them with "
            "class_names=."
        )


def _place(splits: Splits, start: int, row: int) -> str:
    return splits.place(start + row)


def _check_finite(bad: Mapping[str, Tensor], splits: Splits) -> None:
    name = next((name for name, found in bad.items() if len(found)), None)
    if name is None:
        return
    found = bad[name].tolist()
    which = ", ".join(map(splits.place, found[:SHOWN]))
    rest = ", …" if len(found) > SHOWN else ""
    others = [other for other, rows in bad.items() if len(rows) and other != name]
    more = f"; so are embeddings at {', '.join(map(repr, others))}" if others else ""
    cause = (
        "Clean these inputs, or leave the examples out."
        if name == "input"
        else "Look for a division by zero, an overflow in half precision or weights "
        "that are NaN before that layer."
    )
    raise FeatureError(
        f"The embeddings of {len(found)} of {splits.count} examples at probe {name!r} "
        f"are NaN or infinite ({which}{rest}){more}. {cause}"
    )

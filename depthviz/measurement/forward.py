"""Forward passes over all examples, training examples first.

One pass fills the embeddings of some probes. Every pass must see the same data: a
data set that shuffles or augments would give each group of probes other examples, so
the inputs and labels of each pass are hashed, and compared with the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

import torch
from torch import Tensor, nn

from depthviz.datasets import Examples, check_labels
from depthviz.embeddings import Probe, stream_embeddings
from depthviz.errors import DataError, FeatureError, ShapeError
from depthviz.measurement.embedding_store import Holding
from depthviz.measurement.options import Request

__all__ = ["Record", "Splits", "check_same_data", "run_pass"]


class Block(NamedTuple):
    """Consecutive examples of one split, from `start` on."""

    split: str
    start: int
    inputs: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Splits:
    """Training examples, and validation examples where there are any."""

    train: Examples
    validation: Examples | None = None

    @property
    def parts(self) -> tuple[Examples, ...]:
        """The splits that there are, in order."""
        return (
            (self.train,) if self.validation is None else (self.train, self.validation)
        )

    @property
    def count(self) -> int:
        """Number of all examples, N."""
        return sum(map(len, self.parts))

    def blocks(self, batch_size: int) -> Iterator[Block]:
        """Give all examples in order, at most `batch_size` at a time.

        Raises:
            ShapeError: If an input has another shape than the first.
        """
        shape = None
        for part in self.parts:
            start = 0
            for inputs, labels in part.batches(batch_size):
                shape = shape or inputs.shape[1:]
                if inputs.shape[1:] != shape:
                    raise ShapeError(
                        f"All inputs must have one shape: train[0] has {tuple(shape)}, "
                        f"{part.name}[{start}] has {tuple(inputs.shape[1:])}."
                    )
                yield Block(part.name, start, inputs, labels)
                start += len(labels)


class Record(NamedTuple):
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
    holding: Holding,
    classes: int,
    request: Request,
    on_inputs: Callable[[Tensor], object],
    on_progress: Callable[[int], object],
) -> Record:
    """Run all examples through the network once.

    Args:
        model: The network.
        splits: The examples.
        probes: Probes to look at.
        holding: Where the embeddings are kept of those that it has room for.
        classes: Number of classes, C.
        request: What was asked.
        on_inputs: Called with the inputs of each batch.
        on_progress: Called with the number of examples after each batch.

    Returns:
        Labels, logits and fingerprint.

    Raises:
        FeatureError: If an input or an embedding is NaN or infinite; names the first
            place in the network's order.
        LabelError: If a label lies outside the network's classes.
        ScratchError: If the disk is full.
    """
    sight = _Sight(splits.count, classes, probes)
    # Made at once: small results kept between large ones hold on to their memory.
    logits, start = torch.empty(splits.count, classes, dtype=torch.float32), 0
    batches = sight.watch(splits.blocks(request.batch_size), on_inputs)
    for found in stream_embeddings(
        model, batches, probes, device=request.device, store_device=holding.device
    ):
        for name, rows in found.embeddings.items():
            sight.look(name, rows)
            if name in holding.names:
                holding.write(name, start, rows)
        count = len(found.logits)
        logits[start : start + count] = found.logits
        on_progress(count)
        start += count
    _check_finite(sight.bad, splits.count)
    return Record(sight.labels, logits, sight.digest.hexdigest())


class _Sight:
    """What a pass has seen so far.

    Attributes:
        labels: Given labels, shape `(N,)`, as far as they were seen.
        digest: Of all inputs and labels.
        bad: How many examples are not finite, by place in the network's order.
    """

    def __init__(self, count: int, classes: int, probes: Sequence[Probe]) -> None:
        self.labels = torch.empty(count, dtype=torch.int64)
        self.digest = sha256()
        # The input is looked at in every pass, wherever its embeddings are kept.
        self.bad = dict.fromkeys(["input", *(probe.name for probe in probes)], 0)
        self._classes = classes

    def watch(
        self, blocks: Iterator[Block], on_inputs: Callable[[Tensor], object]
    ) -> Iterator[Tensor]:
        """Look at what goes into the network."""
        start = 0
        for block in blocks:
            check_labels(
                block.labels, self._classes, name=block.split, start=block.start
            )
            self.digest.update(_raw(block.inputs))
            self.digest.update(_raw(block.labels))
            self.labels[start : start + len(block.labels)] = block.labels
            start += len(block.labels)
            self.bad["input"] += _not_finite(block.inputs)
            on_inputs(block.inputs)
            yield block.inputs

    def look(self, name: str, rows: Tensor) -> None:
        """Look at what passes a probe."""
        if name != "input":
            self.bad[name] += _not_finite(rows)


def check_same_data(first: Record, later: Record) -> None:
    """Refuse data that changes from pass to pass.

    Args:
        first: The first pass.
        later: Another one.

    Raises:
        DataError: If it saw other inputs or labels.
    """
    if first.fingerprint != later.fingerprint:
        raise DataError(
            "The data changed between two passes over it. Give data sets without "
            "random transforms and in a fixed order, or memory_limit and scratch "
            "large enough for one pass."
        )


def _raw(tensor: Tensor) -> memoryview:
    return tensor.contiguous().flatten().view(torch.uint8).numpy().data


def _not_finite(values: Tensor) -> int:
    """Count the examples with a value that float32 does not hold."""
    rows = values.float().isfinite().reshape(len(values), -1)
    return len(values) - int(rows.all(dim=1).sum())


def _check_finite(bad: Mapping[str, int], count: int) -> None:
    name = next((name for name, found in bad.items() if found), None)
    if name is None:
        return
    others = [other for other, found in bad.items() if found and other != name]
    more = f"; so are embeddings at {', '.join(map(repr, others))}" if others else ""
    cause = (
        "Clean the inputs."
        if name == "input"
        else "Look for a division by zero, an overflow in half precision or weights "
        "that are NaN before that layer."
    )
    raise FeatureError(
        f"The embeddings of {bad[name]} of {count} examples at probe {name!r} are NaN "
        f"or infinite{more}. {cause}"
    )

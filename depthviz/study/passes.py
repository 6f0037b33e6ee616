"""Forward passes over all examples, training examples first.

One pass fills the embeddings of a group of probes. Every pass must see the same data: a
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

__all__ = ["Pass", "Splits", "check_same_data", "run_pass"]


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


class Pass(NamedTuple):
    """What one pass over all examples left.

    Attributes:
        embeddings: By probe name, shape `(N, F)`, float32.
        labels: Given labels, shape `(N,)`, int64.
        logits: Shape `(N, C)`, float32, on the CPU.
        fingerprint: SHA-256 of all inputs and labels.
    """

    embeddings: dict[str, Tensor]
    labels: Tensor
    logits: Tensor
    fingerprint: str


def run_pass(
    model: nn.Module,
    splits: Splits,
    probes: Sequence[Probe],
    *,
    sizes: Mapping[str, int],
    batch_size: int,
    device: torch.device,
    store_device: torch.device,
    on_inputs: Callable[[Tensor], object],
    on_progress: Callable[[int], object],
) -> Pass:
    """Run all examples through the network once.

    Args:
        model: The network.
        splits: The examples.
        probes: Probes whose embeddings are kept.
        sizes: F by probe name; that of the softmax is C.
        batch_size: Examples in a batch.
        device: Where the network runs.
        store_device: Where the embeddings go.
        on_inputs: Called with the inputs of each batch.
        on_progress: Called with the number of examples after each batch.

    Returns:
        Embeddings, labels, logits and fingerprint.

    Raises:
        FeatureError: If an input or an embedding is NaN or infinite; names the first
            place in the network's order.
        LabelError: If a label lies outside the network's classes.
    """
    shapes = {probe.name: (splits.count, sizes[probe.name]) for probe in probes}
    kept = {
        name: torch.empty(shape, dtype=torch.float32, device=store_device)
        for name, shape in shapes.items()
    }
    labels, logits, classes = [], [], sizes["softmax"]
    bad = dict.fromkeys(["input", *kept], 0)  # the input is looked at in every pass
    digest = sha256()

    def batches() -> Iterator[Tensor]:
        for block in splits.blocks(batch_size):
            check_labels(block.labels, classes, name=block.split, start=block.start)
            digest.update(_raw(block.inputs))
            digest.update(_raw(block.labels))
            labels.append(block.labels)
            bad["input"] += _not_finite(block.inputs)
            on_inputs(block.inputs)
            yield block.inputs

    start = 0
    for found in stream_embeddings(
        model, batches(), probes, device=device, store_device=store_device
    ):
        stop = start + len(found.logits)
        for name, rows in found.embeddings.items():
            kept[name][start:stop] = rows
            if name != "input":
                bad[name] += _not_finite(rows)
        logits.append(found.logits.cpu())
        on_progress(stop - start)
        start = stop
    _check_finite(bad, splits.count)
    return Pass(kept, torch.cat(labels), torch.cat(logits), digest.hexdigest())


def check_same_data(first: Pass, later: Pass) -> None:
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
            "random transforms and in a fixed order, or a memory_limit large enough "
            "for one pass."
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

"""What is kept of the logits of a batch: five numbers an example.

They are computed on the device of the logits and copied in one piece, so that a GPU
sends a few kilobytes; training does not wait for the copy. The numbers are checked when
they have arrived, so a wrong label is reported late. Knows nothing of files or steps.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.plain_arrays import check_dense
from depthviz.difficulty.presentations.errors import norm_of_error
from depthviz.errors import ArgumentError, LabelError, ShapeError

__all__ = ["IGNORED", "PendingBatch", "ReducedBatch", "reduce_batch"]

IGNORED = -100  # the label that torch's losses ignore
LIMIT = 2**31


class ReducedBatch(NamedTuple):
    """What is kept of a batch.

    Attributes:
        examples: Their positions, int64, shape `(B,)`.
        prediction: Class of the largest logit, -1 where a logit is NaN, shape `(B,)`.
        label: The given class, as it came, shape `(B,)`.
        margin: Logit of the label minus the largest other, float32, shape `(B,)`.
        probability: Softmax probability of the label, float32, shape `(B,)`.
        error: Norm of softmax minus one-hot label, float32, shape `(B,)`.
        logits: float32, shape `(B, C)`, where they are kept.
    """

    examples: NDArray[np.int64]
    prediction: NDArray[np.int64]
    label: NDArray[np.int64]
    margin: NDArray[np.float32]
    probability: NDArray[np.float32]
    error: NDArray[np.float32]
    logits: NDArray[np.float32] | None


class PendingBatch(NamedTuple):
    """A batch whose numbers are being copied to the processor.

    Attributes:
        examples: Their positions, shape `(B,)`.
        numbers: Prediction, label, and the bits of margin, probability and error,
            int64, shape `(5, B)`.
        logits: Shape `(B, C)`, where they are kept.
        classes: C.
        ready: The event after the copy; None where nothing is copied.
    """

    examples: Tensor
    numbers: Tensor
    logits: Tensor | None
    classes: int
    ready: torch.cuda.Event | None

    def is_ready(self) -> bool:
        """Whether `wait` would return at once."""
        return self.ready is None or bool(self.ready.query())  # type: ignore[no-untyped-call]

    def wait(self) -> ReducedBatch:
        """Wait for the numbers.

        Returns:
            What is kept of the batch.

        Raises:
            ArgumentError: If a position is negative or implausibly large.
            LabelError: If a label lies outside the classes.
        """
        if self.ready is not None:
            self.ready.synchronize()
        _check_numbers(self.examples.numpy(), self.numbers[1].numpy(), self.classes)
        prediction, label, margin, probability, error = self.numbers.numpy()
        return ReducedBatch(
            self.examples.numpy(),
            prediction,
            label,
            _floats(margin),
            _floats(probability),
            _floats(error),
            None if self.logits is None else self.logits.numpy(),
        )


@torch.no_grad()
def reduce_batch(
    index: Any, logits: Any, labels: Any, *, keep_logits: bool
) -> PendingBatch:
    """Reduce the logits of a batch, and send for what is kept.

    Args:
        index: Which examples, integers, shape `(B,)`.
        logits: On any device and of any precision, shape `(B, C)`.
        labels: Classes, shape `(B,)`.
        keep_logits: Whether the logits are sent for too.

    Returns:
        The batch on its way.

    Raises:
        ShapeError: If the three do not fit together.
        LabelError: If index or labels are not integers.
        DataError: If one is sparse or masked.
    """
    rows, given = _tensor("index", index), _tensor("labels", labels)
    values = _tensor("logits", logits).detach()
    _check(rows, values, given)
    values = values if values.dtype == torch.float64 else values.float()
    with torch.autocast(values.device.type, enabled=False):
        numbers = _numbers(values, given.to(values.device, torch.int64))
    kept = values.float() if keep_logits else None
    if values.device.type != "cuda":
        return _on_processor(rows, numbers, kept, values.shape[1])
    rows = rows.to(values.device) if rows.device.type == "cuda" else rows
    return PendingBatch(
        _send(rows.long()),
        _send(numbers),
        None if kept is None else _send(kept),
        values.shape[1],
        _ready(values.device),
    )


def _numbers(logits: Tensor, labels: Tensor) -> Tensor:
    classes = logits.shape[1]
    column = labels.clamp(0, classes - 1)[:, None]
    of_label = logits.gather(1, column)[:, 0]
    largest_other = logits.scatter(1, column, -torch.inf).amax(1)
    margin = (of_label - largest_other).float()
    probability = (of_label - logits.logsumexp(1)).exp().float()
    error = norm_of_error(logits, column[:, 0]).float()
    prediction = logits.argmax(1).masked_fill(logits.isnan().any(1), -1)
    bits = torch.stack([margin, probability, error]).view(torch.int32)
    return torch.cat([torch.stack([prediction, labels]), bits.long()])


def _floats(bits: NDArray[np.int64]) -> NDArray[np.float32]:
    return bits.astype(np.int32).view(np.float32)


def _on_processor(
    rows: Tensor, numbers: Tensor, kept: Tensor | None, classes: int
) -> PendingBatch:
    """Take numbers from the processor, or from a device that cannot copy by itself."""
    kept = None if kept is None else kept.cpu().clone()
    return PendingBatch(rows.cpu().long().clone(), numbers.cpu(), kept, classes, None)


def _send(tensor: Tensor) -> Tensor:
    """Copy to the processor without waiting; a copy in any case."""
    if tensor.device.type != "cuda":
        return tensor.clone()
    here = torch.empty(tensor.shape, dtype=tensor.dtype, device="cpu", pin_memory=True)
    return here.copy_(tensor, non_blocking=True)


def _ready(device: torch.device) -> torch.cuda.Event:
    event = torch.cuda.Event()  # type: ignore[no-untyped-call]
    event.record(torch.cuda.current_stream(device))
    return event


def _tensor(name: str, values: Any) -> Tensor:
    check_dense(values, name)
    if isinstance(values, Tensor):
        return values
    try:
        return torch.as_tensor(np.asarray(values))
    except (TypeError, ValueError) as error:
        wanted = "an array of numbers (B, C)" if name == "logits" else "B integers"
        kind = ShapeError if name == "logits" else LabelError
        raise kind(f"{name} must be {wanted}, got {values!r:.60}.") from error


def _check(index: Tensor, logits: Tensor, labels: Tensor) -> None:
    if logits.ndim != 2 or logits.shape[1] < 2:
        raise ShapeError(
            "logits must be (B, C) with at least two classes, got "
            f"{tuple(logits.shape)}; a single output z of two classes is the logits "
            "(0, z)."
        )
    if not logits.is_floating_point():
        raise ShapeError(f"logits must be floating point, got {logits.dtype}.")
    for name, one in {"index": index, "labels": labels}.items():
        if one.shape != logits.shape[:1]:
            raise ShapeError(
                f"{name} must have one entry for each of the {len(logits)} rows of the "
                f"logits, got shape {tuple(one.shape)}."
            )
        whole = not (one.is_floating_point() or one.is_complex())
        if one.numel() and (not whole or one.dtype == torch.bool):
            raise LabelError(f"{name} must be integers, got {one.dtype}.")


def _check_numbers(
    index: NDArray[np.int64], label: NDArray[np.int64], classes: int
) -> None:
    outside = (index < 0) | (index >= LIMIT)
    if outside.any():
        raise ArgumentError(
            "index must hold positions in the training data, not ids: whole numbers "
            f"from 0 on and below {LIMIT:,}; got {int(index[outside][0])}."
        )
    wrong = ((label < 0) | (label >= classes)) & (label != IGNORED)
    if wrong.any():
        raise LabelError(
            f"The label of example {int(index[wrong][0])} is {int(label[wrong][0])}; "
            f"the logits have the classes 0 to {classes - 1} ({IGNORED}: not recorded)."
        )

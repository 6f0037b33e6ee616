"""What was recorded while a network trained, as dense tensors.

A row is a recorded step, a column an example. Not every example is recorded at every
step; `recorded` says which. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from torch import Tensor

from depthviz.training.record.reading.measures import RecordMeasures

__all__ = ["CELLS", "TrainingRecord"]

CELLS = 2**22  # entries, steps times examples, that are looked at together


@dataclass(frozen=True, eq=False)
class TrainingRecord(RecordMeasures):
    """What a network said about the examples while it trained.

    Attributes:
        steps: The recorded steps, ascending, int64, shape `(T,)`.
        recorded: Whether an example was recorded at a step, shape `(T, N)`.
        prediction: The predicted class, int32, shape `(T, N)`; -1 where not recorded or
            where a logit was NaN.
        correct: Whether the prediction was the label given then, shape `(T, N)`.
        margin: Logit of the label minus the largest other, float32, shape `(T, N)`; NaN
            where not recorded.
        probability: Softmax probability of the label, float32, shape `(T, N)`; NaN
            where not recorded.
        error: Norm of softmax minus one-hot label, float32, shape `(T, N)`; NaN where
            not recorded, or recorded by an earlier version.
        label: The label that was recorded last, int32, shape `(N,)`; -1 where none.
        logits: float32, shape `(T, N, C)`, NaN where not recorded; None where they were
            not kept.
    """

    steps: Tensor
    recorded: Tensor
    prediction: Tensor
    correct: Tensor
    margin: Tensor
    probability: Tensor
    error: Tensor
    label: Tensor
    logits: Tensor | None = None

    def __repr__(self) -> str:
        steps, examples = self.recorded.shape
        logits = ", with logits" if self.logits is not None else ""
        errors = ", without norms of errors" if "errors" in self.lacks else ""
        counts = f"{steps:,} steps of {examples:,} examples"
        return f"<TrainingRecord: {counts}{logits}{errors}>"

    @property
    def lacks(self) -> tuple[str, ...]:
        """What this record does not hold, of "errors" and "logits"."""
        no_errors = bool(self.error.isnan().all() & ~self.margin.isnan().all())
        return ("errors",) * no_errors + ("logits",) * (self.logits is None)

    def parts(self, *names: str) -> Iterator[TrainingRecord]:
        """View the record, some examples at a time.

        Args:
            *names: The attributes that are looked at; here all are there in any case.

        Yields:
            Records of the next examples, all of them in order.
        """
        steps, examples = self.recorded.shape
        width = max(1, CELLS // max(1, steps))
        for start in range(0, max(1, examples), width):
            yield self._columns(slice(start, start + width))

    def _columns(self, examples: slice) -> TrainingRecord:
        views: dict[str, Any] = {
            one.name: _columns_of(one.name, getattr(self, one.name), examples)
            for one in fields(self)
        }
        return TrainingRecord(**views)


def _columns_of(name: str, values: Tensor | None, examples: slice) -> Tensor | None:
    if values is None or name == "steps":
        return values
    return values[examples] if name == "label" else values[:, examples]

"""From the numbers of a batch to a block in the log of this process.

The log is opened at the first record: only then are the rank of the process and the
number of classes known. Steps that are not given are counted here. Knows nothing of
GPUs and of batches that are still being copied.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, ShapeError
from depthviz.machine.interrupts import uninterrupted
from depthviz.training.record.distributed import rank, world_size
from depthviz.training.record.folder import LogFile, log_files
from depthviz.training.record.log import Layout, read_layout
from depthviz.training.record.reduction import IGNORED, ReducedBatch
from depthviz.training.record.steps import StepCounter
from depthviz.training.record.writer import LogWriter

__all__ = ["BatchWriter"]


class BatchWriter:
    """Writes reduced batches into the log of this process.

    Attributes:
        writers: The open log, once there is one; whoever finishes empties the list.
    """

    def __init__(self, folder: Path, *, keep_logits: bool, resume: bool) -> None:
        self._folder, self._keep_logits, self._resume = folder, keep_logits, resume
        self._counter: StepCounter | None = None
        self._layout: Layout | None = None
        self.writers: list[LogWriter] = []

    def write(self, batch: ReducedBatch, step: int | None, classes: int) -> None:
        """Append the records of a batch; rows without a label are left out."""
        layout = self._open(classes)
        kept = batch.label != IGNORED
        if not kept.any():
            return
        records = np.empty(int(kept.sum()), layout.record)
        records["index"] = index = batch.examples[kept]
        records["step"] = steps = self._steps(index, step)
        prediction = batch.prediction[kept]
        records["prediction"] = np.where(prediction < 0, layout.none, prediction)
        records["label"] = batch.label[kept]
        records["margin"] = batch.margin[kept]
        records["probability"] = batch.probability[kept]
        records["error"] = batch.error[kept]
        logits = None if batch.logits is None else batch.logits[kept]
        self.writers[0].append(layout.block(records, logits))
        if self._counter is not None:
            self._counter.remember(index, steps)

    def _steps(
        self, examples: NDArray[np.int64], step: int | None
    ) -> NDArray[np.int64] | int:
        """Return the given step, or the next of each example, shape `(B,)`."""
        if step is not None:
            return step
        if world_size() > 1:
            raise ArgumentError(
                "Processes that train together see different examples in each epoch; "
                "give the step of each record, such as step=epoch."
            )
        if self._counter is None:
            self._counter = StepCounter.in_folder(self._folder)
        return self._counter.count(examples)

    def _open(self, classes: int) -> Layout:
        """Open the log at the first record: only then are rank and classes known."""
        if self._layout is not None:
            _check_classes(self._layout, classes)
            return self._layout
        if self._resume:
            for there in _layouts(log_files(self._folder)):
                _check_classes(there, classes)
        return self._begin_log(Layout(classes, self._keep_logits))

    @uninterrupted  # an open file must not be forgotten
    def _begin_log(self, layout: Layout) -> Layout:
        self.writers.append(
            LogWriter(self._folder, rank(), layout, resume=self._resume)
        )
        self._layout = layout
        return layout

    def check_folder(self) -> None:
        """Refuse an earlier record, but not logs of processes that train with this."""
        logs, own, world = log_files(self._folder), rank(), world_size()
        earlier = [log for log in logs if log.rank == own or log.rank >= world]
        if earlier and not self._resume:
            raise ArgumentError(
                f"{self._folder} holds a training record already. Go on with it with "
                "resume=True, or name another folder."
            )
        for layout in _layouts(logs):
            if layout.keep_logits != self._keep_logits:
                raise ArgumentError(
                    f"The record in {self._folder} was made with "
                    f"keep_logits={layout.keep_logits}; go on in the same way."
                )


def _layouts(logs: list[LogFile]) -> list[Layout]:
    """Read the layouts of the logs that have one."""
    return [one for one in (read_layout(log.path) for log in logs) if one is not None]


def _check_classes(layout: Layout, classes: int) -> None:
    """Refuse logits with another number of classes."""
    if layout.classes != classes:
        raise ShapeError(
            f"The logits of this record have {layout.classes} classes, and these have "
            f"{classes}; a record is of one network."
        )

"""The recorder: one line in a training loop keeps what the network says of a batch.

Each call appends one small block to a log on the disk, so a killed training loses
nothing but what a GPU had not sent yet. Processes that train together write a log each
into the same folder, and are read as one. What training says about the examples is
computed when the record is read; see `TrainingRecord`.
"""

from __future__ import annotations

import os
import shutil
import weakref
from collections import deque
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from depthviz.errors import ArgumentError
from depthviz.machine.disk.failures import reading, writing
from depthviz.machine.interrupts import Guard, uninterrupted
from depthviz.training.record.batch_writer import BatchWriter
from depthviz.training.record.eager import call_eagerly
from depthviz.training.record.folder import make_folder
from depthviz.training.record.reader import read_record
from depthviz.training.record.record import TrainingRecord
from depthviz.training.record.reduction import PendingBatch, reduce_batch
from depthviz.training.record.steps import check_step
from depthviz.training.record.writer import LogWriter

__all__ = ["Recorder"]

QUEUE_LENGTH = 64


class Recorder(Guard):
    """Write down what the network says about the examples while it trains.

    A record takes 24 bytes (28 above 65,535 classes), a call 12 more: 100 epochs of
    50,000 examples in batches of 128 take 120 MB. Kept logits add 4 bytes a class.

    What a call records is on the disk when it returns, and outlives the process; from
    a GPU it arrives some calls later, so that training does not wait, and an error
    about it is raised by that later call, by `flush` or at the end. Processes that
    train together (torch.distributed) may name the same folder; others may not while
    the recorder is open.

    Args:
        path: The folder of the record, made at once; None for a temporary one that
            vanishes with the recorder.
        keep_logits: Whether all logits are kept too.
        resume: Go on with the record that the folder holds, if any; of the same example
            and step, what is recorded now replaces what was recorded before.

    Raises:
        ArgumentError: If the folder holds a record of this process already and `resume`
            is not set, or it was made with another `keep_logits`.

    Example:
        >>> import torch
        >>> labels = torch.tensor([0, 1, 1])
        >>> with Recorder() as recorder:
        ...     for epoch in range(3):
        ...         logits = torch.tensor([[2.0, 0.0], [0.0, epoch], [1.0, 0.0]])
        ...         recorder.record(torch.arange(3), logits, labels)
        ...     record = recorder.read()
        >>> record.aum()
        tensor([ 2.,  1., -1.], dtype=torch.float64)
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        keep_logits: bool = False,
        resume: bool = False,
    ) -> None:
        try:
            self._open(path, keep_logits=keep_logits, resume=resume)
        except BaseException:  # a traceback would keep this recorder, and its folder
            if hasattr(self, "_finish"):
                self._finish()
            raise

    @uninterrupted  # a temporary folder must not be forgotten
    def _open(
        self, path: str | os.PathLike[str] | None, *, keep_logits: bool, resume: bool
    ) -> None:
        self._folder = make_folder(path)
        self._keep_logits = keep_logits
        self._batches = BatchWriter(
            self._folder, keep_logits=keep_logits, resume=resume
        )
        self._lock, self._queue = RLock(), deque[_QueuedBatch]()
        vanishing = self._folder if path is None else None
        self._finish = weakref.finalize(
            self, _finish, self._batches.writers, vanishing, os.getpid()
        )
        with reading(self._folder):
            self._batches.check_folder()

    def __repr__(self) -> str:
        state = "" if self._finish.alive else ", closed"
        return f"<Recorder: {self._folder}{state}>"

    @property
    def path(self) -> Path:
        """The folder of the record."""
        return self._folder

    def record(
        self, index: Any, logits: Any, labels: Any, *, step: int | None = None
    ) -> None:
        """Record what the network says about a batch.

        The same example recorded again at the same step replaces what was said before,
        so an epoch that is repeated counts once if its steps are given.

        Args:
            index: Positions of the examples in the training data, not ids: memory
                follows the largest. Shape `(B,)`.
            logits: Outputs before the softmax, on any device, shape `(B, C)`. A row
                with a NaN predicts nothing: its margin and probability are NaN.
            labels: The given classes, shape `(B,)`; rows labeled -100, which torch's
                losses ignore, are left out.
            step: The step of all of them, 0 for initialization; the epoch, say. By
                default an example's step is the one after its largest so far, so from 1
                on it counts the times that the example was recorded.

        Raises:
            ShapeError: If the three do not fit together, or C differs from before.
            LabelError: If a label lies outside the classes, or a label or an index is
                no integer.
            ArgumentError: If an index is negative or implausibly large, the step is
                negative, the recorder is closed, another one writes here, or processes
                that train together give no step.
            ScratchError: If the disk is full, or the log was removed.
        """
        call_eagerly(self._record, index, logits, labels, step)

    def _record(self, index: Any, logits: Any, labels: Any, step: int | None) -> None:
        with self._lock:
            self._check_open()
            check_step(step)
            batch = reduce_batch(index, logits, labels, keep_logits=self._keep_logits)
            self._queue.append(_QueuedBatch(batch, step))
            self._write_ready_batches()

    def flush(self) -> None:
        """Wait for what a GPU has not sent yet, and write it."""
        with self._lock:
            self._write_ready_batches(wait=True)

    def read(self, count: int | None = None) -> TrainingRecord:
        """Read what was recorded so far, by all processes.

        Args:
            count: N; by default the largest index and one.

        Returns:
            The record as dense tensors.

        Raises:
            ArgumentError: If an index lies outside `count`, or the folder is gone.
        """
        if not self._folder.is_dir():
            raise ArgumentError(
                f"The record in {self._folder} is gone: a temporary one vanishes when "
                "its recorder is closed, others where the folder is removed. Read it "
                "before, and name a folder to keep it in."
            )
        self.flush()
        with reading(self._folder):
            return read_record(self._folder, count)

    def close(self) -> None:
        """Write what is left, and let go of the file."""
        try:
            if self._finish.alive:
                self.flush()
        finally:
            self._queue.clear()
            self._finish()

    def _begin(self) -> None:
        """Record within a block."""
        self._check_open()

    def _end(self, error: BaseException | None) -> None:
        """Close; an error of the training itself is never hidden by one of ours."""
        try:
            self.close()
        except Exception:
            if error is None:
                raise

    def _write_ready_batches(self, *, wait: bool = False) -> None:
        """Write the batches that have arrived, and wait for those beyond the limit."""
        queue = self._queue
        while queue and (
            wait or len(queue) > QUEUE_LENGTH or queue[0].batch.is_ready()
        ):
            self._write_next()

    @uninterrupted  # a batch is in the queue or in the log
    def _write_next(self) -> None:
        batch, step = self._queue.popleft()
        reduced = batch.wait()
        with writing(self._folder):
            self._batches.write(reduced, step, batch.classes)

    def _check_open(self) -> None:
        if not self._finish.alive:
            raise ArgumentError("This recorder is closed; make another to go on.")


class _QueuedBatch(NamedTuple):
    """A batch whose numbers may still be on their way from a GPU, and its step."""

    batch: PendingBatch
    step: int | None


def _finish(writers: list[LogWriter], vanishing: Path | None, process: int) -> None:
    """Let go of the file and the temporary folder; never from a forked process."""
    while writers:
        writers.pop().close()
    if vanishing is not None and os.getpid() == process:
        shutil.rmtree(vanishing, ignore_errors=True)

"""The recorder: one line in a training loop, and what it tells can be asked for later.

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
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, ShapeError
from depthviz.training.record.folder import LogFile, log_files, make_folder
from depthviz.training.record.log import Layout, read_layout
from depthviz.training.record.reader import read_record
from depthviz.training.record.record import TrainingRecord
from depthviz.training.record.reduction import IGNORED, Arriving, Reduced, reduce_batch
from depthviz.training.record.steps import Presentations, check_step
from depthviz.training.record.writer import LogWriter

__all__ = ["Recorder"]

WAITING = 64


class Recorder:
    """Write down what the network says about the examples while it trains.

    A record takes 20 bytes (24 above 65,535 classes), a call 12 more: 100 epochs of
    50,000 examples in batches of 128 take 100 MB. Kept logits add 4 bytes a class.

    What a call records is on the disk when it returns, and outlives the process; from
    a GPU it arrives some calls later, so that training does not wait, and an error
    about it is raised by that later call, by `flush` or at the end. Processes that
    train together (torch.distributed) may name the same folder; others may not while
    the recorder is open.

    Args:
        path: The folder of the record; None for a temporary one that vanishes with the
            recorder.
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
        self._folder = make_folder(path)
        self._keep_logits, self._resume = keep_logits, resume
        self._lock, self._waiting = RLock(), deque[_Waiting]()
        self._presentations: Presentations | None = None
        self._layout: Layout | None = None
        self._writers: list[LogWriter] = []
        vanishing = self._folder if path is None else None
        self._finish = weakref.finalize(
            self, _finish, self._writers, vanishing, os.getpid()
        )
        self._check_folder()

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
            ScratchError: If the disk is full.
        """
        with self._lock:
            self._check_open()
            check_step(step)
            batch = reduce_batch(index, logits, labels, keep_logits=self._keep_logits)
            self._waiting.append(_Waiting(batch, step))
            self._write_what_is_here()

    def flush(self) -> None:
        """Wait for what a GPU has not sent yet, and write it."""
        with self._lock:
            self._write_what_is_here(all_of_it=True)

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
                "The record of this recorder vanished when it was closed: read it "
                "before, or name a folder to keep it in."
            )
        self.flush()
        return read_record(self._folder, count)

    def close(self) -> None:
        """Write what is left, and let go of the file."""
        try:
            if self._finish.alive:
                self.flush()
        finally:
            self._waiting.clear()
            self._finish()

    def __enter__(self) -> Self:
        """Record within a block."""
        self._check_open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close; an error of the training itself is never hidden by one of ours."""
        try:
            self.close()
        except Exception:
            if error is None:
                raise

    def _write_what_is_here(self, *, all_of_it: bool = False) -> None:
        waiting = self._waiting
        while waiting and (
            all_of_it or len(waiting) > WAITING or waiting[0].batch.is_here()
        ):
            batch, step = waiting.popleft()
            self._write(batch.receive(), step, batch.classes)

    def _write(self, batch: Reduced, step: int | None, classes: int) -> None:
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
        logits = None if batch.logits is None else batch.logits[kept]
        self._writers[0].append(layout.block(records, logits))
        if self._presentations is not None:
            self._presentations.remember(index, steps)

    def _steps(
        self, examples: NDArray[np.int64], step: int | None
    ) -> NDArray[np.int64] | int:
        if step is not None:
            return step
        if _world() > 1:
            raise ArgumentError(
                "Processes that train together see different examples in each epoch; "
                "give the step of each record, such as step=epoch."
            )
        if self._presentations is None:
            self._presentations = Presentations.in_folder(self._folder)
        return self._presentations.count(examples)

    def _open(self, classes: int) -> Layout:
        """Open the log at the first record: only then are rank and classes known."""
        if self._layout is not None:
            _check_classes(self._layout, classes)
            return self._layout
        if self._resume:
            for there in _layouts(log_files(self._folder)):
                _check_classes(there, classes)
        layout = Layout(classes, self._keep_logits)
        self._writers.append(
            LogWriter(self._folder, _rank(), layout, resume=self._resume)
        )
        self._layout = layout
        return layout

    def _check_folder(self) -> None:
        """Refuse an earlier record, but not what others of this training wrote."""
        logs, rank, world = log_files(self._folder), _rank(), _world()
        earlier = [log for log in logs if log.rank == rank or log.rank >= world]
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

    def _check_open(self) -> None:
        if not self._finish.alive:
            raise ArgumentError("This recorder is closed; make another to go on.")


class _Waiting(NamedTuple):
    batch: Arriving
    step: int | None


def _layouts(logs: list[LogFile]) -> list[Layout]:
    return [one for one in (read_layout(log.path) for log in logs) if one is not None]


def _finish(writers: list[LogWriter], vanishing: Path | None, process: int) -> None:
    """Let go of the file and the temporary folder; never from a forked process."""
    while writers:
        writers.pop().close()
    if vanishing is not None and os.getpid() == process:
        shutil.rmtree(vanishing, ignore_errors=True)


def _rank() -> int:
    return torch.distributed.get_rank() if _together() else 0


def _world() -> int:
    return torch.distributed.get_world_size() if _together() else 1


def _together() -> bool:
    return torch.distributed.is_available() and torch.distributed.is_initialized()


def _check_classes(layout: Layout, classes: int) -> None:
    if layout.classes != classes:
        raise ShapeError(
            f"The logits of this record have {layout.classes} classes, and these have "
            f"{classes}; a record is of one network."
        )

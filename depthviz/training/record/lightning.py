"""The recorder as a callback of Lightning.

Lightning hands a callback what `training_step` returned and the batch, so logits,
labels and positions must be in one of the two. Knows nothing of what is recorded.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Self

from depthviz.errors import ArgumentError, DependencyError
from depthviz.training.record.callbacks import with_base
from depthviz.training.record.recorder import Recorder

__all__ = ["LightningRecorder"]

LIBRARIES = ("lightning.pytorch", "pytorch_lightning")


class LightningRecorder:
    """Record each training batch of a Lightning `Trainer`.

    The step of a record is the epoch, from 1, so that an epoch which is repeated after
    a checkpoint counts once. The three things that are recorded are looked for by name
    in the dictionary that `training_step` returns, then in the batch. The usual way:
    wrap the training data in `depthviz.training.Indexed`, which appends each example's
    position, and return the logits::

        def training_step(self, batch, batch_idx):
            inputs, labels, index = batch
            logits = self(inputs)
            loss = cross_entropy(logits, labels)
            return {"loss": loss, "logits": logits}

        Trainer(callbacks=[LightningRecorder(recorder, index=2, labels=1)])

    The recorder stays open; whoever made it closes it.

    Args:
        recorder: What records.
        index: Name of the positions of the examples; a number is a place in the batch.
        logits: Name or place of the logits.
        labels: Name or place of the labels.

    Raises:
        DependencyError: If Lightning is not installed.
        ArgumentError: When training, if one of the three is not found.
    """

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Make it a callback of the Lightning that is there."""
        return with_base(cls, _callback())

    def __init__(
        self,
        recorder: Recorder,
        *,
        index: str | int = "index",
        logits: str | int = "logits",
        labels: str | int = "labels",
    ) -> None:
        self._recorder = recorder
        self._names = {"index": index, "logits": logits, "labels": labels}
        self._skipped = self._recorded = 0

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Record the batch; one that `training_step` skipped is left out."""
        if pl_module.automatic_optimization and _is_nothing(outputs):
            self._skipped += 1
            return
        self._recorded += 1
        found = {
            what: _find(what, name, outputs, batch)
            for what, name in self._names.items()
        }
        self._recorder.record(**found, step=trainer.current_epoch + 1)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Write what a GPU had not sent yet."""
        self._recorder.flush()
        if self._skipped and not self._recorded:
            raise ArgumentError(
                f"Nothing was recorded: training_step returned None in all "
                f"{self._skipped:,} batches. Return a dictionary with 'loss' and "
                "'logits' from it."
            )


def _is_nothing(outputs: Any) -> bool:
    """Whether `training_step` returned None, in any of the forms of Lightning."""
    if isinstance(outputs, Mapping):
        return all(value is None for value in outputs.values())
    return outputs is None


def _find(what: str, name: str | int, outputs: Any, batch: Any) -> Any:
    if isinstance(name, int):
        if isinstance(batch, (tuple, list)) and -len(batch) <= name < len(batch):
            return batch[name]
    else:
        for place in (outputs, batch):
            if isinstance(place, Mapping) and name in place:
                return place[name]
    raise ArgumentError(
        f"No {name!r} for the {what} of the recorder: training_step returned "
        f"{_describe(outputs)} and the batch is {_describe(batch)}. Return a "
        "dictionary with 'loss', 'logits', 'labels' and 'index' from training_step, or "
        f"tell where the {what} is, with LightningRecorder(recorder, {what}=...). "
        "depthviz.training.Indexed(dataset) adds the positions to the batch."
    )


def _describe(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"a dictionary of {', '.join(map(repr, value)) or 'nothing'}"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"


def _callback() -> type:
    """Find Lightning's class, under that of its two names that is in use."""
    for name in sorted(LIBRARIES, key=lambda name: name not in sys.modules):
        try:
            base: type = import_module(name).Callback
        except ModuleNotFoundError as error:
            if error.name is None or not name.startswith(error.name):
                raise
        else:
            return base
    raise DependencyError(
        "LightningRecorder needs Lightning, which is not installed. Install it with: "
        "pip install lightning"
    )

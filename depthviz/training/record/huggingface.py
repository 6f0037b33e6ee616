"""The recorder as a callback of Hugging Face's Trainer.

The Trainer gives its callbacks neither the batch nor the outputs. So while it trains,
two hooks stand at the model: one takes the positions out of its inputs, the other reads
the logits from its outputs. Knows nothing of what is recorded.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from threading import local
from typing import Any, Self

import torch
from torch import Tensor, nn

from depthviz.embeddings.outputs import describe, find_logits
from depthviz.errors import ArgumentError, DependencyError
from depthviz.machine.interrupts import uninterrupted
from depthviz.training.record.callbacks import with_base
from depthviz.training.record.eager import call_eagerly
from depthviz.training.record.recorder import Recorder

__all__ = ["TrainerRecorder"]


class TrainerRecorder:
    """Record each training batch of Hugging Face's `Trainer`.

    The step of a record is the epoch, from 1, so that an epoch which is repeated after
    a checkpoint counts once. Two things must be done so that the positions arrive: the
    training data (not the evaluation data) gets the column `index`, and the Trainer is
    told to leave it::

        data = Indexed(train)  # or train.add_column("index", range(len(train)))
        args = TrainingArguments(..., remove_unused_columns=False)
        Trainer(model, args, train_dataset=data, callbacks=[TrainerRecorder(recorder)])

    The model itself never sees the column, unless its `forward` takes it. Classifiers
    with logits `(B, C)` are recorded, not token by token. The recorder stays open;
    whoever made it closes it.

    The hooks leave the model when training ends. The Trainer does not say when it
    ended with an exception; they then stand at the model until the next training, where
    they record only what comes with positions, or until `close`, which a `with` block
    calls::

        with TrainerRecorder(recorder) as callback:
            Trainer(..., callbacks=[callback]).train()

    Args:
        recorder: What records.
        index: Name of the column with the positions.
        labels: Name of the model's input with the labels; or the labels of all training
            data, shape `(N,)`, where the Trainer keeps them from the model, as with a
            loss function of its own or with label smoothing.

    Raises:
        DependencyError: If transformers is not installed.
        ArgumentError: When training, if positions, labels or logits are not found.
    """

    def __new__(cls, *_: Any, **__: Any) -> Self:
        """Make it a callback of the Trainer."""
        return with_base(cls, _callback())

    def __init__(
        self, recorder: Recorder, *, index: str = "index", labels: Any = "labels"
    ) -> None:
        self._recorder, self._index, self._labels = recorder, index, labels
        self._step, self._hooks, self._batch = 1, list[Any](), local()
        self._asks = False

    def close(self) -> None:
        """Leave the model as it was, also after an exception; the recorder stays open.

        Another training may follow.
        """
        while self._hooks:
            self._hooks.pop().remove()

    def __enter__(self) -> Self:
        """Train within a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the model, whatever happened."""
        self.close()

    def on_train_begin(
        self, args: Any, state: Any, control: Any, *, model: nn.Module, **_: Any
    ) -> None:
        """Stand at the model."""
        self.close()
        self._asks = False
        self._arrived = False
        self._takes_index = _takes(model, self._index)
        if args.remove_unused_columns and not self._takes_index:
            raise ArgumentError(self._how("The Trainer removes unused columns."))
        self._add_hooks(model)

    @uninterrupted  # a hook that nobody knows of could not be removed
    def _add_hooks(self, model: nn.Module) -> None:
        self._hooks = [
            model.register_forward_pre_hook(self._before, with_kwargs=True),
            model.register_forward_hook(self._after, with_kwargs=True),
        ]

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Count the epochs; in one that is resumed the Trainer's number is a part."""
        self._step = int(state.epoch or 0) + 1

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Ask for positions, until the first ones show that they do arrive."""
        self._asks = not self._arrived

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Leave the model as it was, and write what a GPU had not sent yet."""
        self.close()
        self._recorder.flush()

    def _before(
        self, model: nn.Module, args: Any, inputs: dict[str, Any]
    ) -> tuple[Any, dict[str, Any]]:
        """Take the positions out of the inputs of the model."""
        return call_eagerly(self._take_index, inputs, args)

    def _take_index(
        self, inputs: dict[str, Any], args: Any
    ) -> tuple[Any, dict[str, Any]]:
        self._batch.index = index = inputs.get(self._index)
        if index is not None:
            self._arrived, self._asks = True, False
        if self._takes_index:
            return args, inputs
        return args, {name: one for name, one in inputs.items() if name != self._index}

    def _after(
        self, model: nn.Module, args: Any, inputs: dict[str, Any], outputs: Any
    ) -> None:
        """Record what came out; what is no batch of the training data is left out."""
        if model.training:
            call_eagerly(self._record_batch, inputs, outputs)

    def _record_batch(self, inputs: dict[str, Any], outputs: Any) -> None:
        index = self._batch.index
        if index is None and not self._asks:
            return
        try:
            self._record(index, inputs, outputs)
        except BaseException:
            self.close()
            raise

    def _record(self, index: Any, inputs: dict[str, Any], outputs: Any) -> None:
        if index is None:
            raise ArgumentError(self._how(f"No {self._index!r} came with the batch."))
        labels = self._labels_of(index, inputs)
        self._recorder.record(index, _logits(outputs), labels, step=self._step)

    def _labels_of(self, index: Any, inputs: dict[str, Any]) -> Any:
        if not isinstance(self._labels, str):
            return torch.as_tensor(self._labels)[torch.as_tensor(index).cpu()]
        if self._labels in inputs:
            return inputs[self._labels]
        raise ArgumentError(
            f"The model got no {self._labels!r}, which a Trainer with a loss function "
            "of its own or with label smoothing keeps from it; it got "
            f"{', '.join(map(repr, inputs))}. Give the labels of all training data: "
            "TrainerRecorder(recorder, labels=all_labels)."
        )

    def _how(self, what: str) -> str:
        return (
            f"{what} The recorder needs the positions of the examples: give the "
            f"training data a column {self._index!r}, as depthviz.training.Indexed "
            "does, and set remove_unused_columns=False in the TrainingArguments."
        )


def _takes(model: nn.Module, name: str) -> bool:
    return name in inspect.signature(model.forward).parameters


def _logits(outputs: Any) -> Tensor:
    """Find the logits in what a model of transformers returns, with its loss."""
    named = find_logits(outputs)
    if named is not None:
        return named
    if isinstance(outputs, tuple):
        for one in outputs:
            if isinstance(one, Tensor) and one.ndim == 2:
                return one
    raise ArgumentError(
        "The model returned no logits: a mapping or an object with 'logits', or a "
        f"tuple with a tensor (B, C), was expected, got {describe(outputs)}. Return "
        "them under that name."
    )


def _callback() -> type:
    try:
        base: type = import_module("transformers").TrainerCallback
    except ModuleNotFoundError as error:
        if error.name != "transformers":
            raise
        raise DependencyError(
            "TrainerRecorder needs transformers, which is not installed. Install it "
            "with: pip install transformers accelerate"
        ) from error
    return base

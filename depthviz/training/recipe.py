"""How a network is trained, as data: what decides its weights, apart from the seed.

A recipe is written down with everything that was trained by it, and two recipes are
compared field by field. What it cannot say, a training loop of the user's own says.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from depthviz.errors import ArgumentError
from depthviz.training.augmentation import AUGMENTATIONS

__all__ = ["Augment", "Recipe", "checkpoint_steps", "describe_function"]

OPTIMIZERS = ("adamw", "sgd")
SCHEDULES = ("one-cycle", "cosine", "steps", "constant")
Augment = Callable[[Tensor, torch.Generator], Tensor]


@dataclass(frozen=True)
class Recipe:
    """How a network is trained.

    The defaults train small networks well without tuning.

    Attributes:
        epochs: Times that each example is seen.
        steps: Number of steps in place of `epochs`.
        batch_size: Examples in a step.
        optimizer: "adamw", or "sgd" with Nesterov's momentum.
        learning_rate: The largest of the schedule.
        weight_decay: Of the optimizer.
        momentum: Of "sgd"; "one-cycle" moves it between 0.85 and 0.95 itself, and
            likewise the first beta of "adamw".
        schedule: "one-cycle"; "cosine", to zero; "steps", a tenth after half and after
            three quarters; or "constant".
        augmentation: Names among "flip" (left and right) and "crop" (by up to an eighth
            of the side), done in this order; or a function of a batch `(B, …)` and a
            generator that returns a batch of the same shape. Names are for pictures.
        checkpoints: Number of steps, from initialization to the last, at which every
            example is predicted, for `iteration_learned`; at least 2, or 0 for none.

    Raises:
        ArgumentError: If a field is not what it may be.

    Example:
        >>> Recipe(epochs=3, optimizer="sgd", learning_rate=0.1).total_steps(100)
        6
    """

    epochs: int = 20
    steps: int | None = None
    batch_size: int = 64
    optimizer: Literal["adamw", "sgd"] = "adamw"
    learning_rate: float = 3e-3
    weight_decay: float = 1e-2
    momentum: float = 0.9
    schedule: Literal["one-cycle", "cosine", "steps", "constant"] = "one-cycle"
    augmentation: Sequence[str] | Augment = ()
    checkpoints: int = 12

    def __post_init__(self) -> None:
        """Refuse what cannot be trained by."""
        for name in ("epochs", "batch_size"):
            _check_whole(name, getattr(self, name), least=1)
        if self.steps is not None:
            _check_whole("steps", self.steps, least=1)
        _check_whole("checkpoints", self.checkpoints, least=0)
        if self.checkpoints == 1:
            raise ArgumentError("checkpoints must be 0 or at least 2, got 1.")
        for name in ("learning_rate", "weight_decay", "momentum"):
            _check_number(name, getattr(self, name))
        _check_one_of("optimizer", self.optimizer, OPTIMIZERS)
        _check_one_of("schedule", self.schedule, SCHEDULES)
        if not callable(self.augmentation):
            _check_names(self.augmentation)

    def total_steps(self, examples: int) -> int:
        """Count the steps.

        Args:
            examples: Number of training examples.

        Returns:
            Number of steps; the last of an epoch may be smaller.
        """
        return self.steps or self.epochs * self.steps_per_epoch(examples)

    def steps_per_epoch(self, examples: int) -> int:
        """Count the steps in which each example is seen once.

        Args:
            examples: Number of training examples.

        Returns:
            Number of steps; an example that is left over alone joins the last.
        """
        alone = examples > self.batch_size > 1 and examples % self.batch_size == 1
        return -(-examples // self.batch_size) - alone

    def describe(self) -> dict[str, Any]:
        """Write the recipe down.

        Returns:
            Its fields, of the types that JSON has; a function by its name.
        """
        facts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        facts["augmentation"] = (
            describe_function(self.augmentation)
            if callable(self.augmentation)
            else list(self.augmentation)
        )
        return facts

    def make_optimizer(
        self, model: nn.Module, *, fused: bool = True
    ) -> torch.optim.Optimizer:
        """Make the optimizer.

        Args:
            model: The network.
            fused: Whether a step of "adamw" on a processor is one operation, as far as
                the weights allow: it rounds otherwise than many, in half of the time.

        Returns:
            An optimizer of its parameters.
        """
        decay = self.weight_decay
        if self.optimizer == "adamw":
            return torch.optim.AdamW(
                model.parameters(),
                lr=self.learning_rate,
                weight_decay=decay,
                fused=True if fused and _can_be_fused(model) else None,
            )
        return torch.optim.SGD(
            model.parameters(),
            lr=self.learning_rate,
            momentum=self.momentum,
            nesterov=self.momentum > 0,
            weight_decay=decay,
        )

    def make_schedule(
        self, optimizer: torch.optim.Optimizer, steps: int
    ) -> torch.optim.lr_scheduler.LRScheduler:
        """Make the schedule of the learning rate.

        Args:
            optimizer: What it steers.
            steps: Number of steps in all.

        Returns:
            A schedule that is stepped after each step.
        """
        schedules = torch.optim.lr_scheduler
        if self.schedule == "one-cycle":
            return schedules.OneCycleLR(
                optimizer, max_lr=self.learning_rate, total_steps=steps
            )
        if self.schedule == "cosine":
            return schedules.CosineAnnealingLR(optimizer, steps)
        turns = [steps // 2, steps * 3 // 4] if self.schedule == "steps" else []
        return schedules.MultiStepLR(optimizer, turns)


def describe_function(function: Any) -> str:
    """Write down what a function is, so that two can be compared.

    Args:
        function: A function, a partial one, or an object that is called.

    Returns:
        Its name, its arguments where it is partial, and a digest of its source; typed
        at a prompt it has none.

    Example:
        >>> describe_function(partial(print, end=""))
        "functools.partial(builtins.print, end='')"
    """
    if isinstance(function, partial):
        inner = describe_function(function.func)
        named = [f"{name}={value!r}" for name, value in function.keywords.items()]
        given = ", ".join([inner, *map(repr, function.args), *named])
        return re.sub(r" at 0x[0-9a-f]+", "", f"functools.partial({given})")
    plain = function if hasattr(function, "__qualname__") else type(function)
    name = f"{plain.__module__}.{plain.__qualname__}"
    with suppress(OSError, TypeError):
        source = inspect.getsource(plain).encode()
        return f"{name} {sha256(source).hexdigest()[:16]}"
    return name


def checkpoint_steps(total: int, count: int) -> list[int]:
    """Choose the steps at which every example is predicted.

    Most is learned early, so they lie densely at the beginning: evenly in the logarithm
    of the step, with initialization (0) and the last step.

    Args:
        total: Number of steps in all.
        count: How many are wanted, 0 or at least 2; early ones may fall together.

    Returns:
        Steps in ascending order.

    Example:
        >>> checkpoint_steps(1000, 5)
        [0, 1, 10, 100, 1000]
    """
    if not count:
        return []
    spread = np.geomspace(1, total, count - 1) if count > 2 else [total]
    return sorted({0, *(round(float(step)) for step in spread), total})


def _can_be_fused(model: nn.Module) -> bool:
    return all(
        each.device.type == "cpu" and each.is_floating_point()
        for each in model.parameters()
    )


def _check_whole(name: str, value: Any, *, least: int) -> None:
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < least:
        raise ArgumentError(
            f"{name} of a recipe must be a whole number of at least {least}, got "
            f"{value!r}."
        )


def _check_number(name: str, value: Any) -> None:
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value < 0:
        raise ArgumentError(
            f"{name} of a recipe must be a number of at least 0, got {value!r}."
        )


def _check_one_of(name: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ArgumentError(
            f"{name} of a recipe must be one of {', '.join(map(repr, allowed))}, got "
            f"{value!r}; a train function of your own says what a recipe cannot."
        )


def _check_names(names: Any) -> None:
    listed = isinstance(names, (list, tuple))
    unknown = [name for name in names if name not in AUGMENTATIONS] if listed else names
    if unknown:
        raise ArgumentError(
            f"augmentation of a recipe must be a list of names among "
            f"{', '.join(map(repr, AUGMENTATIONS))}, or a function of a batch and a "
            f"generator; got {names!r}."
        )

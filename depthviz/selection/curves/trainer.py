"""Training on a selection by a recipe, and its accuracy on data of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from depthviz.datasets.forms import as_examples
from depthviz.datasets.nested import Nest, rows
from depthviz.machine.ambient import neutral_state
from depthviz.machine.devices import resolve_device
from depthviz.selection.result import Selection
from depthviz.training.loop import Watch, predict, train_by
from depthviz.training.recipe import Recipe
from depthviz.training.setting import few_threads, load, own_randomness

__all__ = ["SubsetTrainer"]

BATCH = 1024


class SubsetTrainer:
    """A function of a selection and a seed, for `keep_curve`.

    Every call makes a new network, trains it by the recipe on what is kept, and returns
    its accuracies. A recipe of `steps` gives every selection as many iterations, one of
    `epochs` as many epochs.

    Args:
        network: Makes an untrained network, without arguments.
        train: The data that the study was measured on: `(inputs, labels)`, or a
            map-style dataset.
        test: Data in the same form that no choice is made on.
        validation: Data in the same form that constants are chosen on; None without.
        recipe: How to train.
        device: Where; "auto" takes a GPU if there is one.

    Attributes:
        equal: "iterations" or "epochs", as the recipe has them.
    """

    def __init__(
        self,
        network: Callable[[], nn.Module],
        train: Any,
        *,
        test: Any,
        validation: Any = None,
        recipe: Recipe | None = None,
        device: str | torch.device = "auto",
    ) -> None:
        self._network, self._device = network, device
        self._recipe = Recipe() if recipe is None else recipe
        self.equal = "epochs" if self._recipe.steps is None else "iterations"
        self._given = {"train": train, "test": test, "validation": validation}
        self._data: dict[str, tuple[Nest, Tensor]] = {}

    def describe(self) -> dict[str, Any]:
        """Say how it trains.

        Returns:
            The recipe and the sizes of the data, of the types that JSON has.
        """
        sizes = {
            name: len(as_examples(data, name=name))
            for name, data in self._given.items()
            if data is not None
        }
        return {"recipe": self._recipe.describe(), **sizes}

    @neutral_state(gradients=True)
    def __call__(self, selection: Selection, seed: int) -> dict[str, float]:
        """Train on a selection.

        Args:
            selection: What is kept of the training data.
            seed: Decides the first weights, the order of the examples and the
                augmentation.

        Returns:
            Accuracy on `test`, and on `validation` where it is given.
        """
        where = resolve_device(self._device)
        data = self._loaded("train", where)
        kept = torch.from_numpy(selection.positions.astype("int64"))
        if int(kept.max()) >= len(data[1]) or selection.of not in (None, len(data[1])):
            selection.subset(data)  # says what differs
        with own_randomness(seed, where):
            model = self._network().to(where)
            with few_threads(model):
                train_by(self._recipe, model, data, seed=seed, watch=Watch(), rows=kept)
                return {
                    name: _accuracy(model, *self._loaded(name, where))
                    for name in ("validation", "test")
                    if self._given[name] is not None
                }

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_data": {}}

    def _loaded(self, name: str, where: torch.device) -> tuple[Nest, Tensor]:
        if name not in self._data:
            self._data[name] = load(as_examples(self._given[name], name=name), where)
        return self._data[name]


def _accuracy(model: nn.Module, inputs: Nest, labels: Tensor) -> float:
    """Share of the examples whose label a network predicts."""
    right = 0
    with torch.no_grad():
        for start in range(0, len(labels), BATCH):
            part = slice(start, start + BATCH)
            found = predict(model, rows(inputs, part)).argmax(1)
            right += int((found == labels[part]).sum())
    return right / len(labels)

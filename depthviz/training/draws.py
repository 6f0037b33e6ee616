"""Where a network draws from torch's global generator.

Networks can be trained side by side if nobody draws, or if each draws while it goes
forward in training alone, which can be done in turns. One training step is made, one
pass in evaluation mode and one back to the inputs, and every operation that draws is
noted. What is drawn later only is not seen here; see `randomness` in `machine`. The
generators of Python and NumPy belong to the whole process as well, and nobody shares
them out: a network or an augmentation that draws from those is trained alone.
"""

from __future__ import annotations

import random
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from depthviz.datasets.nested import Nest, map_leaves
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.state import forward, is_compiled
from depthviz.machine.seeds import kept_random_state
from depthviz.training.loop import augmentation_of, predict
from depthviz.training.recipe import Recipe
from depthviz.training.setting import own_randomness

__all__ = ["Draws", "find_draws"]

Draws = Literal["nowhere", "forward"]


class _NotedDraws(TorchDispatchMode):
    """Notes whether an operation drew from a generator that is nobody's own."""

    def __init__(self) -> None:
        """Nothing was drawn yet."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.drew = False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        given = [each for each in args if isinstance(each, torch.Generator)]
        generator = kwargs.get("generator") or next(iter(given), None)
        if torch.Tag.nondeterministic_seeded in func.tags:
            self.drew = self.drew or generator in (None, torch.default_generator)
        return func(*args, **kwargs)


def find_draws(
    recipe: Recipe,
    model: nn.Module,
    inputs: Nest,
    *,
    margin: bool,
    call: Forward | None = None,
) -> Draws | None:
    """Find where a network draws from torch's global generator.

    Args:
        recipe: How it is trained.
        model: The network, on the CPU; its gradients and buffers change.
        inputs: A few examples, shape `(B, …)`, or a nest of such.
        margin: Whether its gradient in the inputs is computed, too.
        call: Calls the network, in place of the usual way.

    Returns:
        Where; None if it draws elsewhere than on its way forward in training, or from
        the generators of Python or NumPy, or is compiled, or cannot be looked at.
    """
    if is_compiled(model):
        return None
    try:
        cpu = torch.device("cpu")
        with kept_random_state(cpu), own_randomness(0, cpu):
            before = _other_generators()
            found = _look(recipe, model, inputs, margin=margin, call=call)
            return found if before == _other_generators() else None
    except Exception:  # a network that no operation may be noted of trains all the same
        return None


def _look(
    recipe: Recipe,
    model: nn.Module,
    inputs: Nest,
    *,
    margin: bool,
    call: Forward | None,
) -> Draws | None:
    ahead, elsewhere, generator = _NotedDraws(), _NotedDraws(), torch.Generator()
    model.train()
    with ahead:
        copies = map_leaves(Tensor.clone, inputs)
        changed = augmentation_of(recipe)(copies, generator)
        logits = predict(model, changed, call)
    with elsewhere:
        logits.logsumexp(1).sum().backward()  # type: ignore[no-untyped-call]
        model.eval()
        forward(model, map_leaves(Tensor.clone, inputs), call)
        if margin and isinstance(inputs, Tensor):
            _go_back(model, inputs.clone(), call)
    if elsewhere.drew:
        return None
    return "forward" if ahead.drew else "nowhere"


def _other_generators() -> tuple[Any, ...]:
    """Read the states of Python's and NumPy's global generators, to be compared."""
    kind, keys, *rest = np.random.get_state()
    return random.getstate(), kind, np.asarray(keys).tobytes(), *rest


def _go_back(model: nn.Module, inputs: Tensor, call: Forward | None) -> None:
    start = inputs.requires_grad_()
    torch.autograd.grad(predict(model, start.clone(), call).sum(), start)

"""How a network is called with a batch: a tensor, names, or several in their order.

A mapping is given by its names, as a tokenizer's output is to a network of Hugging
Face; names that the network's forward does not take are left out. A tuple or list is
given in its order. What fits none is called by a function of the user's.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from depthviz.datasets.nested import Nest
from depthviz.embeddings.probe import unwrap

__all__ = ["Forward", "call_network", "takes", "unused_names"]

Forward = Callable[[nn.Module, Any], object]
_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def call_network(model: nn.Module, inputs: Nest) -> object:
    """Call a network with a batch.

    Args:
        model: Any network.
        inputs: A batch on its device.

    Returns:
        Whatever the network returns.

    Example:
        >>> import torch
        >>> call_network(nn.Linear(2, 3), {"input": torch.ones(1, 2), "id": 7}).shape
        torch.Size([1, 3])
    """
    if isinstance(inputs, Tensor):
        return model(inputs)
    if isinstance(inputs, Mapping):
        left_out = unused_names(model, inputs)
        return model(**{k: v for k, v in inputs.items() if k not in left_out})
    return model(*inputs)


def unused_names(model: nn.Module, inputs: Nest) -> tuple[str, ...]:
    """List the names of a batch that a network's forward does not take.

    Args:
        model: Any network.
        inputs: A batch.

    Returns:
        Names; empty where forward takes any, or the batch has no names.

    Example:
        >>> unused_names(nn.Linear(2, 3), {"input": 1, "token_type_ids": 2})
        ('token_type_ids',)
    """
    if not isinstance(inputs, Mapping):
        return ()
    parameters = _parameters(model)
    if any(each.kind is each.VAR_KEYWORD for each in parameters.values()):
        return ()
    taken = {name for name, each in parameters.items() if each.kind in _NAMED}
    return tuple(name for name in inputs if name not in taken) if taken else ()


def takes(model: nn.Module, name: str) -> bool:
    """Whether a network's forward has a parameter of a name.

    Args:
        model: Any network.
        name: The name.

    Returns:
        False also where forward takes any names and says none.

    Example:
        >>> takes(nn.Linear(2, 3), "input"), takes(nn.Linear(2, 3), "attention_mask")
        (True, False)
    """
    return name in _parameters(model)


def _parameters(model: nn.Module) -> Mapping[str, inspect.Parameter]:
    """Find the parameters of forward; those of a wrapper's network."""
    try:
        return inspect.signature(unwrap(model).forward).parameters
    except (TypeError, ValueError):  # a forward of TorchScript has no signature
        return {}

"""Networks without a head: backbones that return features and no logits.

Where depths compare votes with labels, no logits are needed. The features of such a
network are looked at to see that they are a function of the example; its probes are its
modules, and there is none at a softmax.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from depthviz.embeddings.outputs import Features, find_features, find_logits
from depthviz.embeddings.running.calling import Forward, call_network

__all__ = ["without_head"]

_ROWS = 2  # dimensions of logits


def without_head(call: Forward | None) -> Forward:
    """Let a network return features where it has no logits.

    Args:
        call: Calls the network with a batch; None for the usual way.

    Returns:
        A function that calls it so, and gives `Features` in place of an output that has
        none; what else comes is given as it is.

    Example:
        >>> import torch
        >>> backbone = nn.Sequential(nn.Linear(2, 3), nn.Unflatten(1, (3, 1)))
        >>> type(without_head(None)(backbone, torch.ones(4, 2))).__name__
        'Features'
    """

    def run(model: nn.Module, batch: Any) -> object:
        output = (call or call_network)(model, batch)
        logits = find_logits(output)
        if logits is not None and logits.ndim == _ROWS:
            return output
        found = logits if isinstance(output, Tensor) else find_features(output)
        return output if found is None else Features(found)

    return run

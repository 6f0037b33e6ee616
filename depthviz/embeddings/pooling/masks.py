"""Which tokens of a batch count, and what kind of inputs they are.

A tokenizer pads texts to one length and says in `attention_mask` which tokens are of
the text. Nothing else is taken for a mask: a name in a network of one's own may mean
the opposite.
"""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from depthviz.errors import FeatureError

__all__ = ["are_pictures", "are_sequences", "mask_of"]

MASK = "attention_mask"
_PICTURES = 4  # dimensions of a batch of pictures


def mask_of(batch: object) -> Tensor | None:
    """Find which tokens of a batch count.

    Args:
        batch: Inputs of the network: a tensor, or a mapping of tensors.

    Returns:
        Its `attention_mask`, shape `(B, T)`; None where there is none of that shape.

    Raises:
        FeatureError: If an example has no token that counts.

    Example:
        >>> mask_of({"input_ids": torch.ones(1, 2), "attention_mask": torch.eye(2)[:1]})
        tensor([[1., 0.]])
    """
    mask = batch.get(MASK) if isinstance(batch, Mapping) else None
    if not isinstance(mask, Tensor) or mask.ndim != 2:
        return None
    empty = (~(mask != 0).any(1)).nonzero().flatten().tolist()
    if empty:
        raise FeatureError(
            f"{MASK} keeps no token of {len(empty)} of {len(mask)} examples of a batch "
            f"(the first is number {empty[0]} of them): an empty text has no embedding."
        )
    return mask


def are_pictures(batch: object) -> bool:
    """Whether there are pictures among a batch's tensors: floats `(B, C, H, W)`."""
    return any(
        part.is_floating_point() and part.ndim >= _PICTURES
        for _, part in _tensors(batch)
    )


def are_sequences(batch: object) -> bool:
    """Whether a batch has token ids, or a mask: then (B, T, D) are tokens.

    Example:
        >>> are_sequences(torch.tensor([[3, 1, 4]])), are_sequences(torch.rand(1, 3))
        (True, False)
    """
    return mask_of(batch) is not None or any(
        not part.is_floating_point() and part.dtype != torch.bool and part.ndim > 1
        for name, part in _tensors(batch)
        if not name.endswith("mask")
    )


def _tensors(batch: object, name: str = "") -> Iterator[tuple[str, Tensor]]:
    if isinstance(batch, Tensor):
        yield name, batch
    elif isinstance(batch, Mapping):
        for key, part in batch.items():
            yield from _tensors(part, str(key))
    elif isinstance(batch, tuple | list):
        for part in batch:
            yield from _tensors(part)

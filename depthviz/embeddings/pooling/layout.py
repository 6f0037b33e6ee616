"""Where the features of a module's output are: last, as in tokens, or second.

Tokens are `(B, T, D)`, feature maps `(B, C, H, W)`, but a convolution over steps gives
`(B, C, T)` and Swin keeps `(B, H, W, C)`. The sizes of the layers inside tell.
"""

from collections.abc import Iterator, Sequence

from torch import nn

__all__ = ["features_are_last"]

_MAP = 4  # dimensions of a feature map


def features_are_last(module: nn.Module, shape: Sequence[int]) -> bool:
    """Whether the last dimension of what a module returns holds the features.

    Args:
        module: The module.
        shape: Of its output, the examples first.

    Returns:
        True for tokens; False where convolutions or batch norms inside leave as many
        features as the second dimension has, and no dense layer as many as the last.

    Example:
        >>> features_are_last(nn.Conv1d(3, 8, 3), (2, 8, 10))
        False
        >>> features_are_last(nn.Linear(3, 8), (2, 10, 8))
        True
    """
    second = shape[1] in set(_second(module))
    last = shape[-1] in set(_last(module))
    if len(shape) >= _MAP:
        return last and not second
    return last or not second


def _second(module: nn.Module) -> Iterator[int]:
    """Sizes of layers that keep their features in the second dimension."""
    for part in module.modules():
        if isinstance(part, nn.modules.conv._ConvNd):
            yield part.out_channels
        elif isinstance(part, nn.modules.batchnorm._BatchNorm):
            yield part.num_features


def _last(module: nn.Module) -> Iterator[int]:
    """Sizes of layers that keep them in the last."""
    for part in module.modules():
        if isinstance(part, nn.Linear):
            yield part.out_features
        elif isinstance(part, nn.LayerNorm):
            yield part.normalized_shape[-1]
        elif isinstance(part, nn.Embedding):
            yield part.embedding_dim
        elif isinstance(part, nn.RNNBase):
            yield part.hidden_size * (2 if part.bidirectional else 1)

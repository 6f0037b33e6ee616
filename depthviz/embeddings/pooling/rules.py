"""The rules by which tokens, or positions of a feature map, become one row.

A mask says which tokens count: padding is none of the text. The first and the last are
those that the mask keeps, so padding on either side is looked past.
"""

from collections.abc import Callable
from typing import Literal, get_args

import torch
from torch import Tensor

from depthviz.errors import ProbeError

__all__ = ["POOLS", "Pool", "PoolName", "check_pool", "name_of_pool", "pooled"]

PoolName = Literal["flatten", "mean", "max", "first", "last"]
Pool = PoolName | Callable[[Tensor, Tensor | None], Tensor]
"""A rule by its name, or a function of an activation and a mask, None without one."""

POOLS: tuple[PoolName, ...] = get_args(PoolName)

_TOKENS = 3  # dimensions of tokens: examples, tokens, features


def check_pool(name: str, pool: object) -> None:
    """Refuse a pool that is no rule and no function (`ProbeError`)."""
    if pool is not None and pool not in POOLS and not callable(pool):
        raise ProbeError(
            f"Probe {name!r} has pool={pool!r}; give one of "
            f"{', '.join(map(repr, POOLS))}, or a function of (activation, mask)."
        )


def name_of_pool(pool: PoolName | Callable[..., object] | None) -> str:
    """Name a rule in a word; a function by its own name.

    Example:
        >>> name_of_pool(None), name_of_pool("mean"), name_of_pool(lambda x, mask: x)
        ('flatten', 'mean', '<lambda>')
    """
    if callable(pool):
        return str(getattr(pool, "__name__", type(pool).__name__))
    return pool or "flatten"


def pooled(
    activation: Tensor,
    pool: Pool,
    *,
    mask: Tensor | None = None,
    features_last: bool = True,
) -> Tensor:
    """Read one row for each example of its tokens or positions.

    Args:
        activation: Shape `(B, T, D)`; or `(B, …, D)` with positions in several
            dimensions; or `(B, D, …)` where the features are not last.
        pool: "flatten" lays all in one row; "mean" and "max" go over tokens or
            positions; "first" and "last" take a token; a function is given copies of
            the activation and the mask.
        mask: Shape `(B, T)`, True or not zero where a token counts; None where all do.
            One of another length counts for nothing.
        features_last: Whether the features are the last dimension, or the second.

    Returns:
        Shape `(B, D)`, float32; `(B, F)` of all numbers for "flatten".

    Raises:
        ProbeError: If there are no tokens or positions, none that is first or last, or
            a function returns no row for each example.

    Example:
        >>> tokens = torch.tensor([[[1.0, 2.0], [3.0, 4.0], [9.0, 9.0]]])
        >>> pooled(tokens, "mean", mask=torch.tensor([[1, 1, 0]]))
        tensor([[2., 3.]])
        >>> pooled(tokens, "last", mask=torch.tensor([[1, 1, 0]]))
        tensor([[3., 4.]])
    """
    if callable(pool):
        return _by_function(activation, pool, mask)
    if pool == "flatten":
        return activation.float().flatten(1)
    tokens = _tokens(activation, pool, features_last=features_last)
    kept = None if mask is None or mask.shape != tokens.shape[:2] else mask != 0
    if pool in ("first", "last"):
        return _one_token(tokens, kept, last=pool == "last")
    if pool == "max":
        if kept is not None:
            tokens = tokens.masked_fill(~kept[:, :, None], -torch.inf)
        return tokens.amax(1)
    if kept is None:
        return tokens.mean(1)
    # Not a product: what stands in the padding may be NaN.
    total = tokens.masked_fill(~kept[:, :, None], 0.0).sum(1)
    return total / kept.sum(1, keepdim=True)


def _tokens(activation: Tensor, pool: str, *, features_last: bool) -> Tensor:
    """Bring an activation into the shape `(B, T, D)`, float32."""
    shape = tuple(activation.shape)
    if len(shape) < _TOKENS:
        raise ProbeError(
            f"pool={pool!r} needs tokens or positions, (B, T, D) or (B, C, H, W), and "
            f"there is {shape}: one row for each example already. Leave pool out."
        )
    if len(shape) > _TOKENS and pool in ("first", "last"):
        raise ProbeError(
            f"pool={pool!r} takes one of the tokens (B, T, D), and in {shape} none is "
            f"{pool}. Take 'mean', 'max' or 'flatten'."
        )
    if features_last:
        return activation.float().flatten(1, -2)
    return activation.float().flatten(2).transpose(1, 2)


def _one_token(tokens: Tensor, kept: Tensor | None, *, last: bool) -> Tensor:
    """Take the first or the last token that counts."""
    if kept is None:
        return tokens[:, -1 if last else 0]
    place = torch.arange(kept.shape[1], device=kept.device)
    far = -1 if last else kept.shape[1]
    places = torch.where(kept, place, far)
    chosen = places.amax(1) if last else places.amin(1)
    chosen = chosen.clamp(0, kept.shape[1] - 1)
    return tokens[torch.arange(len(tokens), device=tokens.device), chosen]


def _by_function(
    activation: Tensor, pool: Callable[..., object], mask: Tensor | None
) -> Tensor:
    name, shape = name_of_pool(pool), tuple(activation.shape)
    own = None if mask is None else mask.clone()
    try:
        rows = pool(activation.clone(), own)  # what it writes reaches no network
    except Exception as error:
        said = "no mask" if mask is None else f"a mask {tuple(mask.shape)}"
        error.add_note(
            f"The function {name!r} given as pool was called with an activation of "
            f"shape {shape} and {said} (None where the inputs have none)."
        )
        raise
    real = isinstance(rows, Tensor) and not rows.is_complex()
    if isinstance(rows, Tensor) and real and rows.shape[:1] == shape[:1]:
        return rows.float().flatten(1) if rows.ndim > 1 else rows.float()[:, None]
    raise ProbeError(
        f"The function {name!r} given as pool must return a tensor of real numbers "
        f"with a row for each of {shape[0]} examples, (B, F), got {_came(rows)}."
    )


def _came(rows: object) -> str:
    if not isinstance(rows, Tensor):
        return "None" if rows is None else f"a {type(rows).__name__}"
    kind = str(rows.dtype).removeprefix("torch.")
    return f"shape {tuple(rows.shape)}, {kind}"

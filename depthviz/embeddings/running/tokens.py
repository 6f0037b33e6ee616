"""What is asked of token ids and their mask before a network gets them.

Ids beyond the vocabulary, texts longer than the network has positions for, and texts
without a token end in errors that name no example, or on a GPU in none at all. Padding
that no mask marks is read as text. What a network takes is found in its modules; one
that does not say is asked nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from depthviz.datasets.nested import Nest
from depthviz.embeddings.probe import unwrap
from depthviz.embeddings.running.calling import takes
from depthviz.errors import FeatureError, ShapeError

__all__ = ["TokenRules", "check_tokens", "describe_missing_mask", "token_rules"]

_IDS, _MASK = "input_ids", "attention_mask"
_POSITIONS = ("position_embeddings", "position_embedding", "embed_positions", "wpe")
_EMPTY = "has no tokens: {}. Leave examples without text out."


class TokenRules(NamedTuple):
    """What a network takes.

    Attributes:
        longest: Most tokens of an example; None where that is not known.
        vocabulary: Number of tokens that it knows; None where that is not known.
        padding: The id that stands for no token; None where that is not known.
        takes_mask: Whether its forward has a parameter `attention_mask`.
    """

    longest: int | None = None
    vocabulary: int | None = None
    padding: int | None = None
    takes_mask: bool = False


def token_rules(model: nn.Module) -> TokenRules:
    """Find what token ids a network takes.

    Args:
        model: Any network.

    Returns:
        What is known.

    Example:
        >>> token_rules(nn.Linear(2, 3))
        TokenRules(longest=None, vocabulary=None, padding=None, takes_mask=False)
    """
    network = unwrap(model)
    config = getattr(network, "config", None)
    padding = getattr(config, "pad_token_id", None)
    return TokenRules(
        _longest(network, getattr(config, "max_position_embeddings", None)),
        _vocabulary(network),
        padding if isinstance(padding, int) else None,
        takes(network, _MASK),
    )


def check_tokens(rules: TokenRules, inputs: Nest, place: Callable[[int], str]) -> None:
    """Refuse token ids that a network cannot take.

    Args:
        rules: What it takes.
        inputs: A batch.
        place: Names an example of the batch, by its position there.

    Raises:
        FeatureError: If an example has no token, or one that the network does not know.
        ShapeError: If one has more tokens than the network has positions for.

    Example:
        >>> rules = TokenRules(vocabulary=10)
        >>> check_tokens(rules, torch.tensor([[1, 12]]), "train[{}]".format)
        Traceback (most recent call last):
        depthviz.errors.FeatureError: train[0] has the token id 12, and the network ...
    """
    ids, mask = _ids(inputs), _mask(inputs)
    if mask is not None and mask.ndim == 2:
        empty = (mask == 0).all(1).nonzero().flatten()
        if len(empty):
            why = f"its {_MASK} is 0 everywhere"
            raise FeatureError(f"{place(int(empty[0]))} {_EMPTY.format(why)}")
    if ids is None or not len(ids):
        return
    tokens = ids.shape[1]
    if not tokens:
        raise FeatureError(f"{place(0)} {_EMPTY.format('its ids are empty')}")
    if rules.longest is not None and tokens > rules.longest:
        known = mask is not None and mask.shape == ids.shape
        longest = int(mask.ne(0).sum(1).argmax()) if known and mask is not None else 0
        raise ShapeError(
            f"{place(longest)} has {tokens:,} tokens, padding included, but the "
            f"network has {rules.longest:,} positions. Cut longer texts, such as by "
            f"tokenizer(text, truncation=True, max_length={rules.longest})."
        )
    _check_known(ids, rules.vocabulary, place)


def describe_missing_mask(rules: TokenRules, inputs: Nest) -> str | None:
    """Say what is missing where padded ids come without their mask.

    Args:
        rules: What the network takes.
        inputs: A batch.

    Returns:
        A sentence or two; None where nothing looks amiss.

    Example:
        >>> rules = TokenRules(padding=0, takes_mask=True)
        >>> describe_missing_mask(rules, torch.tensor([[5, 6, 0], [7, 0, 0]]))[:40]
        '2 of 2 examples looked at end in the tok'
        >>> describe_missing_mask(rules, torch.tensor([[5, 6, 8], [7, 8, 9]]))
    """
    ids = _ids(inputs)
    if not rules.takes_mask or ids is None or _mask(inputs) is not None:
        return None
    if ids.shape[1] < 2:
        return None
    last = ids[:, -1]
    if rules.padding is None:
        ends = last[last == ids[:, -2]]
        padding = int(ends.mode().values) if len(ends) else -1
    else:
        ends, padding = last, rules.padding
    count = int((ends == padding).sum())
    if count < 2:
        return None
    return (
        f"{count} of {len(ids)} examples looked at end in the token id {padding}, as "
        f"if padded, and the network gets no {_MASK}: it reads padding as text, and "
        f"depths differ from those with a mask. Give a mapping of {_IDS!r} and "
        f"{_MASK!r}, as a tokenizer returns it."
    )


def _ids(inputs: Nest) -> Tensor | None:
    """Find token ids `(B, T)`, if there are any."""
    found = inputs.get(_IDS) if isinstance(inputs, Mapping) else inputs
    if not isinstance(found, Tensor) or found.ndim != 2:
        return None
    return found if found.dtype in (torch.int32, torch.int64) else None


def _mask(inputs: Nest) -> Tensor | None:
    found = inputs.get(_MASK) if isinstance(inputs, Mapping) else None
    return found if isinstance(found, Tensor) else None


def _check_known(
    ids: Tensor, vocabulary: int | None, place: Callable[[int], str]
) -> None:
    if vocabulary is None:
        return
    unknown = ((ids < 0) | (ids >= vocabulary)).nonzero()
    if len(unknown):
        row, column = unknown[0].tolist()
        raise FeatureError(
            f"{place(row)} has the token id {int(ids[row, column])}, and the network "
            f"knows 0 to {vocabulary - 1}. Give ids of the tokenizer that the network "
            "was trained with."
        )


def _longest(network: nn.Module, configured: object) -> int | None:
    """Find the most positions of a network that embeds them one by one."""
    found = [
        module.num_embeddings - _before(module)
        for path, module in network.named_modules()
        if isinstance(module, nn.Embedding) and path.rpartition(".")[2] in _POSITIONS
    ]
    if not found:
        return None
    most = max(found)
    known = isinstance(configured, int) and configured > 0
    return min(most, configured) if known else most  # type: ignore[call-overload]


def _before(positions: nn.Embedding) -> int:
    """Count the positions before the first that is given to a token."""
    return 0 if positions.padding_idx is None else positions.padding_idx + 1


def _vocabulary(network: nn.Module) -> int | None:
    find = getattr(network, "get_input_embeddings", None)
    try:
        embedding = find() if callable(find) else None
    except (NotImplementedError, AttributeError, TypeError):
        return None
    return embedding.num_embeddings if isinstance(embedding, nn.Embedding) else None

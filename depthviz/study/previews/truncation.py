"""How much of each text a tokenizer leaves for the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError

__all__ = ["characters_read"]

_AT_ONCE = 1_000


def characters_read(
    tokenizer: Callable[..., Any], texts: Sequence[str], **options: Any
) -> NDArray[np.int64]:
    """Count the characters of each text that a tokenizer leaves for the network.

    As the column `text_read`, the Explorer strikes out what the network never saw:
    `study.assign(text=texts, text_read=dv.characters_read(tokenizer, texts))`.

    Args:
        tokenizer: A fast tokenizer of transformers, which knows where in a text each
            token stands, and cuts at the end.
        texts: N texts.
        **options: As the network's texts are tokenized, such as `max_length=128`. Texts
            are cut, `truncation=True`, unless an option says otherwise.

    Returns:
        Characters up to the end of the last token, shape `(N,)`. A text that was not
        cut counts whole, with what stands after its last token.

    Raises:
        ArgumentError: If the tokenizer does not know where its tokens stand, or cuts
            at the beginning.

    Example:
        >>> def tokenizer(texts, **options):  # three letters, each a token
        ...     ends = [min(3, len(text)) for text in texts]
        ...     spans = [[(at, at + 1) for at in range(end)] for end in ends]
        ...     return {"offset_mapping": spans}
        >>> characters_read(tokenizer, ["a film", "so"])
        array([3, 2])
    """
    if getattr(tokenizer, "truncation_side", "right") != "right":
        raise ArgumentError(
            "The tokenizer cuts texts at their beginning, truncation_side='left'; "
            "only how much of a beginning was read can be shown."
        )
    kept = {"truncation": True, **options}
    counts = [
        _count(text, spans)
        for start in range(0, len(texts), _AT_ONCE)
        for text, spans in _spans(tokenizer, texts[start : start + _AT_ONCE], kept)
    ]
    return np.array(counts, np.int64)


def _spans(
    tokenizer: Callable[..., Any], texts: Sequence[str], options: dict[str, Any]
) -> list[tuple[str, Any]]:
    try:
        found = tokenizer(list(texts), return_offsets_mapping=True, **options)
    except NotImplementedError as reason:
        raise ArgumentError(
            "The tokenizer does not know where in a text its tokens stand; load the "
            "fast one, AutoTokenizer.from_pretrained(..., use_fast=True)."
        ) from reason
    return list(zip(texts, found["offset_mapping"], strict=True))


def _count(text: str, spans: Any) -> int:
    end = max((int(end) for _, end in spans), default=0)
    return len(text) if not text[end:].strip() else end

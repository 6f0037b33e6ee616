"""How much of a text a tokenizer leaves, counted by its own offsets."""

from typing import Any

import numpy as np
import pytest

import depthviz as dv
from depthviz.errors import ArgumentError

TEXTS = ["a long film", "so", "", "👩‍👩‍👧‍👦 saw it   ", "one two three four  "]


def split_at_spaces(texts: list[str], **options: Any) -> dict[str, Any]:
    """Make a token of each word between a beginning and an end, as tokenizers do."""
    assert options.pop("return_offsets_mapping")
    most = options.pop("max_length", 99) - 2 if options.pop("truncation") else 99
    assert not options
    mapping = []
    for text in texts:
        spans, at = [], 0
        for word in text.split():
            at = text.index(word, at)
            spans.append((at, at + len(word)))
            at += len(word)
        mapping.append([(0, 0), *spans[:most], (0, 0)])
    return {"offset_mapping": mapping}


def test_a_text_counts_up_to_its_last_token_and_whole_where_nothing_was_cut() -> None:
    found = dv.characters_read(split_at_spaces, TEXTS, max_length=4)
    assert found.tolist() == [6, 2, 0, len("👩‍👩‍👧‍👦 saw"), 7]
    assert found.dtype == np.int64
    whole = dv.characters_read(split_at_spaces, TEXTS)
    assert whole.tolist() == list(map(len, TEXTS))


def test_thousands_of_texts_keep_their_order() -> None:
    texts = ["x" * (row % 7) for row in range(2_500)]
    found = dv.characters_read(split_at_spaces, texts)
    assert found.tolist() == list(map(len, texts))


def test_a_tokenizer_that_cannot_tell_is_refused() -> None:
    def slow(*_: Any, **__: Any) -> None:
        raise NotImplementedError("return_offset_mapping is not available")

    with pytest.raises(ArgumentError, match="load the fast one"):
        dv.characters_read(slow, ["so"])

    class FromTheLeft:
        truncation_side = "left"
        __call__ = staticmethod(split_at_spaces)

    with pytest.raises(ArgumentError, match="truncation_side='left'"):
        dv.characters_read(FromTheLeft(), ["so"])


def test_a_real_tokenizer_says_where_it_cut() -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers is not installed")
    transformers = pytest.importorskip(
        "transformers", reason="transformers is not installed"
    )
    words = {word: row for row, word in enumerate(["[UNK]", "[PAD]", "a", "b", "cd"])}
    inner = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    inner.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, unk_token="[UNK]", pad_token="[PAD]"
    )
    texts = ["a b cd", "cd", "héé b a"]
    found = dv.characters_read(tokenizer, texts, max_length=2)
    assert found.tolist() == [3, 2, 5]

"""Sentences of SST-2 that share no wording, and a tokenizer made of them.

SST-2 holds every phrase of its sentences. Of phrases that share four words in a row the
longest alone is taken, so that no neighbor is a part of the sentence itself.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.conftest import DATA

__all__ = ["have_sentences", "make_tokenizer", "read_sentences"]

TOGETHER = 4  # words in a row that two sentences may not share
LONGEST = 48  # tokens of a sentence
SPECIAL = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
}


def have_sentences() -> bool:
    """Whether the sentences are there; DEPTHVIZ_DATA names their folder."""
    return (DATA / "sst2").is_dir()


def read_sentences(count: int, seed: int) -> tuple[list[str], NDArray[np.int64]]:
    """Read sentences in the seed's order, and whether each is positive."""
    with gzip.open(DATA / "sst2" / "train.tsv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    words = [row["sentence"].split() for row in rows]
    apart = apart_in_wording(words)
    chosen = np.random.default_rng(seed).permutation(apart)[:count]
    labels = np.array([int(rows[place]["label"]) for place in chosen])
    return [" ".join(words[place]) for place in chosen], labels


def apart_in_wording(texts: Sequence[Sequence[str]]) -> list[int]:
    """List the places of texts that share no run of words with a longer one.

    Example:
        >>> apart_in_wording(["it is a very good film".split(), "very good".split()])
        [0]
        >>> apart_in_wording([list("abcd"), list("abcde"), list("wxyz")])
        [1, 2]
    """
    seen: set[tuple[str, ...]] = set()
    found = []
    for place in sorted(range(len(texts)), key=lambda place: -len(texts[place])):
        words = texts[place]
        starts = range(len(words) - TOGETHER + 1)
        runs = {tuple(words[start : start + TOGETHER]) for start in starts}
        if runs and seen.isdisjoint(runs):
            found.append(place)
        seen |= runs
    return sorted(found)


def make_tokenizer(texts: Sequence[str]) -> Any:
    """Make a tokenizer of the words that occur twice or more in texts.

    Its numbers depend on the texts alone. Trainers of pieces of words number those that
    are equally common as it comes, so that networks would differ from run to run.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    counts = Counter(word for text in texts for word in text.split())
    known = [*SPECIAL.values(), *sorted(word for word in counts if counts[word] > 1)]
    numbers = {word: number for number, word in enumerate(known)}
    words = Tokenizer(models.WordLevel(numbers, unk_token=SPECIAL["unk_token"]))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    words.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(word, numbers[word]) for word in ("[CLS]", "[SEP]")],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=words, model_max_length=LONGEST, **SPECIAL
    )

"""What is seen of the examples is measured along: texts, from wherever they are."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from depthviz.errors import ShapeError
from depthviz.measurement import measure
from depthviz.measurement.looks.previews import texts_of
from depthviz.study import open_study

TEXTS = [f"text number {row}" for row in range(12)]
OPTIONS: dict[str, Any] = {"k": 2, "projection": None, "progress": False}


class Columns:
    """A data set with columns, as those of Hugging Face are."""

    column_names = ("sentence", "label")

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, key: int | str) -> Any:
        if isinstance(key, str):
            return self.texts
        return {"sentence": self.texts[key], "label": key % 2}


def collate(items: list[dict[str, Any]]) -> tuple[Tensor, Tensor]:
    """Count letters, in the place of a tokenizer."""
    rows = [[item["sentence"].count(c) for c in "e12"] for item in items]
    labels = [item["label"] for item in items]
    return torch.tensor(rows, dtype=torch.float32), torch.tensor(labels)


def test_texts_that_are_given_are_kept_in_the_study(tmp_path: Any) -> None:
    points = np.random.default_rng(1).normal(size=(12, 3)).astype(np.float32)
    data = points[:8], np.arange(8) % 2
    held_out = points[8:], np.arange(4) % 2
    study = measure(nn.Linear(3, 2), data, held_out, preview=TEXTS, **OPTIONS)
    assert study.frame()["text"].tolist() == TEXTS
    again = open_study(study.save(tmp_path / "study"))
    assert again.frame()["text"].tolist() == TEXTS


def test_a_list_of_another_length_is_refused_before_the_work() -> None:
    data = np.zeros((12, 3), np.float32), np.arange(12) % 2
    with pytest.raises(ShapeError, match="got 11"):
        measure(nn.Linear(3, 2), data, preview=TEXTS[1:], **OPTIONS)


@pytest.mark.parametrize("preview", ["auto", None])
def test_texts_are_found_in_a_data_set_of_items(preview: Any) -> None:
    study = measure(
        nn.Linear(3, 2), Columns(TEXTS), collate_fn=collate, preview=preview, **OPTIONS
    )
    assert ("text" in study.frame()) == (preview == "auto")


def test_where_one_split_has_no_texts_its_own_are_empty() -> None:
    items = [{"text": text} for text in TEXTS[:2]]
    assert texts_of([items, [(0, 1)]], collated=True) == [*TEXTS[:2], ""]
    assert texts_of([items], collated=False) is None
    assert texts_of([[{"text": 3}]], collated=True) is None


def test_a_pair_beside_texts_has_empty_ones() -> None:
    items = [{"text": "so", "label": 0}, {"text": "well", "label": 1}]
    pair = ({"ids": [[1], [2], [3]]}, [0, 1, 0])
    assert texts_of([items, pair], collated=True) == ["so", "well", "", "", ""]

"""What counts for a mask, and which inputs are pictures or sequences."""

import pytest
import torch
from torch import Tensor

from depthviz.embeddings.pooling import are_pictures, are_sequences, mask_of
from depthviz.errors import FeatureError

IDS = torch.tensor([[3, 4, 0], [5, 0, 0]])
MASK = (IDS > 0).long()


def test_the_mask_of_a_tokenizer_is_found() -> None:
    assert mask_of({"input_ids": IDS, "attention_mask": MASK}) is MASK
    assert mask_of(IDS) is None
    assert mask_of({"input_ids": IDS}) is None
    assert mask_of({"attention_mask": torch.ones(2, 1, 3, 3)}) is None


def test_a_text_without_a_token_is_refused() -> None:
    with pytest.raises(FeatureError, match=r"no token of 1 of 2 .* number 1 of them"):
        mask_of({"attention_mask": torch.tensor([[1, 1], [0, 0]])})


@pytest.mark.parametrize(
    ("batch", "pictures", "sequences"),
    [
        (torch.rand(2, 3, 8, 8), True, False),
        ({"pixel_values": torch.rand(2, 3, 8, 8)}, True, False),
        (torch.rand(2, 8), False, False),
        (IDS, False, True),
        ({"input_ids": IDS, "attention_mask": MASK}, False, True),
        ((IDS, torch.rand(2, 4)), False, True),
        ({"input_values": torch.rand(2, 90)}, False, False),
        ({"input_values": torch.rand(2, 3), "attention_mask": MASK}, False, True),
        (torch.tensor([1, 2]), False, False),
    ],
)
def test_kinds_of_inputs(
    batch: Tensor | dict[str, Tensor], pictures: bool, sequences: bool
) -> None:
    assert are_pictures(batch) is pictures
    assert are_sequences(batch) is sequences

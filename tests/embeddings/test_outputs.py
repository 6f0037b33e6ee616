"""Logits are read under every usual form, and anything else is refused in words."""

from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import torch

from depthviz.embeddings.outputs import read_logits
from depthviz.errors import ModelError

LOGITS = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
Heads = namedtuple("Heads", ["logits", "aux_logits"])


@dataclass
class Answer:
    logits: torch.Tensor
    hidden: torch.Tensor


@pytest.mark.parametrize(
    "output",
    [
        LOGITS,
        {"logits": LOGITS, "features": torch.zeros(4, 9)},
        OrderedDict(loss=torch.zeros(()), logits=LOGITS),
        SimpleNamespace(logits=LOGITS),
        Answer(LOGITS, torch.zeros(4, 9)),
        Heads(LOGITS, torch.zeros(4, 3)),
        (LOGITS,),
        [LOGITS],
    ],
    ids=lambda output: type(output).__name__,
)
def test_logits_are_read_under_their_name(output):
    assert read_logits(output, 4) is LOGITS


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (None, "it returned None"),
        (LOGITS.numpy(), "it returned a ndarray"),
        (LOGITS.tolist(), "it returned a list"),
        ((LOGITS, LOGITS), "a tuple of .*Wrap it in a module"),
        ({"out": LOGITS}, r"a dict of \('out': a tensor of shape \(4, 3\)\)"),
        ({"logits": None}, "'logits': None"),
        (LOGITS[:, :1], r"logits \(0, z\): wrap .*torch\.cat\(\[torch\.zeros_like"),
        (LOGITS[:, 0], r"logits \(0, z\): wrap .* z of shape \(B, 1\)"),
        (torch.zeros(4, 3, 8, 8), "each pixel, token or step"),
        (torch.zeros(20, 3), r"shape \(4, classes\).*each pixel, token or step"),
        (LOGITS.to(torch.complex64), "complex64; return their real part"),
        (LOGITS.argmax(1), "int64; return the scores themselves"),
        (LOGITS > 0, "bool; return the scores themselves"),
        (LOGITS.to_sparse(), r"sparse_coo; return logits\.to_dense"),
    ],
)
def test_other_outputs_are_refused_with_the_way_out(output, message):
    with pytest.raises(ModelError, match=message):
        read_logits(output, 4)


def test_a_refusal_in_training_says_so_and_names_the_ways_out():
    message = r"training mode .*aux_logits=False.*Ensemble\(\.\.\., recipe=train\)"
    with pytest.raises(ModelError, match=message):
        read_logits((LOGITS, LOGITS), 4, training=True)

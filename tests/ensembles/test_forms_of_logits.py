"""What is measured can be trained: logits under a name, and heads of the training."""

from types import SimpleNamespace

import numpy as np
import pytest
from torch import nn

from depthviz.errors import ModelError
from tests.ensembles.runs import network, run


class Named(nn.Module):
    """Gives the logits of a network in some form."""

    def __init__(self, form):
        super().__init__()
        self.inner, self.form = network(), form

    def forward(self, inputs):
        logits = self.inner(inputs)
        return self.form(logits) if self.training or self.form is not twice else logits


def in_a_dictionary(logits):
    return {"logits": logits, "features": logits * 2}


def in_an_object(logits):
    return SimpleNamespace(logits=logits)


def twice(logits):
    return logits, logits


@pytest.mark.parametrize("form", [in_a_dictionary, in_an_object])
def test_members_are_trained_and_measured_by_named_logits(tmp_path, form):
    plain = run(tmp_path / "plain", members=2, holdout=0.5, probes=["1"])
    named = run(
        tmp_path / "named",
        members=2,
        holdout=0.5,
        network=lambda: Named(form),
        probes=["inner.1"],
    )
    for name in ("member_prediction", "member_depth", "member_aum"):
        assert np.array_equal(plain[name], named[name], equal_nan=True)


def test_heads_of_training_mode_are_refused_before_anything_is_trained(tmp_path):
    with pytest.raises(ModelError, match=r"training mode .* loop\s+of your own"):
        run(tmp_path / "run", network=lambda: Named(twice), probes=["inner.1"])
    assert not (tmp_path / "run" / "run.json").exists()

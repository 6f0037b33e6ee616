"""Members that fail: which are marked, and what is reported of them."""

import numpy as np
import pytest
import torch
from torch import nn

import depthviz as dv
from depthviz.errors import (
    DivergenceError,
    FeatureError,
    ModelError,
)
from depthviz.reports import member_table
from depthviz.reports.findings import describe_findings
from depthviz.training import Recipe
from tests.ensembles.runs import (
    CLASSES,
    COUNT,
    LABELS,
    run,
    small_ensemble,
    untrained,
)


def fails_without_the_first(module, dataset, recorder):
    if 0 not in dataset.indices:
        raise DivergenceError("The loss became nan.", step=7)
    return untrained(module, dataset, recorder)


@pytest.mark.parametrize("seed", range(4))
def test_members_that_diverge_are_marked_and_count_nowhere(tmp_path, seed):
    found = run(tmp_path / "run", recipe=fails_without_the_first, seed=seed)
    failed = ~found["in_train"].values[:, 0]
    assert np.array_equal(found["member_failed"], np.where(failed, 7, -1))
    assert found.attrs["members_failed"] == [
        f"{member} at step 7" for member in np.flatnonzero(failed)
    ]
    assert found.attrs["shown_member"] == np.flatnonzero(~failed)[0]
    counts = found["in_train"].values[~failed].sum(axis=0)
    assert np.array_equal(found["trained_on"], counts)
    assert found["held_out"].values[0] == 0
    assert np.isnan(found["validation_depth"].values[0])
    right = found["member_prediction"].values == LABELS
    in_train = found["in_train"].values
    for example in range(1, COUNT):
        sides = [in_train[:, example] & ~failed, ~in_train[:, example] & ~failed]
        shares = [
            right[side, example].mean() if side.any() else np.nan for side in sides
        ]
        kept = found["memorization"].values[example]
        assert kept == pytest.approx(shares[0] - shares[1], nan_ok=True)
    assert dv.Study(found).frame()["consensus_class"][0] == -1


def test_a_recipe_under_which_all_diverge_is_told(tmp_path):
    with pytest.raises(
        DivergenceError,
        match=r"All 5 members of this run .* step [1-9].*; there is no study\..* rate",
    ):
        run(tmp_path / "run", recipe=Recipe(epochs=4, learning_rate=1e30))


def spoiled(module, dataset, recorder):
    with torch.no_grad():
        next(module.parameters()).fill_(torch.nan)
    return module


def test_networks_that_give_no_numbers_have_failed(tmp_path):
    with pytest.raises(DivergenceError, match="member 0 after training; there is no"):
        run(tmp_path / "run", recipe=spoiled)


@pytest.mark.parametrize(("broken_from", "told"), [(3, 3), (99, 5)])
def test_a_loop_of_the_users_own_names_the_step_from_its_record(
    tmp_path, broken_from, told
):
    def spoils_some(module, dataset, recorder):
        if 0 in dataset.indices:
            return untrained(module, dataset, recorder)
        for step in range(1, 6):
            logits = torch.full((8, CLASSES), np.nan if step >= broken_from else 1.0)
            recorder.record(dataset.indices[:8], logits, [0] * 8, step=step)
        return spoiled(module, dataset, recorder)

    found = run(tmp_path / "run", recipe=spoils_some)
    failed = ~found["in_train"].values[:, 0]
    assert np.array_equal(found["member_failed"], np.where(failed, told, -1))
    assert "5 members, 2 of them failed" in repr(dv.Study(found))


def test_a_loop_without_a_record_failed_after_training(tmp_path, capsys):
    def spoils_some(module, dataset, recorder):
        first = 0 in dataset.indices
        return module if first else spoiled(module, dataset, recorder)

    study = small_ensemble(recipe=spoils_some).run(tmp_path / "run")
    failed = np.flatnonzero(study.dataset["member_failed"] == 0)
    assert len(failed) == 2
    words = [f"{member} after training" for member in failed]
    assert study.dataset.attrs["members_failed"] == words
    assert f"members failed (member {words[0]}" in capsys.readouterr().out
    assert list(member_table(study)["failed_at"][failed]) == ["after training"] * 2
    assert f"member {words[0]}" in describe_findings(study)
    assert "step 0" not in describe_findings(study)


def test_an_error_of_the_users_own_loop_names_the_member(tmp_path):
    def raises(module, dataset, recorder):
        raise KeyError("oops")

    with pytest.raises(KeyError) as caught:
        run(tmp_path / "run", recipe=raises)
    assert caught.value.__notes__ == ["in member 0"]


def test_a_network_whose_embeddings_cannot_be_compared_did_not_diverge(tmp_path):
    with pytest.raises(FeatureError, match="At probe 'first'"):
        run(tmp_path / "run", network=Dead, metric="cosine", recipe=kill)


class Dead(nn.Module):
    """A layer of zeros once it is trained: no number is wrong, none has a cosine."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(6, 8), nn.Linear(8, 3)

    def forward(self, inputs):
        return self.last(self.first(inputs))


def kill(module, dataset, recorder):
    with torch.no_grad():
        module.first.weight.zero_()
        module.first.bias.zero_()
    return module


def test_a_loop_that_returns_no_network_is_told(tmp_path):
    with pytest.raises(ModelError, match="must return the trained module, got None"):
        run(tmp_path / "run", recipe=lambda module, dataset, recorder: None)

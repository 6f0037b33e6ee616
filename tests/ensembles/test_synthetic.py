"""The ensemble that nobody trained is consistent: everyone else's tests lean on it."""

import numpy as np
import torch

from depthviz.difficulty import prediction_depth
from depthviz.probes import knn_vote
from tests.ensembles.synthetic import ensemble_study


def test_votes_and_agreement_follow_from_the_neighbors():
    data = ensemble_study(seed=3, failed=(0,)).dataset
    index = data["neighbor_index"].values
    label = data["label"].values
    assert data.attrs["shown_member"] == 1
    assert data["in_train"].values[1][index].all()
    assert (index != np.arange(len(label))[:, None]).all()
    assert (np.diff(np.sort(index), axis=2) > 0).all()
    for probe, rows in enumerate(torch.from_numpy(index).long()):
        votes = knn_vote(rows, torch.from_numpy(label).long())
        assert np.array_equal(votes, data["vote"].values[probe])
    share = (label[index] == data["prediction"].values[:, None]).mean(2)
    assert np.allclose(share, data["neighbor_agreement"].values)


def test_depths_follow_from_votes():
    data = ensemble_study(seed=4).dataset
    for member in range(data.sizes["member"]):
        depth = prediction_depth(
            torch.from_numpy(data["member_vote"].values[member]).long(),
            torch.from_numpy(data["member_prediction"].values[member]).long(),
        )
        assert np.array_equal(depth, data["member_depth"].values[member])


def test_means_follow_from_members_that_did_not_fail():
    data = ensemble_study(members=8, failed=(2, 5), seed=5).dataset
    table = data["member_depth"].values[[0, 1, 3, 4, 6, 7]].astype(float)
    held = ~data["in_train"].values[[0, 1, 3, 4, 6, 7]]
    for example in range(0, 240, 17):
        depths = table[held[:, example], example]
        assert data["held_out"].values[example] == len(depths)
        if len(depths) > 1:
            error = depths.std(ddof=1) / np.sqrt(len(depths))
            row = data.isel(example=example)
            assert np.isclose(row["validation_depth"], depths.mean())
            assert np.isclose(row["validation_depth_se"], error)


def test_a_folder_holds_the_same_study(tmp_path):
    in_memory = ensemble_study(examples=120, members=5, seed=6)
    opened = ensemble_study(examples=120, members=5, seed=6, path=tmp_path / "study")
    assert set(opened.dataset.variables) == set(in_memory.dataset.variables)
    for name, array in in_memory.dataset.data_vars.items():
        assert opened.dataset[name].dtype == array.dtype
        np.testing.assert_array_equal(opened.dataset[name].values, array.values)
    assert opened.frame().equals(in_memory.frame())

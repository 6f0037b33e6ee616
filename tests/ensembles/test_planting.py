"""Planted wrong labels: as many as asked for, as neighbors confuse, and marked."""

import numpy as np
import pytest
import torch
from torch.utils.data import TensorDataset

from depthviz.ensembles.planting import draw_planting, reduce_inputs
from depthviz.errors import ArgumentError, LabelError, StudyError
from tests.ensembles.runs import COUNT, LABELS, POINTS, differences, run, untrained

TENSORS = torch.from_numpy(POINTS), torch.from_numpy(LABELS)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return run(tmp_path_factory.mktemp("planting") / "run", planted=0.1)


def test_the_study_marks_as_many_as_asked_for(dataset):
    planted = dataset["planted"].values
    assert planted.dtype == bool
    assert planted.sum() == dataset.attrs["labels_planted"] == 9
    assert np.array_equal(dataset["given_label"], LABELS)
    assert np.array_equal(dataset["label"].values != LABELS, planted)


def test_members_train_with_the_planted_labels(dataset, tmp_path):
    labels = dataset["label"].values
    same = run(tmp_path / "run", data=(POINTS, labels))
    rest = dataset.drop_vars(["planted", "given_label"])
    assert differences(rest, same) == []


def test_labels_in_place_of_the_datas_are_planted_too(tmp_path):
    other = (LABELS + 1) % 3
    found = run(tmp_path / "run", labels=other, planted=0.1, recipe=untrained)
    assert np.array_equal(found["given_label"], other)
    assert np.array_equal(found["data_label"], LABELS)
    assert np.array_equal(found["label"] != other, found["planted"])


def test_a_data_set_that_reads_items_is_planted_alike(tmp_path):
    items = TensorDataset(*TENSORS)
    read = run(tmp_path / "read", data=items, planted=0.1, recipe=untrained)
    held = run(tmp_path / "held", planted=0.1, recipe=untrained)
    assert np.array_equal(read["label"], held["label"])
    assert np.array_equal(read["planted"], read["label"].values != LABELS)


def test_planting_is_part_of_the_run(dataset, tmp_path):
    run(tmp_path / "run", planted=0.1, recipe=untrained)
    run(tmp_path / "run", planted=0.1, recipe=untrained)
    run(tmp_path / "numpy", planted=np.float32(0.1), recipe=untrained)
    with pytest.raises(StudyError, match=r"planted: share was 0\.1, now absent"):
        run(tmp_path / "run", recipe=untrained)
    with pytest.raises(StudyError, match=r"planted: share was 0\.1, now 0\.2"):
        run(tmp_path / "run", planted=0.2, recipe=untrained)


def test_the_seed_decides_what_is_planted():
    first, again = (draw_planting(*TENSORS, share=0.1, seed=3) for _ in range(2))
    assert torch.equal(first.after, again.after)
    other = draw_planting(*TENSORS, share=0.1, seed=4)
    assert not torch.equal(first.after, other.after)


def test_a_planted_class_is_one_that_neighbors_carry():
    # Classes 0 and 1 lie together, and so do 2 and 3, far away.
    draw = np.random.default_rng(0)
    labels = torch.from_numpy(draw.integers(0, 4, 4000))
    centers = 50 * (labels // 2)[:, None]
    features = torch.from_numpy(draw.normal(size=(4000, 2))) + centers
    found = draw_planting(features.float(), labels, share=0.1, seed=0)
    partner = labels + 1 - 2 * (labels % 2)
    confused = found.after[found.mask] == partner[found.mask]
    assert confused.float().mean() > 0.99


def test_a_class_gives_at_most_half_of_its_examples():
    labels = torch.tensor([0] * 95 + [1] * 4 + [2])
    features = torch.randn(100, 3, generator=torch.Generator().manual_seed(0))
    for seed in range(20):
        found = draw_planting(features, labels, share=0.2, seed=seed)
        assert int(found.mask.sum()) == 20
        assert int(found.mask[labels == 1].sum()) <= 2
        assert not found.mask[labels == 2].any()


def test_numbers_of_classes_may_have_gaps():
    labels = torch.tensor([3, 900] * 50)
    found = draw_planting(torch.randn(100, 2), labels, share=0.1, seed=0)
    assert set(found.after.tolist()) == {3, 900}


def test_wide_inputs_keep_their_neighbors():
    draw = torch.Generator().manual_seed(0)
    rows = (
        torch.randn(60, 3, 40, 30, generator=draw)
        + 3 * torch.arange(60)[:, None, None, None]
    )
    small = reduce_inputs(rows.split(7), seed=0)
    assert small.shape == (60, 256)
    nearest = torch.cdist(small, small).fill_diagonal_(torch.inf).argmin(1)
    assert ((nearest - torch.arange(60)).abs() == 1).all()


def test_narrow_inputs_are_left_as_they_are():
    assert torch.equal(reduce_inputs([TENSORS[0]], seed=0), TENSORS[0])


@pytest.mark.parametrize("share", [0, -0.1, 0.5, True, "2%", float("nan")])
def test_a_share_out_of_range_is_refused(tmp_path, share):
    with pytest.raises(ArgumentError, match=r"planted must be a share.*at most 0\.2"):
        run(tmp_path / "run", planted=share)


def test_less_than_one_example_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match=r"planted=0\.005 of 90 examples is less"):
        run(tmp_path / "run", planted=0.005)
    assert not (tmp_path / "run" / "run.json").exists()


def test_one_class_alone_has_nothing_to_plant(tmp_path):
    data = (POINTS, np.zeros(COUNT, int))
    with pytest.raises(LabelError, match="All examples have the label 0"):
        run(tmp_path / "run", data=data, planted=0.1)

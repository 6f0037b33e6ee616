"""Planted labels are as many as wanted, of the kind that was asked for, by the seed."""

import numpy as np
import pytest

from tests.benchmarks.label_errors import noise
from tests.benchmarks.label_errors.label_sets import SETS, make_set


def test_noise_changes_a_share_of_the_labels_and_depends_on_its_seed_alone():
    labels = np.arange(2000) % 10
    inputs = np.random.default_rng(1).normal(size=(2000, 7)).astype(np.float32)

    def planted(seed):
        draw = np.random.default_rng(seed)
        yield noise.symmetric(labels, 0.1, draw, classes=10)
        yield noise.by_class_size(labels, 0.1, draw)
        yield noise.one_way(labels, 0.1, draw, ways={3: 5, 4: 6})
        yield noise.instance_dependent(labels, 0.1, draw, inputs=inputs, classes=10)

    for one, same, other in zip(planted(0), planted(0), planted(1), strict=True):
        np.testing.assert_array_equal(one, same)
        assert (one != other).any()
        assert (one != labels).mean() == pytest.approx(0.1, abs=0.03)


def test_one_way_noise_goes_one_way():
    labels = np.arange(2000) % 10
    found = noise.one_way(labels, 0.1, np.random.default_rng(0), ways={3: 5, 4: 6})
    changed = found != labels
    assert set(zip(labels[changed], found[changed], strict=True)) == {(3, 5), (4, 6)}


def test_labels_of_a_rare_class_are_as_often_wrong_as_of_others():
    labels = np.repeat(np.arange(10), [*[5000] * 9, 1000])
    found = noise.by_class_size(labels, 0.1, np.random.default_rng(0))
    wrong = found != labels
    assert wrong[found == 9].mean() == pytest.approx(0.1, abs=0.04)


@pytest.mark.parametrize("name", [name for name in SETS if "cifar" not in name])
def test_a_smaller_set_is_made_of_the_same_kind(data_dir, name):
    one = make_set(name, 500, 0)
    assert len(one.inputs) == len(one.labels) == len(one.truth) == 500
    assert 0.03 < one.wrong.mean() < 0.2
    assert one.labels.max() < len(one.class_names)


def test_the_rare_class_is_rare(data_dir):
    one = make_set("fashion-rare", 1000, 0)
    assert (one.truth == 4).sum() == 10

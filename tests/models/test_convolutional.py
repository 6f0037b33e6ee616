"""A small convolutional network: any picture size, weights by seed alone."""

import pytest
import torch

from depthviz.models import small_cnn


@pytest.mark.parametrize("size", [8, 13, 28, 32])
@pytest.mark.parametrize("channels", [1, 3])
def test_it_takes_pictures_of_any_size(size, channels):
    network = small_cnn(in_channels=channels, num_classes=7, width=4, seed=0)
    assert network(torch.rand(5, channels, size, size)).shape == (5, 7)


def test_a_stride_halves_the_sides_of_all_that_follows():
    network = small_cnn(width=4, stride=2, seed=0)
    assert network.conv1(torch.rand(2, 1, 28, 28)).shape == (2, 4, 14, 14)
    assert network(torch.rand(2, 1, 28, 28)).shape == (2, 10)


def test_the_seed_alone_decides_the_weights():
    one, same, other = (small_cnn(width=4, seed=seed) for seed in (1, 1, 2))
    pairs = list(zip(one.parameters(), same.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(one.conv1.weight, other.conv1.weight)


def test_building_leaves_the_global_random_state_alone():
    before = torch.random.get_rng_state()
    small_cnn(seed=9)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_without_a_seed_the_global_random_state_decides_the_weights():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        one, other = small_cnn(width=4), small_cnn(width=4)
    assert torch.equal(one.conv1.weight, small_cnn(width=4, seed=5).conv1.weight)
    assert not torch.equal(one.conv1.weight, other.conv1.weight)

"""Pictures drawn anew: larger, moved, still the same writing, and by the seed alone."""

import numpy as np
from sklearn.datasets import load_digits as load

from depthviz.datasets.handwriting import draw_anew


def small() -> np.ndarray:
    return (load().images[:60, None] / 16).astype(np.float32)


def test_pictures_are_larger_in_range_and_have_full_ink() -> None:
    drawn = draw_anew(small(), side=32)
    assert drawn.shape == (60, 1, 32, 32)
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    assert (drawn.max((1, 2, 3)) > 0.8).all()


def test_the_seed_alone_decides() -> None:
    one, same, other = (draw_anew(small(), side=16, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).mean() > 0.05


def test_each_is_moved_by_itself() -> None:
    drawn = draw_anew(np.repeat(small()[:1], 20, 0), side=16)
    assert len(np.unique(drawn.reshape(20, -1), axis=0)) == 20


def test_no_writing_leaves_the_frame() -> None:
    """The middle of the ink is moved by less than what is free around it."""
    drawn = draw_anew(small(), side=32)[:, 0]
    edge = np.concatenate([drawn[:, 0], drawn[:, -1], drawn[:, :, 0], drawn[:, :, -1]])
    assert (edge > 0.5).mean() < 0.08
    ink = drawn.sum((1, 2)) / (small()[:, 0].sum((1, 2)) * 16)
    assert ink.min() > 0.25


def test_without_ink_nothing_is_drawn() -> None:
    assert draw_anew(np.zeros((2, 1, 8, 8), np.float32), side=12).max() == 0

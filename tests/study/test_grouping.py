"""Groups of a study: the codes that are shown, and the confidence of those codes."""

import numpy as np
import pytest
import torch
import xarray as xr

from depthviz.study.grouping import group_examples

MEMBERS, COUNT = 20, 300


def study_of(seed):
    """Mean depths in float32 that are often thirds, so that many meet a boundary."""
    generator = np.random.default_rng(seed)
    depth = generator.integers(0, 6, (MEMBERS, COUNT))
    places = [generator.permutation(MEMBERS) >= 3 for _ in range(COUNT)]
    in_train = np.stack(places, axis=1)

    def mean(counts):
        return np.where(counts, depth, 0).sum(0) / counts.sum(0)

    return xr.Dataset(
        {
            "train_depth": ("example", mean(in_train).astype(np.float32)),
            "validation_depth": ("example", mean(~in_train).astype(np.float32)),
            "member_depth": (("member", "example"), depth),
            "in_train": (("member", "example"), in_train),
            "member_failed": ("member", np.full(MEMBERS, -1)),
        }
    )


@pytest.mark.parametrize("seed", range(4))
def test_boundaries_given_back_give_the_same_codes_and_their_confidence(seed):
    dataset = study_of(seed)
    found = group_examples(dataset, q=0.3)
    again = group_examples(dataset, q=0.3, boundaries=tuple(found.boundaries))
    assert torch.equal(again.codes, found.codes)
    assert again.boundaries == found.boundaries
    # Depths are fractions far more than this apart: only rounding could notice.
    nudged = tuple(np.add(found.boundaries, [1e-5, -1e-5, 1e-5, -1e-5]))
    same = group_examples(dataset, q=0.3, boundaries=nudged)
    assert torch.equal(same.codes, found.codes)
    assert torch.equal(again.confidence, same.confidence)


def test_confidence_is_that_of_the_codes_shown():
    dataset = study_of(0)
    unlike = dataset.assign(validation_depth=-dataset["validation_depth"])
    ends = (2.0, 3.0, -1.0, 9.0)
    found = group_examples(unlike, q=0.3, boundaries=ends)
    easy = found.codes == 0
    assert easy.any()
    assert (found.confidence[easy] == 0).all()

"""Poolings against loops over tokens, with and without a mask."""

from math import inf, nan

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch import Tensor

from depthviz.embeddings import Probe
from depthviz.embeddings.pooling import POOLS, PoolName, pooled
from depthviz.errors import ProbeError

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 3))


def slowly(tokens: Tensor, pool: PoolName, mask: Tensor) -> Tensor:
    """Read each example by itself, token after token."""
    rows = []
    for example, keeps in zip(tokens, mask, strict=True):
        kept = [token for token, keep in zip(example, keeps, strict=True) if keep]
        if pool == "first":
            rows.append(kept[0])
        elif pool == "last":
            rows.append(kept[-1])
        elif pool == "max":
            rows.append(
                torch.tensor([max(map(float, one)) for one in zip(*kept, strict=True)])
            )
        else:
            total = torch.tensor(
                [sum(map(float, one)) for one in zip(*kept, strict=True)]
            )
            rows.append(total / len(kept))
    return torch.stack(rows)


@st.composite
def masked_tokens(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    shape = draw(SHAPES)
    numbers = st.floats(-100, 100, width=32)
    tokens = draw(arrays.arrays(np.float32, shape, elements=numbers))
    mask = draw(arrays.arrays(np.int64, shape[:2], elements=st.integers(0, 1)))
    keep = draw(st.integers(0, shape[1] - 1))
    mask[~mask.any(axis=1), keep] = 1
    return torch.from_numpy(tokens), torch.from_numpy(mask)


@given(masked_tokens(), st.sampled_from(["mean", "max", "first", "last"]))
def test_tokens_that_the_mask_keeps_are_pooled(
    drawn: tuple[Tensor, Tensor], pool: PoolName
) -> None:
    tokens, mask = drawn
    found = pooled(tokens, pool, mask=mask)
    assert torch.allclose(found, slowly(tokens, pool, mask), atol=1e-4)
    tokens[mask == 0] = nan  # what is padding may be anything
    assert torch.equal(found, pooled(tokens, pool, mask=mask.bool()))


@given(masked_tokens(), st.sampled_from(POOLS))
def test_without_a_mask_all_tokens_count(
    drawn: tuple[Tensor, Tensor], pool: PoolName
) -> None:
    tokens, mask = drawn
    found = pooled(tokens, pool)
    if pool == "flatten":
        assert torch.equal(found, tokens.reshape(len(tokens), -1))
    else:
        every = slowly(tokens, pool, torch.ones_like(mask))
        assert torch.allclose(found, every, atol=1e-4)


@pytest.mark.parametrize("pool", ["mean", "max"])
def test_positions_are_pooled_whichever_way_the_features_stand(pool: PoolName) -> None:
    maps = torch.rand(2, 5, 3, 4, generator=torch.Generator().manual_seed(0))
    first = pooled(maps, pool, features_last=False)
    last = pooled(maps.permute(0, 2, 3, 1), pool)
    assert first.shape == (2, 5)
    assert torch.allclose(first, last)
    expected = maps.mean((2, 3)) if pool == "mean" else maps.amax((2, 3))
    assert torch.allclose(first, expected)


def test_a_mask_of_another_length_counts_for_nothing() -> None:
    tokens = torch.arange(6.0).reshape(1, 3, 2)
    mask = torch.tensor([[0, 0, 0, 0, 1, 1]])
    assert torch.equal(pooled(tokens, "mean", mask=mask), tokens.mean(1))


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_rows_are_float32_and_summed_in_it(kind: torch.dtype) -> None:
    tokens = torch.full((1, 4096, 1), 100.0, dtype=kind)
    found = pooled(tokens, "mean")
    assert found.dtype == torch.float32
    assert float(found) == 100.0
    assert float(pooled(tokens, "max")) < inf


def test_a_function_is_given_the_activation_and_the_mask() -> None:
    tokens, mask = torch.rand(2, 3, 4), torch.tensor([[1, 1, 0], [1, 0, 0]])
    seen = []

    def middle(activation: Tensor, keeps: Tensor | None) -> Tensor:
        seen.append(keeps)
        return activation[:, 1]

    assert torch.equal(pooled(tokens, middle, mask=mask), tokens[:, 1])
    assert len(seen) == 1
    assert torch.equal(seen[0], mask)


def test_what_a_function_writes_reaches_neither_the_activation_nor_the_mask() -> None:
    tokens, mask = torch.rand(2, 3, 4), torch.ones(2, 3)
    before = tokens.clone()

    def wipe(activation: Tensor, keeps: Tensor | None) -> Tensor:
        assert keeps is not None
        keeps.zero_()
        return activation.zero_()[:, 0]

    pooled(tokens, wipe, mask=mask)
    assert torch.equal(tokens, before)
    assert bool(mask.all())


def test_the_error_of_a_function_tells_what_it_was_given() -> None:
    with pytest.raises(AttributeError) as caught:
        pooled(torch.rand(2, 3, 4), lambda x, mask: x * mask.sum())
    assert "shape (2, 3, 4) and no mask" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    ("pool", "shape", "says"),
    [
        ("mean", (3, 4), "one row for each example already"),
        ("first", (3, 4, 5, 5), "none is first"),
        (lambda x, mask: x[0], (3, 4, 5), "a row for each of 3 examples"),
        (lambda x, mask: None, (3, 4, 5), "got None"),
        (lambda x, mask: x.numpy(), (3, 4, 5), "got a ndarray"),
        (lambda x, mask: torch.fft.fft(x), (3, 4, 5), "real numbers .*complex64"),
    ],
)
def test_what_cannot_be_pooled_is_refused(pool, shape, says) -> None:
    with pytest.raises(ProbeError, match=says):
        pooled(torch.rand(shape), pool)


@pytest.mark.parametrize("pool", ["average", 3, True])
def test_a_pool_that_is_none_is_refused(pool) -> None:
    with pytest.raises(ProbeError, match=r"'flatten', 'mean', 'max', 'first', 'last'"):
        Probe("layer", pool=pool)


def test_the_ends_are_read_whole() -> None:
    with pytest.raises(ProbeError, match="read whole"):
        Probe("softmax", pool="mean")


def test_a_probe_with_a_pool_needs_no_name() -> None:
    probe = Probe("encoder.1", pool="mean")
    assert (probe.name, probe.module) == ("encoder.1", "encoder.1")

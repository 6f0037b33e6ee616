"""member_mean against numpy, and memorization against its definition."""

import math
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.difficulty import member_mean, memorization
from depthviz.errors import ArgumentError, ShapeError
from tests.difficulty.members import masks, rows

Case = tuple[torch.Tensor, torch.Tensor]


@st.composite
def depths(draw: st.DrawFn) -> Case:
    members, examples = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    said = rows(draw, st.integers(0, 255), members, examples)
    return said.to(torch.uint8), masks(draw, members, examples)


@st.composite
def trainings(draw: st.DrawFn) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    members, examples = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    correct, in_train, counted = (masks(draw, members, examples) for _ in range(3))
    return correct, in_train, counted


@settings(deadline=None)
@given(depths())
def test_means_and_errors_are_those_of_numpy(case: Case) -> None:
    values, counted = case
    found = member_mean(values, counted)
    for example in range(values.shape[1]):
        said = values[:, example][counted[:, example]].numpy().astype(float)
        n = len(said)
        assert found.count[example] == n
        mean = said.mean() if n else math.nan
        error = np.std(said, ddof=1) / math.sqrt(n) if n > 1 else math.nan
        assert found.mean[example].item() == pytest.approx(mean, nan_ok=True)
        assert found.error[example].item() == pytest.approx(error, nan_ok=True)
    assert found.mean.dtype == found.error.dtype == torch.float64


@settings(deadline=None)
@given(depths(), st.randoms())
def test_order_of_members_changes_no_mean_of_depths(
    case: Case, shuffle: Random
) -> None:
    values, counted = case
    order = list(range(len(values)))
    shuffle.shuffle(order)
    again = member_mean(values[order], counted[order])
    # Sums of whole numbers are exact in whatever order they are added.
    first = member_mean(*case)
    assert torch.equal(again.mean.nan_to_num(-1), first.mean.nan_to_num(-1))
    torch.testing.assert_close(again.error, first.error, equal_nan=True)


def test_a_member_that_does_not_count_may_say_anything(device: torch.device) -> None:
    values = torch.tensor([[1.0, 2.0], [math.nan, math.inf], [3.0, 2.0]], device=device)
    counted = torch.tensor([[True] * 2, [False] * 2, [True] * 2], device=device)
    found = member_mean(values, counted)
    assert found.mean.tolist() == [2, 2]
    assert found.error.tolist() == [1, 0]
    assert member_mean(values, torch.ones_like(counted)).mean.isnan()[0]


@pytest.mark.parametrize("dtype", [torch.uint16, torch.int32, torch.bool, torch.half])
def test_values_of_every_type_are_averaged(dtype: torch.dtype) -> None:
    values = torch.tensor([[1, 0], [1, 1]]).to(dtype)
    mean = member_mean(values, torch.ones(2, 2, dtype=torch.bool)).mean
    assert mean.tolist() == [1, 0.5]


def test_no_members_have_no_mean() -> None:
    nobody = torch.zeros(0, 3, dtype=torch.bool)
    assert member_mean(nobody, nobody).mean.isnan().all()
    assert member_mean(nobody, nobody).count.tolist() == [0, 0, 0]


@settings(deadline=None)
@given(trainings())
def test_memorization_is_the_difference_of_two_shares(
    case: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> None:
    correct, in_train, counted = case
    found = memorization(correct, in_train, counted)
    for example in range(correct.shape[1]):
        right = correct[:, example].double().numpy()
        seen, counts = in_train[:, example].numpy(), counted[:, example].numpy()
        sides = [right[counts & seen], right[counts & ~seen]]
        share = [side.mean() if len(side) else math.nan for side in sides]
        squares = [
            side.var(ddof=1) / len(side) if len(side) > 1 else math.nan
            for side in sides
        ]
        assert found.mean[example].item() == pytest.approx(
            share[0] - share[1], nan_ok=True
        )
        assert found.error[example].item() == pytest.approx(
            math.sqrt(sum(squares)), nan_ok=True
        )


@settings(deadline=None)
@given(trainings())
def test_seeing_the_others_instead_turns_the_sign_of_memorization(
    case: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> None:
    correct, in_train, counted = case
    found = memorization(correct, in_train, counted)
    turned = memorization(correct, ~in_train, counted)
    torch.testing.assert_close(turned.mean, -found.mean, equal_nan=True)
    torch.testing.assert_close(turned.error, found.error, equal_nan=True)


def test_members_that_do_not_fit_are_refused() -> None:
    values = torch.zeros(2, 5)
    everyone = torch.ones(2, 5, dtype=torch.bool)
    with pytest.raises(ShapeError, match=r"values must have shape \(M, N\)"):
        member_mean(values[0], everyone)
    with pytest.raises(ShapeError, match=r"counted must have shape \(M=2, N=5\)"):
        member_mean(values, everyone[:, :4])
    with pytest.raises(ArgumentError, match="counted must be booleans"):
        member_mean(values, everyone.long())
    with pytest.raises(ArgumentError, match="in_train must be booleans"):
        memorization(everyone, everyone.float(), everyone)
    with pytest.raises(ShapeError, match=r"in_train must have shape"):
        memorization(everyone, everyone[:1], everyone)
    with pytest.raises(ArgumentError, match="correct must be booleans"):
        memorization(values, everyone, everyone)

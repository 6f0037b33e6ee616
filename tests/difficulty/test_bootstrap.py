"""group_confidence against drawing the members one resample after another."""

import math
from typing import NamedTuple

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.difficulty import difficulty_groups, group_confidence, member_mean
from depthviz.difficulty.bootstrap import _draw
from depthviz.errors import ArgumentError, FeatureError, ShapeError
from tests.difficulty.members import masks, rows

ENDS = (2.0, 5.0, 2.0, 5.0)


class Members(NamedTuple):
    """Depths of an ensemble, who trained on what, and who counts."""

    depths: torch.Tensor
    in_train: torch.Tensor
    counted: torch.Tensor

    def groups(self, boundaries: tuple[float, float, float, float]) -> list[int]:
        depths, in_train, counted = self
        train = member_mean(depths, counted & in_train).mean
        validation = member_mean(depths, counted & ~in_train).mean
        codes: list[int] = difficulty_groups(
            train, validation, boundaries=boundaries
        ).codes.tolist()
        return codes

    def least_on_a_side(self) -> torch.Tensor:
        """Count the members of each example, on the side that has fewer."""
        sides = (self.in_train, ~self.in_train)
        counts = [(self.counted & side).sum(0) for side in sides]
        return torch.minimum(*counts)

    def drawn(self, counts: torch.Tensor) -> "Members":
        """Take each member as often as it was drawn."""
        order = torch.arange(len(counts)).repeat_interleave(counts.long())
        return Members(*(each[order] for each in self))


@st.composite
def ensembles(draw: st.DrawFn) -> Members:
    members, examples = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    depths = rows(draw, st.integers(0, 7), members, examples).to(torch.uint8)
    in_train = masks(draw, members, examples)
    alive = rows(draw, st.booleans(), members, 1)
    alive[0] = True
    return Members(depths, in_train, alive.expand_as(in_train))


def many(*, seed: int = 0, members: int = 12, examples: int = 300) -> Members:
    generator = torch.Generator().manual_seed(seed)
    depths = torch.randint(8, (members, examples), generator=generator)
    in_train = torch.rand(members, examples, generator=generator) < 0.8
    return Members(depths, in_train, torch.ones_like(in_train))


@settings(deadline=None, max_examples=60)
@given(ensembles(), st.integers(0, 99))
def test_confidence_is_that_of_resample_after_resample(
    ensemble: Members, seed: int
) -> None:
    found = group_confidence(*ensemble, boundaries=ENDS, resamples=20, seed=seed)
    first = ensemble.groups(ENDS)
    draws = _draw(ensemble.counted.any(1), 20, seed)
    again = [ensemble.drawn(counts).groups(ENDS) for counts in draws]
    for example, value in enumerate(found.tolist()):
        codes = [each[example] for each in again if each[example] >= 0]
        expected = math.nan
        if first[example] >= 0 and ensemble.least_on_a_side()[example] >= 2:
            expected = codes.count(first[example]) / len(codes)
        assert value == pytest.approx(expected, nan_ok=True)


def test_quantiles_are_taken_anew_in_each_resample() -> None:
    ensemble = many()
    found = group_confidence(*ensemble, q=0.2, resamples=5, seed=1)

    def codes(members: Members) -> torch.Tensor:
        depths, in_train, counted = members
        train = member_mean(depths, counted & in_train).mean
        return difficulty_groups(
            train, member_mean(depths, counted & ~in_train).mean, q=0.2
        ).codes

    first = codes(ensemble)
    again = torch.stack(
        [codes(ensemble.drawn(c)) for c in _draw(ensemble.counted.any(1), 5, 1)]
    )
    share = ((again == first) & (again >= 0)).sum(0) / (again >= 0).sum(0).double()
    alone = ensemble.least_on_a_side() < 2
    assert alone.any()
    expected = share.masked_fill((first < 0) | alone, math.nan)
    torch.testing.assert_close(found, expected, equal_nan=True)
    assert 0.1 < found.nanmean() < 0.95


def test_order_of_the_examples_and_size_of_the_blocks_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ensemble = many()
    found = group_confidence(*ensemble, resamples=20)
    order = torch.randperm(300, generator=torch.Generator().manual_seed(2))
    mixed = group_confidence(*(each[:, order] for each in ensemble), resamples=20)
    torch.testing.assert_close(mixed, found[order], equal_nan=True, rtol=0, atol=0)
    monkeypatch.setattr("depthviz.difficulty.bootstrap._BLOCK", 12 * 7)
    monkeypatch.setattr("depthviz.difficulty.bootstrap._TOGETHER", 3)
    blocked = group_confidence(*ensemble, resamples=20)
    torch.testing.assert_close(blocked, found, equal_nan=True, rtol=0, atol=0)


def test_every_device_draws_the_same_members(device: torch.device) -> None:
    ensemble = many()
    found = group_confidence(*(each.to(device) for each in ensemble), resamples=20)
    expected = group_confidence(*ensemble, resamples=20)
    torch.testing.assert_close(found.cpu(), expected, equal_nan=True, rtol=0, atol=0)


def test_members_that_agree_leave_no_doubt_and_more_of_them_leave_less() -> None:
    generator = torch.Generator().manual_seed(0)
    depths = torch.arange(100).expand(20, 100)
    in_train = torch.rand(20, 100, generator=generator) < 0.5
    counted = torch.ones_like(in_train)
    assert (
        group_confidence(depths, in_train, counted, boundaries=(30, 70) * 2).eq(1).all()
    )
    noise = 60 * torch.randn(200, 100, generator=generator)
    far = torch.rand(200, 100, generator=generator) < 0.5
    few, more = (
        group_confidence(
            (torch.arange(100) + noise)[:size], far[:size], torch.ones_like(far)[:size]
        ).nanmean()
        for size in (10, 200)
    )
    assert few + 0.1 < more < 1


def test_members_that_failed_are_never_drawn() -> None:
    ensemble = many()
    failed = torch.zeros(3, 300, dtype=torch.bool)
    more = Members(
        torch.cat([ensemble.depths, torch.full((3, 300), 255)]),
        torch.cat([ensemble.in_train, failed]),
        torch.cat([ensemble.counted, failed]),
    )
    torch.testing.assert_close(
        group_confidence(*more), group_confidence(*ensemble), equal_nan=True
    )
    draws = _draw(more.counted.any(1), 50, 0)
    assert draws[:, 12:].sum() == 0
    assert draws.sum(1).eq(12).all()


def test_one_member_on_a_side_supports_nothing() -> None:
    depths = torch.tensor([[0, 0], [9, 9], [0, 0], [9, 9]])
    in_train = torch.tensor([[1, 1], [0, 1], [0, 0], [0, 0]]).bool()
    counted = torch.ones_like(in_train)
    found = group_confidence(depths, in_train, counted, boundaries=ENDS)
    assert found[0].isnan()
    assert 0 < found[1] < 1
    failed = torch.tensor([True, False, True, True])[:, None].expand_as(in_train)
    assert group_confidence(depths, in_train, failed, boundaries=ENDS).isnan().all()


def test_one_member_gives_no_example_both_depths() -> None:
    once = many(members=1)
    assert group_confidence(*once).isnan().all()


def test_what_cannot_be_drawn_is_refused() -> None:
    depths, in_train, counted = many(examples=5)
    with pytest.raises(ArgumentError, match="resamples must be at least 1, got 0"):
        group_confidence(depths, in_train, counted, resamples=0)
    with pytest.raises(ArgumentError, match="q must be above 0"):
        group_confidence(depths, in_train, counted, q=0.7)
    with pytest.raises(ArgumentError, match="in_train must be booleans"):
        group_confidence(depths, in_train.long(), counted)
    with pytest.raises(ShapeError, match=r"in_train must have shape \(M=12, N=5\)"):
        group_confidence(depths, in_train[:, :4], counted)
    nobody = torch.zeros_like(counted)
    with pytest.raises(FeatureError, match="train_depth holds no number"):
        group_confidence(depths, in_train, nobody)
    with pytest.raises(FeatureError, match="No member counts"):
        group_confidence(depths, in_train, nobody, boundaries=ENDS)


def test_confidence_is_that_of_the_codes_that_are_given() -> None:
    ensemble = many()
    own = torch.tensor(ensemble.groups(ENDS))
    shares = []
    for code in range(5):
        asked = torch.full_like(own, code).masked_fill(own < 0, -1)
        shares.append(group_confidence(*ensemble, boundaries=ENDS, groups=asked))
    total = torch.stack(shares).sum(0)
    told = (own >= 0) & (ensemble.least_on_a_side() >= 2)
    torch.testing.assert_close(total[told], torch.ones(int(told.sum())).double())
    assert total[~told].isnan().all()
    found = group_confidence(*ensemble, boundaries=ENDS)
    given = group_confidence(*ensemble, boundaries=ENDS, groups=own.to(torch.int16))
    assert torch.equal(given.nan_to_num(-1), found.nan_to_num(-1))
    with pytest.raises(ShapeError, match=r"groups must have shape \(N=300\)"):
        group_confidence(*ensemble, groups=own[:5])


def test_a_mean_on_a_boundary_stays_on_it_in_every_resample() -> None:
    depths = torch.tensor([[2], [2], [3], [9], [9]]).expand(5, 40)
    in_train = torch.tensor([[1], [1], [1], [0], [0]]).bool().expand(5, 40)
    counted = torch.ones_like(in_train)
    low = torch.tensor(7 / 3).item()
    assert low < 7 / 3
    drawn = group_confidence(
        depths, in_train, counted, boundaries=(low, 5, 1, 9), resamples=400
    )
    counts = _draw(counted.any(1), 400, 0)
    trains, others = counts[:, :3].sum(1), counts[:, 3:].sum(1)
    mean = (counts[:, :3] @ torch.tensor([2.0, 2.0, 3.0]).double()) / trains
    both = (trains > 0) & (others > 0)
    expected = ((mean < 7 / 3 + 1e-9) & both).sum() / both.sum()
    assert drawn[0].item() == pytest.approx(expected.item(), abs=1e-6)

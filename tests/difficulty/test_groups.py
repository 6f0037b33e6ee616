"""The four groups of definition 4."""

import math
from random import Random
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from depthviz.difficulty import GROUP_NAMES, Boundaries, Groups, difficulty_groups
from depthviz.difficulty.groups import sides
from depthviz.errors import ArgumentError, FeatureError, ShapeError

DEPTH = st.one_of(st.integers(0, 11).map(float), st.floats(0, 11))
PLANE = st.lists(st.tuples(DEPTH, DEPTH), min_size=1, max_size=30)
Q = st.floats(0.01, 0.5)


def side(depth: float, every: list[float], low: float, high: float) -> str:
    """Which end a depth is at; at both, the one beyond which there is nothing."""
    is_low, is_high = depth <= low, depth >= high
    if is_low and is_high:
        is_low, is_high = min(every) >= depth, max(every) <= depth
    return "low" * (is_low and not is_high) + "high" * (is_high and not is_low)


def named(
    plane: list[tuple[float, float]], ends: tuple[float, float, float, float]
) -> list[str]:
    """Definition 4 for one example after another, word for word."""
    corners = {
        ("low", "low"): "easy",
        ("high", "low"): "looks like a different class",
        ("low", "high"): "ambiguous unless the label is given",
        ("high", "high"): "ambiguous",
    }
    trains, validations = map(list, zip(*plane, strict=True))
    return [
        corners.get(
            (side(one, trains, *ends[:2]), side(other, validations, *ends[2:])),
            "intermediate",
        )
        for one, other in plane
    ]


@given(PLANE, Q)
@example([(0.0, 0.0), (0.0, 0.0), (1.0, 1.0)], 0.5)
def test_groups_are_those_of_the_slow_definition(
    plane: list[tuple[float, float]], q: float
) -> None:
    points = torch.tensor(plane, dtype=torch.float64)
    groups = difficulty_groups(points[:, 0], points[:, 1], q=q)
    quantiles = np.quantile(points.numpy(), [q, 1 - q], axis=0).T.ravel()
    assert groups.boundaries == pytest.approx(tuple(quantiles), abs=1e-12)
    found = [groups.names[code] for code in groups.codes]
    assert found == named(plane, groups.boundaries)


@given(PLANE, Q, st.randoms())
def test_order_of_the_examples_changes_no_group(
    plane: list[tuple[float, float]], q: float, shuffle: Random
) -> None:
    points = torch.tensor(plane, dtype=torch.float64)
    order = list(range(len(plane)))
    shuffle.shuffle(order)
    codes = difficulty_groups(points[:, 0], points[:, 1], q=q).codes
    mixed = difficulty_groups(points[order, 0], points[order, 1], q=q).codes
    assert torch.equal(mixed, codes[order])


@given(PLANE)
@example([(2.0, 3.5), (9.0, 3.5), (0.0, 3.5)])
@example([(2.0, 3.5), (9.0, 4.0), (0.0, 3.5)])
def test_absolute_boundaries_replace_the_quantiles(
    plane: list[tuple[float, float]],
) -> None:
    points = torch.tensor(plane, dtype=torch.float64)
    ends = (2.0, 9.0, 3.5, 3.5)
    groups = difficulty_groups(points[:, 0], points[:, 1], boundaries=ends)
    assert groups.boundaries == Boundaries(*ends)
    assert [groups.names[code] for code in groups.codes] == named(plane, ends)


def test_equal_depths_are_neither_low_nor_high(device: torch.device) -> None:
    same = torch.full((5,), 4.0, device=device)
    groups = difficulty_groups(same, same)
    assert [groups.names[code] for code in groups.codes] == ["intermediate"] * 5


def test_where_most_have_the_least_depth_it_is_low_and_the_rest_high() -> None:
    train = torch.tensor([0.0] * 8 + [0.5, 3.0])
    validation = torch.tensor([0.0] * 8 + [0.0, 2.0])
    groups = difficulty_groups(train, validation)
    assert groups.codes.tolist() == [0] * 8 + [1, 3]


def test_where_most_have_the_greatest_depth_it_is_high_and_the_rest_low() -> None:
    depth = torch.tensor([5.0] * 8 + [0.5, 3.0])
    assert difficulty_groups(depth, depth).codes.tolist() == [3] * 8 + [0, 0]


def test_where_most_are_in_the_middle_they_are_neither() -> None:
    depth = torch.tensor([0.0] + [2.0] * 8 + [5.0])
    codes = difficulty_groups(depth, depth).codes.tolist()
    assert codes == [0] + [4] * 8 + [3]


@pytest.mark.parametrize("q", ["a", 0, 0.6, None])
def test_a_quantile_that_is_no_share_is_refused(q: object) -> None:
    with pytest.raises(ArgumentError, match="q must be above 0"):
        difficulty_groups(torch.zeros(2), torch.zeros(2), q=q)  # type: ignore[arg-type]


def test_groups_are_told_in_a_line() -> None:
    train = torch.arange(1000.0)
    text = repr(difficulty_groups(train, train, boundaries=(1, 99, 2, 500)))
    assert text.startswith("<Groups: 2 easy, 0 looks like a different class, ")
    assert "500 ambiguous, 498 intermediate" in text
    assert text.endswith("train depth 1 to 99, validation depth 2 to 500>")


def test_a_missing_depth_has_no_group_and_moves_no_boundary() -> None:
    train = torch.tensor([0.0, 9.0, 4.0, math.nan, 4.0])
    validation = torch.tensor([0.0, 9.0, 4.0, 4.0, math.nan])
    groups = difficulty_groups(train, validation)
    assert groups.codes.tolist() == [0, 3, 4, -1, -1]
    known = [0.0, 9.0, 4.0, 4.0]
    assert groups.boundaries[:2] == pytest.approx(np.quantile(known, [0.3, 0.7]))


def test_whole_depths_of_one_network_have_groups() -> None:
    depth = torch.arange(11)
    groups = difficulty_groups(depth, depth)
    assert groups.codes.tolist() == [0] * 4 + [4] * 3 + [3] * 4
    assert groups.names == GROUP_NAMES


def test_boundaries_out_of_range_are_refused() -> None:
    depth = torch.arange(5.0)
    for q in (0.0, 0.51, math.nan):
        with pytest.raises(ArgumentError, match="q must be above 0 and at most"):
            difficulty_groups(depth, depth, q=q)
    for ends in [(2, 1, 0, 1), (0, 1, 2, 1), (math.nan, 1, 0, 1)]:
        with pytest.raises(ArgumentError, match="low at most high"):
            difficulty_groups(depth, depth, boundaries=ends)
    with pytest.raises(ShapeError, match=r"validation_depth must have shape \(N=5\)"):
        difficulty_groups(depth, depth[:4])
    with pytest.raises(FeatureError, match="validation_depth holds no number"):
        difficulty_groups(depth, depth * math.nan)


def test_boundaries_that_are_not_four_numbers_are_refused() -> None:
    depth = torch.arange(5.0)
    named = "four numbers, train_low, train_high, validation_low, validation_high"
    for ends in [(2, 7), 5, ("a", "b", "c", "d"), "1234", (1, 2, 3, None)]:
        with pytest.raises(ArgumentError, match=named):
            difficulty_groups(depth, depth, boundaries=ends)


def test_boundaries_may_be_an_array() -> None:
    depth = torch.arange(5.0)
    expected = difficulty_groups(depth, depth, boundaries=(1.0, 2.0, 1.0, 2.0))
    for array in (np.array([1, 2, 1, 2]), torch.tensor([1.0, 2.0, 1.0, 2.0])):
        found = difficulty_groups(depth, depth, boundaries=array)
        assert torch.equal(found.codes, expected.codes)
        assert found.boundaries == expected.boundaries


@pytest.mark.parametrize(("count", "q"), [(181, 0.35), (101, 0.29), (11, 0.3)])
def test_a_quantile_at_a_whole_position_is_the_depth_that_stands_there(
    count: int, q: float
) -> None:
    depth = torch.arange(count, dtype=torch.float64) / 3
    place = round(q * (count - 1))
    groups = difficulty_groups(depth, depth, q=q)
    ends = depth[place].item(), depth[count - 1 - place].item()
    assert groups.boundaries == (*ends, *ends)
    assert groups.codes.eq(0).sum() == groups.codes.eq(3).sum() == place + 1


def test_a_depth_in_float32_meets_the_boundary_that_it_was_rounded_from() -> None:
    thirds = torch.tensor([7 / 3, 8 / 3], dtype=torch.float64)
    for depth in (thirds, thirds.float()):
        assert sides(depth, 7 / 3, 8 / 3).tolist() == [-1, 1]


def test_sides_where_there_is_no_depth_are_neither() -> None:
    depth = torch.tensor([math.nan, 1.0, 2.0])
    assert sides(depth, 1.0, 1.0).tolist() == [0, -1, 1]
    assert sides(depth[:1], 1.0, 1.0).tolist() == [0]


def tied(q: float = 0.3, **agreement: Any) -> Groups:
    """Twenty examples of which sixteen are tied at depth 0 on both axes."""
    train = torch.tensor([0.0] * 16 + [0.0, 0.0, 5.0, 5.0])
    validation = torch.tensor([0.0] * 16 + [5.0, 5.0, 0.0, 5.0])
    return difficulty_groups(train, validation, q=q, **agreement)


def test_of_examples_tied_on_both_axes_those_that_agree_most_are_easy() -> None:
    agreement = torch.linspace(1, 0.5, 20)
    groups = tied(train_agreement=agreement, validation_agreement=agreement)
    names = [groups.names[code] for code in groups.codes]
    assert names[:6] == ["easy"] * 6  # 30 % of twenty
    assert names[6:14] == ["intermediate"] * 8
    # The last six of the train axis are the two above the tie, and 14 to 17.
    assert names[14:16] == ["ambiguous"] * 2
    assert groups.ranked == ("train", "validation")
    assert "ties on train and validation broken" in repr(groups)
    assert groups.boundaries == (0, 0, 0, 0)


def test_examples_tied_on_one_axis_keep_the_side_of_their_depth() -> None:
    agreement = torch.linspace(0.5, 1, 20)
    groups = tied(train_agreement=agreement, validation_agreement=agreement)
    names = [groups.names[code] for code in groups.codes[16:]]
    assert names == [
        "ambiguous unless the label is given",
        "ambiguous unless the label is given",
        "looks like a different class",
        "ambiguous",
    ]


def test_without_agreement_or_with_absolute_boundaries_ties_stay() -> None:
    plain = tied()
    assert plain.ranked == ()
    assert (plain.codes[:16] == 0).all()
    agreement = torch.linspace(1, 0.5, 20)
    absolute = tied(
        boundaries=(0, 0, 0, 0),
        train_agreement=agreement,
        validation_agreement=agreement,
    )
    assert torch.equal(absolute.codes, plain.codes)
    equal = torch.ones(20)
    same = tied(train_agreement=equal, validation_agreement=equal)
    assert torch.equal(same.codes, plain.codes)


def test_agreement_must_cover_the_examples() -> None:
    with pytest.raises(ShapeError, match="agreement"):
        tied(train_agreement=torch.ones(3), validation_agreement=torch.ones(20))

"""The measures of a training record against their definitions, example by example."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.difficulty import (
    area_under_margin,
    data_map,
    forgetting_events,
    iteration_learned,
)
from depthviz.errors import ArgumentError, LabelError, ShapeError
from tests.difficulty.members import masks, rows


class Record(NamedTuple):
    """A tiny training record."""

    steps: torch.Tensor
    predictions: torch.Tensor
    recorded: torch.Tensor
    final: torch.Tensor

    def of(self, example: int) -> list[tuple[int, int]]:
        """List step and prediction of each record of an example."""
        here = self.recorded[:, example]
        said = self.predictions[:, example][here].tolist()
        return list(zip(self.steps[here].tolist(), said, strict=True))


@st.composite
def records(draw: st.DrawFn) -> Record:
    times, examples = draw(st.integers(0, 8)), draw(st.integers(1, 6))
    steps = draw(
        st.lists(st.integers(0, 99), min_size=times, max_size=times, unique=True)
    )
    said = rows(draw, st.integers(0, 2), times, examples)
    return Record(
        torch.tensor(sorted(steps), dtype=torch.int64),
        said.reshape(times, examples).long(),
        masks(draw, times, examples).reshape(times, examples).bool(),
        torch.tensor(
            draw(st.lists(st.integers(0, 2), min_size=examples, max_size=examples))
        ),
    )


def learned(known: list[tuple[int, int]], final: int) -> float:
    """The earliest recorded step such that from it on all predictions are final."""
    for place, (step, _) in enumerate(known):
        if all(said == final for _, said in known[place:]):
            return step
    return math.nan


def forgotten(right: list[bool]) -> float:
    if not right:
        return math.nan
    if not any(right):
        return len(right)
    return sum(a and not b for a, b in pairwise(right))


@settings(deadline=None)
@given(records())
def test_iteration_learned_is_that_of_the_slow_definition(record: Record) -> None:
    found = iteration_learned(
        record.predictions, record.final, steps=record.steps, recorded=record.recorded
    )
    assert found.dtype == torch.float64
    for example, value in enumerate(found.tolist()):
        expected = learned(record.of(example), int(record.final[example]))
        assert value == pytest.approx(expected, nan_ok=True)


@settings(deadline=None)
@given(records())
def test_forgetting_is_that_of_the_slow_definition(record: Record) -> None:
    found = forgetting_events(record.predictions == 1, recorded=record.recorded)
    for example, value in enumerate(found.tolist()):
        right = [said == 1 for _, said in record.of(example)]
        assert value == pytest.approx(forgotten(right), nan_ok=True)


@settings(deadline=None)
@given(records())
def test_margins_and_data_maps_are_those_of_numpy(record: Record) -> None:
    values = record.predictions / 2
    mapped = data_map(values, record.predictions == 1, recorded=record.recorded)
    area = area_under_margin(values, recorded=record.recorded)
    for example in range(values.shape[1]):
        here = record.recorded[:, example]
        said = values[:, example][here].double().numpy()
        right = (record.predictions[:, example] == 1)[here].double().numpy()
        expected = (
            [said.mean(), np.std(said), right.mean()] if len(said) else [math.nan] * 3
        )
        found = [float(column[example]) for column in mapped]
        assert found == pytest.approx(expected, nan_ok=True, abs=1e-12)
        assert area[example].item() == pytest.approx(expected[0], nan_ok=True)


@settings(deadline=None)
@given(records())
def test_a_step_without_records_changes_nothing(record: Record) -> None:
    last = record.steps.max().item() + 1 if len(record.steps) else 0
    noise = record.final[None] + 1
    nothing = torch.zeros_like(noise).bool()
    more = Record(
        torch.cat([record.steps, torch.tensor([last])]),
        torch.cat([record.predictions, noise]),
        torch.cat([record.recorded, nothing]),
        record.final,
    )
    for one, other in zip(_measure(record), _measure(more), strict=True):
        torch.testing.assert_close(one, other, equal_nan=True)


def _measure(record: Record) -> list[torch.Tensor]:
    steps, said, known, final = record
    return [
        iteration_learned(said, final, steps=steps, recorded=known),
        forgetting_events(said == 1, recorded=known),
        area_under_margin(said.double(), recorded=known),
        *data_map(said / 2, said == 1, recorded=known),
    ]


@settings(deadline=None)
@given(records())
def test_everything_counts_unless_a_mask_says_otherwise(record: Record) -> None:
    steps, said, known, final = record
    whole = torch.ones_like(known)
    assert torch.equal(
        iteration_learned(said, final, steps=steps).nan_to_num(-1),
        iteration_learned(said, final, steps=steps, recorded=whole).nan_to_num(-1),
    )
    assert torch.equal(
        forgetting_events(said == 1).nan_to_num(-1),
        forgetting_events(said == 1, recorded=whole).nan_to_num(-1),
    )


def test_an_example_that_never_changed_was_learned_at_its_first_record(
    device: torch.device,
) -> None:
    said = torch.tensor([[1, 1], [1, 1], [1, 0]], device=device)
    known = torch.tensor([[True, False], [True, True], [True, True]], device=device)
    found = iteration_learned(
        said, said[0], steps=torch.tensor([0, 5, 9], device=device), recorded=known
    )
    assert found[0] == 0
    assert found[1].isnan()


def test_an_example_never_right_was_forgotten_at_each_presentation() -> None:
    correct = torch.tensor([[0, 0, 1], [0, 0, 1], [0, 1, 1]]).bool()
    assert forgetting_events(correct).tolist() == [3, 0, 0]


def test_a_prediction_that_was_not_a_number_is_never_the_final_one() -> None:
    said = torch.tensor([[2], [-1], [2]], dtype=torch.int32)
    found = iteration_learned(said, said[0], steps=torch.tensor([1, 2, 3]))
    assert found.tolist() == [3]


def test_one_record_does_not_vary_and_a_margin_that_is_not_a_number_shows() -> None:
    once = torch.tensor([[0.5, math.nan]])
    mapped = data_map(once, once > 0)
    assert mapped.variability[0] == 0
    assert mapped.variability[1].isnan()
    assert area_under_margin(once)[1].isnan()


def test_records_that_do_not_fit_are_refused() -> None:
    said = torch.zeros(3, 5, dtype=torch.int64)
    steps, known = torch.arange(3), torch.ones(3, 5, dtype=torch.bool)
    with pytest.raises(ShapeError, match=r"final must have shape \(N=5\)"):
        iteration_learned(said, said[0, :4], steps=steps)
    with pytest.raises(ShapeError, match=r"steps must have shape \(T=3\)"):
        iteration_learned(said, said[0], steps=steps[:2])
    with pytest.raises(ArgumentError, match="steps must rise, got 2, 1, 0"):
        iteration_learned(said, said[0], steps=steps.flip(0))
    with pytest.raises(LabelError, match="predictions must be integers"):
        iteration_learned(said.float(), said[0], steps=steps)
    with pytest.raises(ShapeError, match=r"recorded must have shape \(T=3, N=5\)"):
        forgetting_events(known, recorded=known[:2])
    with pytest.raises(ArgumentError, match="recorded must be booleans"):
        area_under_margin(said, recorded=said)
    with pytest.raises(ArgumentError, match="correct must be booleans"):
        forgetting_events(said)
    with pytest.raises(ShapeError, match=r"correct must have shape \(T=3, N=5\)"):
        data_map(said.double(), known[:2])
    with pytest.raises(ArgumentError, match="correct must be booleans"):
        data_map(said.double(), said.double())

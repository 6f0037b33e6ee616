"""When an example was learned, and how often it was forgotten.

Read from what a network predicted at the recorded steps of its training. Networks learn
what their early layers already tell first, so late is hard. Not every example is
recorded at every step (an epoch's batches come one after another, and some examples are
held out): `recorded` says which, and steps without a record say nothing either way.
"""

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.difficulty.averages import check_booleans
from depthviz.errors import ArgumentError

__all__ = ["check_recorded", "forgetting_events", "iteration_learned"]


@takes_arrays
def iteration_learned(
    predictions: Tensor,
    final: Tensor,
    *,
    steps: Tensor,
    recorded: Tensor | None = None,
) -> Tensor:
    """Find the step from which every recorded prediction is the final one.

    Args:
        predictions: Predicted class at each recorded step, integers, shape `(T, N)`.
        final: Class that the trained network predicts, integers, shape `(N,)`.
        steps: Number of each recorded step, rising, shape `(T,)`; 0 is before the
            first update.
        recorded: Which predictions were recorded, booleans, shape `(T, N)`; all by
            default.

    Returns:
        Step of each example, float64, shape `(N,)`: the first that was recorded for an
        example that was never predicted otherwise, so 0 if that is the initialization;
        NaN where the last recorded prediction differs, or nothing was recorded.

    Raises:
        ShapeError: If the arrays do not cover the same steps and examples.
        LabelError: If predictions are no integers.
        ArgumentError: If steps do not rise, or recorded is not boolean.

    Example:
        >>> predictions = torch.tensor([[3, 0, 1], [3, 1, 2], [3, 1, 1]])
        >>> final = torch.tensor([3, 1, 2])
        >>> iteration_learned(predictions, final, steps=torch.tensor([0, 10, 20]))
        tensor([ 0., 10., nan], dtype=torch.float64)

    References:
        Baldock, Maennel & Neyshabur (2021). https://arxiv.org/abs/2106.09647
    """
    check_shape("predictions", predictions, "T N", None, None)
    check_shape("final", final, "N", predictions.shape[1])
    check_shape("steps", steps, "T", len(predictions))
    check_classes("predictions", predictions[:0])
    check_classes("final", final[:0])
    known = check_recorded(recorded, predictions)
    if not bool((steps[1:] > steps[:-1]).all()):
        raise ArgumentError(f"steps must rise, got {_shorten(steps)}; sort them first.")
    if predictions.dtype != final.dtype:
        predictions, final = predictions.long(), final.long()
    learned = torch.full(
        final.shape, torch.nan, dtype=torch.float64, device=final.device
    )
    for step, predicted, here in zip(steps.tolist(), predictions, known, strict=True):
        same = predicted == final
        learned.masked_fill_(here & same & learned.isnan(), step)
        learned.masked_fill_(here & ~same, torch.nan)
    return learned


@takes_arrays
def forgetting_events(
    correct: Tensor, *, recorded: Tensor | None = None, never: float | None = None
) -> Tensor:
    """Count how often an example went from right to wrong between two records of it.

    An example that was never right was forgotten as often as it was presented, so that
    it does not pass for one that was never forgotten (ours; the paper sets it to
    infinity).

    Args:
        correct: Whether the prediction was the label, booleans, shape `(T, N)`.
        recorded: Which of them were recorded, booleans, shape `(T, N)`; all by default.
        never: What an example that was never right has instead of its presentations,
            such as 0, by which it passes for unforgettable, or infinity.

    Returns:
        Number of events, float64, shape `(N,)`; NaN where nothing was recorded.

    Raises:
        ShapeError: If the two do not cover the same steps and examples.
        ArgumentError: If one is not boolean.

    Example:
        >>> correct = torch.tensor([[1, 1, 0], [0, 1, 0], [1, 1, 0], [0, 1, 0]]).bool()
        >>> forgetting_events(correct)
        tensor([2., 0., 4.], dtype=torch.float64)
        >>> forgetting_events(correct, never=0)
        tensor([2., 0., 0.], dtype=torch.float64)

    References:
        Toneva et al. (2019). https://arxiv.org/abs/1812.05159
    """
    check_shape("correct", correct, "T N", None, None)
    check_booleans("correct", correct)
    known = check_recorded(recorded, correct)
    was, ever = (torch.zeros_like(correct[:1].sum(0)).bool() for _ in range(2))
    events = torch.zeros(correct.shape[1], dtype=torch.float64, device=correct.device)
    for now, here in zip(correct, known, strict=True):
        events += was & here & ~now
        was = torch.where(here, now, was)
        ever |= here & now
    presented = known.sum(0)
    instead = presented.double() if never is None else never
    found = torch.where(ever, events, instead)
    return found.masked_fill(presented == 0, torch.nan)


def check_recorded(recorded: Tensor | None, values: Tensor) -> Tensor:
    """Refuse a mask of records that does not fit; without one, everything counts.

    Args:
        recorded: Which values were recorded, shape `(T, N)`, or None.
        values: What was recorded, shape `(T, N)`.

    Returns:
        The mask, booleans, shape `(T, N)`.

    Raises:
        ShapeError: If it covers other steps or examples.
        ArgumentError: If it is not boolean.

    Example:
        >>> check_recorded(None, torch.zeros(1, 2))
        tensor([[True, True]])
    """
    if recorded is None:
        return torch.ones((), dtype=torch.bool, device=values.device).expand_as(values)
    check_shape("recorded", recorded, "T N", *values.shape)
    check_booleans("recorded", recorded)
    return recorded


def _shorten(steps: Tensor) -> str:
    shown = ", ".join(str(step) for step in steps[:8].tolist())
    return f"{shown}, …" if len(steps) > 8 else shown

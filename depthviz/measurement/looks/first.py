"""A few examples, read and run before hours are spent.

What would spoil a measurement late is refused here: data that changes, a network whose
logits do, padding that counts as text.
"""

from __future__ import annotations

import warnings

import numpy as np
from torch import nn

from depthviz.datasets.nested import Nest, same
from depthviz.embeddings.running.calling import unused_names
from depthviz.embeddings.running.tokens import (
    check_tokens,
    describe_missing_mask,
    token_rules,
)
from depthviz.embeddings.steadiness import check_steadiness
from depthviz.errors import DataError
from depthviz.machine.console import print_line
from depthviz.measurement.examples.splits import Splits
from depthviz.measurement.options import MeasureOptions

__all__ = ["look_at_inputs"]

FIRST_LOOK = 8
SOME = 8


def look_at_inputs(model: nn.Module, splits: Splits, options: MeasureOptions) -> Nest:
    """Read the first examples and some others, and run them.

    Args:
        model: The network.
        splits: The examples.
        options: Those of the measurement.

    Returns:
        The first training examples.

    Raises:
        DataError: If they differ when read twice.
        FeatureError: If one has no token, or one that the network does not know.
        ModelError: If the logits are random, or depend on the rest of the batch.
        ShapeError: If an example is longer than the network takes.
    """
    first = _read_first(splits)
    count = len(splits.train)
    chosen = np.unique(np.linspace(0, count - 1, SOME, dtype=np.intp))
    some, _ = splits.train.read(chosen)
    rules = token_rules(model)
    check_tokens(rules, first, splits.place)
    check_tokens(rules, some, lambda row: splits.place(int(chosen[row])))
    missing = None if options.forward else describe_missing_mask(rules, some)
    if missing is not None:
        warnings.warn(missing, stacklevel=7)
    left_out = () if options.forward else unused_names(model, first)
    if left_out and options.progress:
        names = ", ".join(map(repr, left_out))
        print_line(f"Left out, since the network's forward does not take it: {names}.")
    apart = []
    if splits.train.ragged:
        rows = range(len(chosen))
        apart = [
            (slice(i, i + 1), splits.train.read(chosen[i : i + 1])[0]) for i in rows
        ]
    check_steadiness(model, some, device=options.device, call=options.call, apart=apart)
    return first


def _read_first(splits: Splits) -> Nest:
    """Read the first examples twice: random augmentation gives others each time."""
    once, again = (next(splits.blocks(FIRST_LOOK)).inputs for _ in range(2))
    if not same(once, again):
        raise DataError(
            "The first examples of train differ when read twice. Depth is that of one "
            "picture, so take random augmentation out of the data set's transform."
        )
    return once

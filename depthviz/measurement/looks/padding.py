"""Whether what probes read depends on how far a batch is padded.

Logits that do are refused already. A probe may depend on it all the same, where it
averages over steps that no mask marks: then distances, and so depths, would change with
the batch size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import nn

from depthviz.embeddings import Probe, stream_embeddings
from depthviz.embeddings.steadiness import differ
from depthviz.errors import FeatureError
from depthviz.measurement.examples.splits import Splits
from depthviz.measurement.options import MeasureOptions

__all__ = ["check_padding"]

SOME = 8


def check_padding(
    model: nn.Module, splits: Splits, probes: Sequence[Probe], options: MeasureOptions
) -> None:
    """Refuse probes whose embeddings of an example depend on its batch's padding.

    A few examples are run together, and each in a batch of its own.

    Args:
        model: The network.
        splits: The examples; those that are not padded by the batch need no look.
        probes: Where it is probed.
        options: Those of the measurement.

    Raises:
        FeatureError: If one does; names it.
    """
    if not splits.train.ragged:
        return
    count = len(splits.train)
    chosen = np.unique(np.linspace(0, count - 1, SOME, dtype=np.intp))
    parts = [chosen, *(chosen[i : i + 1] for i in range(len(chosen)))]
    batches = (splits.train.read(part)[0] for part in parts)
    whole, *alone = (
        batch.embeddings
        for batch in stream_embeddings(
            model, batches, probes, device=options.device, forward=options.call
        )
    )
    for name, together in whole.items():
        for row, single in enumerate(alone):
            if differ(together[row : row + 1], single[name]):
                raise FeatureError(
                    f"The embedding of {splits.train.name}[{chosen[row]}] at probe "
                    f"{name!r} depends on how far its batch is padded, as no mask says "
                    "which of its steps count. Pad all examples to one length, leave "
                    "the probe out, or read it by a function of your own, "
                    "Probe(path, pool=lambda activation, mask: …)."
                )

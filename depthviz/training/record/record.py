"""What was recorded while a network trained, as dense tensors and as measures.

A row is a recorded step, a column an example. Not every example is recorded at every
step; `recorded` says which. The measures are those of `depthviz.difficulty`: nothing is
computed here but what was predicted last. Knows nothing of files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    import pandas as pd

    from depthviz.difficulty import DataMap

__all__ = ["TrainingRecord"]


@dataclass(frozen=True, eq=False)
class TrainingRecord:
    """What a network said about the examples while it trained.

    Attributes:
        steps: The recorded steps, ascending, int64, shape `(T,)`.
        recorded: Whether an example was recorded at a step, shape `(T, N)`.
        prediction: The predicted class, int32, shape `(T, N)`; -1 where not recorded or
            where a logit was NaN.
        correct: Whether the prediction was the label given then, shape `(T, N)`.
        margin: Logit of the label minus the largest other, float32, shape `(T, N)`; NaN
            where not recorded.
        probability: Softmax probability of the label, float32, shape `(T, N)`; NaN
            where not recorded.
        label: The label that was recorded last, int32, shape `(N,)`; -1 where none.
        logits: float32, shape `(T, N, C)`, NaN where not recorded; None where they were
            not kept.
    """

    steps: Tensor
    recorded: Tensor
    prediction: Tensor
    correct: Tensor
    margin: Tensor
    probability: Tensor
    label: Tensor
    logits: Tensor | None = None

    def __repr__(self) -> str:
        steps, examples = self.recorded.shape
        logits = ", with logits" if self.logits is not None else ""
        return f"<TrainingRecord: {steps:,} steps of {examples:,} examples{logits}>"

    def last_prediction(self) -> Tensor:
        """Find what was predicted at the last record of each example.

        Returns:
            Classes, int32, shape `(N,)`; -1 where nothing was.
        """
        if not len(self.steps):
            return torch.full(
                (self.recorded.shape[1],), -1, dtype=torch.int32, device="cpu"
            )
        places = (
            torch.arange(1, len(self.steps) + 1, device="cpu")[:, None] * self.recorded
        )
        return self.prediction.gather(0, places.argmax(0, keepdim=True))[0]

    def forgetting(self) -> Tensor:
        """Count how often each example went from right to wrong.

        Step 0, the initialization, is no presentation and is left out: nothing was
        learned by then that could be forgotten.

        Returns:
            Number of events; the number of records after step 0 where it was never
            right in them; float64, shape `(N,)`, NaN where there are none.
        """
        from depthviz.difficulty import forgetting_events

        shown = self.steps > 0
        return forgetting_events(self.correct[shown], recorded=self.recorded[shown])

    def aum(self) -> Tensor:
        """Average the margin of each example over its records.

        Returns:
            The area under the margin, float64, shape `(N,)`, NaN where never recorded.
        """
        from depthviz.difficulty import area_under_margin

        return area_under_margin(self.margin, recorded=self.recorded)

    def data_map(self) -> DataMap:
        """Place each example on the data map.

        Returns:
            Confidence, variability and correctness, each of shape `(N,)`.
        """
        from depthviz.difficulty import data_map

        return data_map(self.probability, self.correct, recorded=self.recorded)

    def iteration_learned(self, final: Any = None) -> Tensor:
        """Find the step from which each example is predicted as at the end.

        Args:
            final: Predictions of the converged network, shape `(N,)`; by default the
                last recorded ones.

        Returns:
            The recorded step, float64, shape `(N,)`; NaN where even the last recorded
            prediction differs, or there is none.
        """
        from depthviz.difficulty import iteration_learned

        last = self.last_prediction() if final is None else torch.as_tensor(final)
        learned = iteration_learned(
            self.prediction, last, steps=self.steps, recorded=self.recorded
        )
        return learned.masked_fill(last < 0, torch.nan)

    def frame(self) -> pd.DataFrame:
        """Make a table with a row for each example.

        Returns:
            Columns `label`, `prediction` (the last), `correct`, `records` (how many),
            `iteration_learned`, `forgetting`, `aum`, `data_map_confidence`,
            `data_map_variability` and `data_map_correctness`.
        """
        import pandas as pd

        last, placed = self.last_prediction(), self.data_map()
        columns = {
            "label": self.label,
            "prediction": last,
            "correct": (last == self.label) & (last >= 0),
            "records": self.recorded.sum(0),
            "iteration_learned": self.iteration_learned(),
            "forgetting": self.forgetting(),
            "aum": self.aum(),
            "data_map_confidence": placed.confidence,
            "data_map_variability": placed.variability,
            "data_map_correctness": placed.correctness,
        }
        index = pd.RangeIndex(len(last), name="example")
        return pd.DataFrame({name: one.numpy() for name, one in columns.items()}, index)

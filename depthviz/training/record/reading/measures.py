"""The measures of a training record, found part by part.

A record of a large data set is read some examples at a time, and never lies in memory
as a whole. The measures are those of `depthviz.difficulty`; what is decided here is
which presentations count. Step 0, the initialization, is none: nothing was learned by
then. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from depthviz.checks import whole_number
from depthviz.difficulty import DataMap, dual_score, dynamic_uncertainty
from depthviz.errors import ArgumentError, StudyError
from depthviz.machine.switches.threads import torch_threads
from depthviz.training.record.reading import columns
from depthviz.training.record.reading.columns import EARLY, FIRST, WINDOW

if TYPE_CHECKING:
    import pandas as pd

    from depthviz.training.record.record import TrainingRecord

__all__ = ["RecordMeasures"]


class RecordMeasures:
    """What training says of each example; NaN where nothing was recorded of it."""

    def parts(self, *names: str) -> Iterator[TrainingRecord]:
        """Read the record, some examples at a time.

        Args:
            *names: The attributes that are looked at; all by default. Others of one
                value for each step and example may be missing everywhere.

        Yields:
            Records of the next examples, all of them in order.
        """
        raise NotImplementedError

    @property
    def lacks(self) -> tuple[str, ...]:
        """What this record does not hold, of "errors" and "logits"."""
        raise NotImplementedError

    def given_labels(self) -> Tensor:
        """Find the label that was recorded last of each example.

        Returns:
            Classes, int32, shape `(N,)`; -1 where nothing was recorded.
        """
        return self._join(lambda part: part.label, "label")

    def last_prediction(self) -> Tensor:
        """Find what was predicted at the last record of each example.

        Returns:
            Classes, int32, shape `(N,)`; -1 where nothing was.
        """
        return self._join(columns.last_prediction, "prediction")

    def forgetting(self) -> Tensor:
        """Count how often each example went from right to wrong.

        Returns:
            Number of events; the number of records after step 0 where it was never
            right in them; float64, shape `(N,)`, NaN where there are none.
        """
        return self._join(columns.forgetting, "correct")

    def aum(self) -> Tensor:
        """Average the margin of each example over its records.

        Returns:
            The area under the margin, float64, shape `(N,)`, NaN where never recorded.
        """
        return self._join(columns.aum, "margin")

    def data_map(self, *, first: int | None = None) -> DataMap:
        """Place each example on the data map.

        Args:
            first: How many presentations of an example count, from its first, as for
                `dual`; None for all records.

        Returns:
            Confidence, variability and correctness, each of shape `(N,)`; NaN where
            never recorded.

        Raises:
            ArgumentError: If first is no whole number from 1 on.
        """
        if first is not None:
            first = whole_number("first", first, least=1)
        with torch_threads(1):
            parts = self.parts("probability", "correct")
            found = [columns.placed(part, first) for part in parts]
        return DataMap(*map(torch.cat, zip(*found, strict=True)))

    def iteration_learned(self, final: Any = None) -> Tensor:
        """Find the step from which each example is predicted as at the end.

        Args:
            final: Predictions of the converged network, shape `(N,)`; by default the
                last recorded ones.

        Returns:
            The recorded step, float64, shape `(N,)`; NaN where even the last recorded
            prediction differs, or there is none.
        """
        if final is None:
            return self._join(columns.learned, "prediction")
        given, found, start = torch.as_tensor(final), [], 0
        for part in self.parts("prediction"):
            end = start + len(part.label)
            found.append(columns.learned(part, given[start:end]))
            start = end
        return torch.cat(found)

    def loss(self) -> Tensor:
        """Average the cross-entropy of each label over its presentations.

        Returns:
            Nats, float64, shape `(N,)`.
        """
        return self._join(columns.loss, "probability")

    def dynamic_uncertainty(self, *, window: int = WINDOW) -> Tensor:
        """Average how much the probability of a label varies within a window.

        Args:
            window: Presentations in a window, from 2 on.

        Returns:
            float64, shape `(N,)`; NaN where an example was presented less often.

        Raises:
            ArgumentError: If every example was.
        """
        length = whole_number("window", window, least=2)
        found = self._join(
            lambda part: columns.in_windows(dynamic_uncertainty, part, length, None),
            "probability",
        )
        return self._check_known(found, "window", length)

    def dual(self, *, window: int = WINDOW, first: int | None = FIRST) -> Tensor:
        """Average, over windows, how a label's probability varies times what it lacks.

        Args:
            window: Presentations in a window, from 2 on.
            first: How many presentations of an example count, from its first; None for
                all.

        Returns:
            DUAL, float64, shape `(N,)`; NaN where an example was presented less often
            than a window.

        Raises:
            ArgumentError: If every example was, or the first are fewer than a window.
        """
        length = whole_number("window", window, least=2)
        if first is not None:
            first = whole_number("first", first, least=length)
        found = self._join(
            lambda part: columns.in_windows(dual_score, part, length, first),
            "probability",
        )
        return self._check_known(found, "window", length)

    def el2n(self, *, presentation: int = EARLY) -> Tensor:
        """Give the distance of softmax and label at an early presentation.

        EL2N is the mean of this over the records of several trainings.

        Args:
            presentation: Which one of each example, from 1; after step 0.

        Returns:
            float64, shape `(N,)`, in [0, sqrt 2]; NaN where an example was presented
            less often.

        Raises:
            StudyError: If the record holds no norms of errors.
            ArgumentError: If every example was presented less often.
        """
        place = whole_number("presentation", presentation, least=1)
        if "errors" in self.lacks:
            raise StudyError(
                "This record has no norms of errors, which EL2N is read from: it was "
                "made by an earlier version. Record the training again."
            )
        found = self._join(lambda part: columns.early_error(part, place), "error")
        return self._check_known(found, "presentation", place)

    def second_split_forgetting(self) -> Tensor:
        """Find the epoch from which each example stays wrong, in a second stage.

        For the record of a training that goes on with other examples, and of what it
        predicts of the first ones after each epoch. Of a usual record it tells only
        when the label was last predicted.

        Returns:
            Its own record, from 1 and after step 0, float64, shape `(N,)`; one more
            than there are where it was right to the end, NaN where there are none.
        """
        return self._join(columns.second_stage, "correct")

    def predictive_entropy(self) -> Tensor:
        """Measure the entropy of the softmax at the last record of each example.

        Returns:
            Nats, float64, shape `(N,)`.

        Raises:
            StudyError: If the logits were not kept.
        """
        if "logits" in self.lacks:
            raise StudyError(
                "This record has no logits, which the entropy is read from. Keep them "
                "with depthviz.Recorder(path, keep_logits=True), or measure the "
                "trained network: study.add('predictive_entropy', model=..., data=...)."
            )
        return self._join(columns.last_entropy, "logits")

    def frame(self) -> pd.DataFrame:
        """Make a table with a row for each example.

        Returns:
            Columns `label`, `prediction` (the last), `correct`, `records` (how many),
            and those of the measures; those that the record is too short for, or lacks
            the numbers of, are NaN.
        """
        import pandas as pd

        with torch_threads(1):
            tables = [columns.table(part) for part in self.parts()]
        joined = {
            name: torch.cat([each[name] for each in tables]).numpy()
            for name in tables[0]
        }
        index = pd.RangeIndex(len(joined["label"]), name="example")
        return pd.DataFrame(joined, index)

    def _join(self, read: Callable[[TrainingRecord], Tensor], *names: str) -> Tensor:
        """Read something of each part, which looks at these attributes of it."""
        with torch_threads(1):  # a step's numbers are too few for several
            return torch.cat([read(part) for part in self.parts(*names)])

    def _check_known(self, found: Tensor, name: str, least: int) -> Tensor:
        """Refuse numbers of which none is known since nothing was shown so often."""
        if not bool(found.isnan().all()):
            return found
        counts = self._join(lambda part: columns.shown(part).sum(0), "recorded")
        most = int(counts.max()) if len(counts) else 0
        if most >= least:
            return found
        raise ArgumentError(
            f"{name} must be at most the number of times that an example was "
            f"presented, and none of this record was more than {most} times; got "
            f"{name}={least}. Record more epochs, or choose a smaller {name}."
        )

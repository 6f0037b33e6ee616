"""The methods of a study that are about measures.

They load what they need when they are called: a study is opened without torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pandas as pd
import xarray as xr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

__all__ = ["MeasureMethods"]


class MeasureMethods:
    """What a study tells of measures, and how one is added.

    Attributes:
        dataset: That of the study.
    """

    dataset: xr.Dataset

    def available(self) -> pd.DataFrame:
        """Tell of every measure whether the study has it, or what it takes.

        Returns:
            One row a measure, indexed by its name: `state`, which is "there", "can be
            computed" (`study.add(name)` does), "needs …: …" with the call to make, or
            "not there yet"; `title`, `harder` (the harder end, None where neither is),
            `keep` (the end that its authors keep) and `help`.
        """
        from depthviz.study.measures.availability import available_measures

        return available_measures(self.dataset)

    def add(
        self,
        *names: str,
        model: nn.Module | None = None,
        data: Any = None,
        validation: Any = None,
        record: Any = None,
        checkpoints: Any = None,
        reference: Any = None,
        probe: str | None = None,
        device: Any = "auto",
        progress: bool = True,
        collate_fn: Any = None,
        forward: Any = None,
        input: str | Sequence[str] | None = None,
        label: str | None = None,
    ) -> Self:
        """Compute measures and add them as columns; `save` keeps them.

        What takes more than a second is said first.

        Args:
            *names: Names of measures, see `available`.
            model: The network, for measures of its logits, embeddings or gradients.
            data: The training data that were measured; of an ensemble all its data.
            validation: The validation data that were measured; without them, their
                examples have NaN.
            record: What `depthviz.training.open_record` gives; or a list of records of
                several trainings, whose values are averaged.
            checkpoints: Networks of several steps of a training, for measures of your
                own that take them.
            reference: Trusted examples, for purity: ids, a mask or rows of `frame()`;
                by default all training examples.
            probe: Name of the probe whose embeddings are measured; by default the last
                before the softmax.
            device: Where the network runs; "auto" takes a GPU if there is one.
            progress: Whether to show bars, and lines about cost.
            collate_fn: Makes a batch of items, as for `measure`.
            forward: Calls the network with a batch, as for `measure`.
            input: Column of the data that is the input, as for `measure`.
            label: Column of labels.

        Returns:
            A study with these columns.

        Raises:
            ArgumentError: If a name is unknown, or an argument is not what it may be.
            StudyError: If the study has a measure already, an argument is missing, or
                data or record are not those of the study.

        Example:
            >>> import torch
            >>> from depthviz.measurement import measure
            >>> points = torch.randn(40, 2, generator=torch.Generator().manual_seed(0))
            >>> data, net = (points, (points[:, 0] > 0).long()), torch.nn.Linear(2, 2)
            >>> study = measure(net, data, k=5, projection=None, progress=False)
            >>> wide = study.add("prototype_distance", model=net, data=data)
            >>> "prototype_distance" in wide.frame()
            True
        """
        from depthviz.datasets.named import Columns
        from depthviz.study.measures.adding import add_measures
        from depthviz.study.measures.given import read_given

        given = read_given(
            model=model,
            data=data,
            validation=validation,
            record=record,
            checkpoints=checkpoints,
            reference=reference,
            probe=probe,
            device=device,
            progress=progress,
            collate_fn=collate_fn,
            forward=forward,
            columns=Columns.read(input, label),
        )
        return type(self)(add_measures(self.dataset, names, given))  # type: ignore[call-arg]

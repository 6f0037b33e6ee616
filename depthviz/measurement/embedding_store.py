"""The embeddings of one pass, held until they are searched.

Some are tensors in memory, others rows on the disk; whoever searches them sees no
difference. Each is released as soon as it was searched, and all of them if anything
fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import torch
from torch import Tensor

from depthviz.embeddings.stored import Rows, StoredRows
from depthviz.errors import FeatureError
from depthviz.machine.interrupts import Guard, enter, restoring
from depthviz.measurement.options import MeasureOptions
from depthviz.measurement.pass_plan import PassGroup, StorageBudget, stored_type

__all__ = ["EmbeddingStore"]

CPU = torch.device("cpu")


class EmbeddingStore(Guard):
    """Holds the embeddings of the probes of one pass.

    A context manager; space on the disk is reserved when it is entered.

    Attributes:
        device: Where embeddings are to go.
        names: The probes whose embeddings are held.
    """

    def __init__(
        self,
        group: PassGroup,
        sizes: Mapping[str, int],
        *,
        count: int,
        budget: StorageBudget,
        options: MeasureOptions,
    ) -> None:
        self._group, self._budget, self._options = group, budget, options
        self.names = group.names
        self._shapes = {name: (count, sizes[name]) for name in self.names}
        self._rows: dict[str, Rows] = {}
        self._files = ExitStack()
        self.device = options.device if options.device.type == "cuda" else CPU

    def _begin(self) -> None:
        """Reserve the room on the disk and in memory."""
        for name in self._group.spilled:
            self._rows[name] = enter(self._files, self._on_disk, name)
        for name in self._group.kept:
            self._rows[name] = self._in_memory(name)

    def close(self) -> None:
        """Release all that is left."""
        self._rows.clear()
        self._files.close()

    def write(self, name: str, start: int, rows: Tensor) -> None:
        """Keep rows `(B, F)` of a probe's embeddings, the first at position `start`.

        Raises:
            ScratchError: If the disk is full.
            FeatureError: If a value does not fit float16, or there are more or fewer
                features than at first.
        """
        held, size = self._rows[name], self._shapes[name][1]
        if rows.shape[1] != size:
            raise FeatureError(
                f"At probe {name!r} the first examples have {size:,} numbers each, and "
                f"those from number {start:,} on {rows.shape[1]:,}: texts that are "
                "padded to several lengths cannot be compared token by token. Read one "
                "row of them, Probe(path, pool='mean'), or pad all to one length."
            )
        if isinstance(held, Tensor):
            held[start : start + len(rows)] = rows
            return
        try:
            held.write(start, rows)
        except FeatureError as error:
            raise FeatureError(f"At probe {name!r}: {error}") from error

    @restoring
    def take(self, name: str) -> Iterator[Rows]:
        """Hand out a probe's embeddings `(N, F)`, float32, and release them after."""
        held = self._rows.pop(name)
        yield held
        if isinstance(held, StoredRows):
            held.close()

    def _on_disk(self, name: str) -> StoredRows:
        return StoredRows.create(
            self._shapes[name],
            folder=self._budget.folder,
            kind=stored_type(name, self._options),
            device=self.device,
        )

    def _in_memory(self, name: str) -> Tensor:
        return torch.empty(self._shapes[name], dtype=torch.float32, device=self.device)

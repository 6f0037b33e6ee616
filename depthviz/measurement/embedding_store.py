"""The embeddings of one pass, held until they are searched.

Some are tensors in memory, others rows on the disk; whoever searches them sees no
difference. Each is let go of as soon as it was searched, and all of them whatever
happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Self

import torch
from torch import Tensor

from depthviz.embeddings import Rows, StoredRows
from depthviz.errors import FeatureError
from depthviz.measurement.memory import Share
from depthviz.measurement.options import Request
from depthviz.measurement.pass_plan import Shelves, stored_type

__all__ = ["Holding"]

CPU = torch.device("cpu")


class Holding:
    """Room for the embeddings of the probes of one pass.

    A context manager; the room on the disk is reserved when it is entered.

    Args:
        share: Which probes are held where.
        sizes: F by probe name.
        count: Number of examples, N.
        shelves: Where embeddings can be put.
        request: What was asked.

    Attributes:
        device: Where embeddings are to go.
        names: The probes that there is room for.
    """

    def __init__(
        self,
        share: Share,
        sizes: Mapping[str, int],
        *,
        count: int,
        shelves: Shelves,
        request: Request,
    ) -> None:
        self._share, self._shelves, self._request = share, shelves, request
        self.names = share.names
        self._shapes = {name: (count, sizes[name]) for name in self.names}
        self._rows: dict[str, Rows] = {}
        self._files = ExitStack()
        self.device = request.device if request.device.type == "cuda" else CPU

    def __enter__(self) -> Self:
        with ExitStack() as files:
            for name in self._share.spilled:
                self._rows[name] = files.enter_context(self._on_disk(name))
            for name in self._share.kept:
                self._rows[name] = self._in_memory(name)
            self._files = files.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of all that is left."""
        self._rows.clear()
        self._files.close()

    def write(self, name: str, start: int, rows: Tensor) -> None:
        """Keep consecutive rows of a probe's embeddings.

        Args:
            name: The probe.
            start: Position of the first example.
            rows: Shape `(B, F)`.

        Raises:
            FeatureError: If a value does not fit float16.
            ScratchError: If the disk is full.
        """
        held = self._rows[name]
        if isinstance(held, Tensor):
            held[start : start + len(rows)] = rows
            return
        try:
            held.write(start, rows)
        except FeatureError as error:
            raise FeatureError(f"At probe {name!r}: {error}") from error

    @contextmanager
    def taking(self, name: str) -> Iterator[Rows]:
        """Hand out the embeddings of a probe, and let go of them afterwards.

        Args:
            name: The probe.

        Yields:
            Shape `(N, F)`, float32.
        """
        held = self._rows.pop(name)
        yield held
        if isinstance(held, StoredRows):
            held.close()

    def _on_disk(self, name: str) -> StoredRows:
        return StoredRows.create(
            self._shapes[name],
            folder=self._shelves.folder,
            kind=stored_type(name, self._request),
            device=self.device,
        )

    def _in_memory(self, name: str) -> Tensor:
        return torch.empty(self._shapes[name], dtype=torch.float32, device=self.device)

"""What a search is asked and what it answers: the same for every search engine.

The exact search, its shards and faiss each take one `Problem` and return one `Found`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor

from depthviz.embeddings import StoredRows
from depthviz.neighbors.features import Features, Metric, Rows, read_features

__all__ = ["Found", "Problem"]


class Found(NamedTuple):
    """The nearest references of each query, near to far, ties by the smaller index.

    Attributes:
        distance: Shape `(Q, K)`, float64; on the CPU where the device has none.
        index: Shape `(Q, K)`, int64.
    """

    distance: Tensor
    index: Tensor  # type: ignore[assignment]  # hides tuple.index, on purpose


@dataclass(frozen=True)
class Problem:
    """Queries, references, and what is wanted of them, all checked but the features.

    Attributes:
        query: Features, shape `(Q, F)`.
        reference: Features, shape `(R, F)`, on the same device.
        k: Number of neighbors.
        exclude: Reference that each query leaves out, or -1, shape `(Q,)`; or a mask of
            what is left out, shape `(Q, R)`.
        metric: "euclidean" or "cosine".
        limit: Bytes to work in.
        progress: Called with the number of queries each time some are settled.
    """

    query: Rows
    reference: Rows
    k: int
    exclude: Tensor
    metric: Metric
    limit: int
    progress: Callable[[int], object] | None = None

    @property
    def is_shared(self) -> bool:
        """Whether the first queries are the references, in the same memory."""
        query, reference = self.query, self.reference
        if len(query) < len(reference):
            return False
        if isinstance(query, StoredRows) and isinstance(reference, StoredRows):
            return query.same_start(reference)
        if isinstance(query, StoredRows) or isinstance(reference, StoredRows):
            return False
        return (
            query.data_ptr() == reference.data_ptr()
            and query.dtype == reference.dtype
            and query.stride() == reference.stride()
        )

    def read_features(self) -> tuple[Features, Features]:
        """Check queries and references, and prepare them for the metric."""
        reference = read_features("reference", self.reference, self.metric, self.limit)
        if self.query is self.reference:
            return reference, reference
        query = read_features("query", self.query, self.metric, self.limit)
        return query, reference

    def report(self, settled: int) -> None:
        """Report that some queries are settled."""
        if self.progress is not None and settled:
            self.progress(settled)

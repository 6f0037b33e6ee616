"""Activations of a network at its probes, streamed batch by batch.

`choose_probes` decides where to look, `stream_embeddings` looks. Knows nothing of
neighbors and depth. `StoredRows` holds on the disk what memory does not.
"""

from depthviz.embeddings.choice import choose_probes
from depthviz.embeddings.places import Probe, describe_probes
from depthviz.embeddings.stored import Rows, StoredRows
from depthviz.embeddings.stream import Batch, embedding_sizes, stream_embeddings

__all__ = [
    "Batch",
    "Probe",
    "Rows",
    "StoredRows",
    "choose_probes",
    "describe_probes",
    "embedding_sizes",
    "stream_embeddings",
]

"""Activations of a network at its probes, streamed batch by batch.

`choose_probes` decides where to look, `stream_embeddings` looks. Knows nothing of
neighbors and depth. `StoredRows` holds on the disk what memory does not.
"""

from depthviz.embeddings.choice import choose_probes
from depthviz.embeddings.probe import Probe, describe_probes
from depthviz.embeddings.stored import StoredRows
from depthviz.embeddings.stream import Batch, stream_embeddings

__all__ = [
    "Batch",
    "Probe",
    "StoredRows",
    "choose_probes",
    "describe_probes",
    "stream_embeddings",
]

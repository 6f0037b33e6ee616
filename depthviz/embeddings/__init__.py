"""Activations of a network at its probes, streamed batch by batch.

`choose_probes` decides where to look, `stream_embeddings` looks. Knows nothing of
neighbors and depth. `StoredRows` holds on the disk what memory does not.
"""

from depthviz.embeddings.choice import choose_probes
from depthviz.machine.devices import resolve_device
from depthviz.machine.memory import free_memory
from depthviz.embeddings.places import Probe, describe_probes
from depthviz.machine.scratch import describe_bytes, free_space, scratch_folder
from depthviz.embeddings.stored import Rows, StoredRows
from depthviz.embeddings.stream import Batch, embedding_sizes, stream_embeddings

__all__ = [
    "Batch",
    "Probe",
    "Rows",
    "StoredRows",
    "choose_probes",
    "describe_bytes",
    "describe_probes",
    "embedding_sizes",
    "free_memory",
    "free_space",
    "resolve_device",
    "scratch_folder",
    "stream_embeddings",
]

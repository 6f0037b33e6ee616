"""Activations of a network at its probes, streamed batch by batch.

`choose_probes` decides where to look, `stream_embeddings` looks. Knows nothing of
neighbors, depth or files.
"""

from depthviz.embeddings.choice import choose_probes
from depthviz.embeddings.devices import resolve_device
from depthviz.embeddings.places import Probe, describe_probes
from depthviz.embeddings.stream import Batch, embedding_sizes, stream_embeddings

__all__ = [
    "Batch",
    "Probe",
    "choose_probes",
    "describe_probes",
    "embedding_sizes",
    "resolve_device",
    "stream_embeddings",
]

"""Embeddings of a data set, one batch at a time.

One forward pass of each batch fills every probe. Nothing is kept: the caller decides
what to store, so memory is that of one batch. Evaluation mode, no gradients; the
network is given back as it was when the stream ends, fails or is closed early.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from depthviz.datasets.nested import Nest, length, to_device
from depthviz.embeddings.capture import Capture, flat
from depthviz.embeddings.outputs import read_logits
from depthviz.embeddings.probe import Probe, unwrap
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.state import forward as run
from depthviz.embeddings.state import lent

__all__ = ["Batch", "embedding_sizes", "stream_embeddings"]


class Batch(NamedTuple):
    """What one batch left at the probes.

    Attributes:
        embeddings: By probe name, shape `(B, F)`, float32.
        logits: Shape `(B, C)`, float32.
    """

    embeddings: dict[str, Tensor]
    logits: Tensor


def stream_embeddings(
    model: nn.Module,
    batches: Iterable[Nest],
    probes: Sequence[Probe],
    *,
    device: torch.device,
    store_device: str | torch.device = "cpu",
    forward: Forward | None = None,
) -> Iterator[Batch]:
    """Run batches through a network and yield what passes its probes.

    Args:
        model: Network that returns logits, or an object with `.logits`.
        batches: Inputs, each of shape `(B, …)`, or nests of such. The network gets
            copies of them, floats in the type of its own parameters; the probe "input"
            sees the originals, where they are one tensor.
        probes: Places, as `choose_probes` returns them.
        device: Where the network runs.
        store_device: Where the embeddings go.
        forward: Calls the network with a batch, in place of the usual way.

    Yields:
        Embeddings and logits of each batch, on `store_device`.

    Raises:
        ModelError: If the network returns no logits, or a module no rows.
        ProbeError: If a probe's module does not exist.

    Example:
        >>> network = nn.Linear(4, 3)
        >>> ends = [Probe("input"), Probe("softmax")]
        >>> stream = stream_embeddings(
        ...     network, [torch.ones(2, 4)], ends, device=torch.device("cpu")
        ... )
        >>> [batch.logits.shape for batch in stream]
        [torch.Size([2, 3])]
    """
    network, store = unwrap(model), torch.device(store_device)
    with lent(network, device), Capture(network, probes, store) as capture:
        for inputs in batches:
            count, batch = length(inputs), to_device(inputs, device, copy=True)
            capture.begin(batch)
            output = run(network, batch, forward)
            logits = flat(read_logits(output, count), store)
            found = capture.take(count)
            if isinstance(inputs, Tensor):
                found["input"] = flat(inputs, store)
            found["softmax"] = logits.softmax(1)
            yield Batch({probe.name: found[probe.name] for probe in probes}, logits)


def embedding_sizes(
    model: nn.Module,
    inputs: Nest,
    probes: Sequence[Probe],
    *,
    device: torch.device,
    forward: Forward | None = None,
) -> dict[str, int]:
    """Count the features at each probe, with one forward pass.

    Args:
        model: Network that returns logits.
        inputs: A small batch, shape `(B, …)`, or a nest of such.
        probes: Places, as `choose_probes` returns them.
        device: Where the network runs.
        forward: Calls the network with a batch, in place of the usual way.

    Returns:
        F by probe name.

    Example:
        >>> embedding_sizes(
        ...     nn.Linear(4, 3),
        ...     torch.ones(2, 4),
        ...     [Probe("input"), Probe("softmax")],
        ...     device=torch.device("cpu"),
        ... )
        {'input': 4, 'softmax': 3}
    """
    stream = stream_embeddings(model, [inputs], probes, device=device, forward=forward)
    (batch,) = stream
    return {name: rows.shape[1] for name, rows in batch.embeddings.items()}

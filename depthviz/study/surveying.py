"""The passes of a measurement, and the neighbors they find.

Embeddings are large and short-lived: those of a group of probes are filled by one pass,
searched for neighbors, and let go of before the next group. What stays are K neighbors
of each example at each probe, and what the first pass saw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from depthviz.embeddings import Probe
from depthviz.errors import FeatureError
from depthviz.probes import nearest_neighbors
from depthviz.projections import pca_layer
from depthviz.study.memory import free_memory, share_passes
from depthviz.study.passes import Pass, Splits, check_same_data, run_pass

__all__ = ["Request", "Survey", "survey"]

CPU = torch.device("cpu")


class Request(NamedTuple):
    """What was asked of a measurement; `measure` says what each means."""

    k: int
    metric: Literal["euclidean", "cosine"]
    projection: Literal["umap", "pca"] | None
    batch_size: int
    device: torch.device
    memory_limit: int | None
    seed: int
    progress: bool


class Survey(NamedTuple):
    """What the passes left.

    Attributes:
        neighbors: Positions of the nearest training examples, shape `(P, N, K)`.
        distances: Their distances, ascending, shape `(P, N, K)`.
        points: PCA's points where they were asked for, shape `(P, N, 2)`.
        record: The first pass, its embeddings let go of.
        passes: Number of passes that were made.
    """

    neighbors: NDArray[np.int32]
    distances: NDArray[np.float32]
    points: NDArray[np.float32] | None
    record: Pass
    passes: int


class Room(NamedTuple):
    """Arrays to be filled, one probe after another; as in `Survey`."""

    neighbors: NDArray[np.int32]
    distances: NDArray[np.float32]
    points: NDArray[np.float32] | None


def survey(
    model: nn.Module,
    splits: Splits,
    probes: Sequence[Probe],
    *,
    sizes: Mapping[str, int],
    request: Request,
    on_inputs: Callable[[Tensor], object],
) -> Survey:
    """Find the neighbors of all examples at all probes, in few passes.

    Args:
        model: The network.
        splits: The examples.
        probes: Where to look.
        sizes: F by probe name; that of the softmax is C.
        request: What was asked.
        on_inputs: Called with the inputs of each batch, in the first pass only.

    Returns:
        Neighbors, and what the first pass saw.

    Raises:
        DataError: If the data changes between passes.
        FeatureError: If an embedding is NaN or infinite, or has no cosine.
        LabelError: If a label lies outside the network's classes.
    """
    nbytes = {name: 4 * splits.count * size for name, size in sizes.items()}
    groups = share_passes(nbytes, _embedding_limit(request))
    room = _room(len(probes), splits.count, request)
    seen: list[Pass] = []
    for group in groups:
        part = f", pass {len(seen) + 1} of {len(groups)}" if len(groups) > 1 else ""
        with _bar(f"Embeddings{part}", splits.count, request) as bar:
            done = run_pass(
                model,
                splits,
                [probe for probe in probes if probe.name in group],
                sizes=sizes,
                batch_size=request.batch_size,
                device=request.device,
                store_device=_store(request, sum(nbytes[name] for name in group)),
                on_inputs=_ignore if seen else on_inputs,
                on_progress=bar.update,
            )
        seen.append(done)
        check_same_data(seen[0], done)
        with _bar(f"Neighbors{part}", len(group) * splits.count, request) as bar:
            _fill(
                room,
                probes,
                done,
                references=len(splits.train),
                request=request,
                on_progress=bar.update,
            )
    return Survey(*room, seen[0], len(seen))


def _room(probes: int, count: int, request: Request) -> Room:
    return Room(
        np.empty((probes, count, request.k), np.int32),
        np.empty((probes, count, request.k), np.float32),
        np.empty((probes, count, 2), np.float32)
        if request.projection == "pca"
        else None,
    )


def _bar(title: str, total: int, request: Request) -> Any:
    from tqdm.auto import tqdm

    return tqdm(
        total=total,
        desc=title,
        unit="example",
        unit_scale=True,
        disable=not request.progress,
    )


def _ignore(inputs: Tensor) -> None:
    """Look at nothing: the first pass has seen these inputs."""


def _store(request: Request, nbytes: int) -> torch.device:
    """The GPU where the group fits on it; searching is fastest where products are."""
    on_gpu = request.device.type == "cuda" and nbytes <= _embedding_limit(request)
    return request.device if on_gpu else CPU


def _embedding_limit(request: Request) -> int:
    """Half of the memory for embeddings; the other half is the search's."""
    if request.memory_limit is None:
        return free_memory(request.device) // 4
    return request.memory_limit // 2


def _fill(
    room: Room,
    probes: Sequence[Probe],
    done: Pass,
    *,
    references: int,
    request: Request,
    on_progress: Callable[[int], object],
) -> None:
    """Search the embeddings of a pass, and let go of each."""
    for place, probe in enumerate(probes):
        if probe.name not in done.embeddings:
            continue
        embedding = done.embeddings.pop(probe.name)
        try:
            found = _search(embedding, references, request, on_progress)
        except FeatureError as error:
            raise FeatureError(f"At probe {probe.name!r}: {error}") from error
        room.neighbors[place], room.distances[place] = found
        if room.points is not None:
            room.points[place] = pca_layer(embedding.cpu().numpy(), seed=request.seed)


def _search(
    embedding: Tensor,
    references: int,
    request: Request,
    on_progress: Callable[[int], object],
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Find neighbors among the training examples; none of them is its own."""
    itself = torch.arange(len(embedding), device=embedding.device)
    found = nearest_neighbors(
        embedding,
        embedding[:references],
        k=request.k,
        exclude=itself.where(itself < references, -1),
        metric=request.metric,
        memory_limit=request.memory_limit and max(1, request.memory_limit // 2),
        progress=on_progress,
    )
    index, distance = found.index.cpu().numpy(), found.distance.cpu().numpy()
    return index.astype(np.int32), distance.astype(np.float32)

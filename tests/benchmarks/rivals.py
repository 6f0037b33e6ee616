"""The ways to find nearest neighbors that are compared, ours among them.

Each takes the same float32 rows and gives the indices of the k nearest, near to far.
Where queries are the references, none may be its own neighbor: ours leaves it out by
index, the others look for one more and drop it.
"""

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import torch
from scipy.spatial.distance import cdist
from torch import Tensor

from depthviz.neighbors import nearest_neighbors

__all__ = [
    "EXACT",
    "Way",
    "cdist_topk",
    "depthviz",
    "missing",
    "mm_topk",
    "recall",
    "same_sets",
    "scikit_learn",
    "truth",
    "ways",
    "without_itself",
]

# Query and reference (the same tensor where queries are the references), and k.
Way = Callable[[Tensor, Tensor, int], Tensor]

BLOCK = 2**26
INSTALL = {"faiss": "faiss-cpu", "pynndescent": "pynndescent"}
EXACT = ("depthviz", "faiss", "scikit-learn", "torch")


def ways(threads: int, *, quick: bool = False) -> dict[str, Way]:
    """Give the ways that are installed here, by name; PyNNDescent compiles, slowly."""
    found: dict[str, Way] = {
        "depthviz": depthviz,
        "scikit-learn": _dropping(scikit_learn),
        "torch": _dropping(mm_topk),
    }
    if find_spec("faiss"):
        found["faiss"] = _dropping(faiss_flat)
    if find_spec("pynndescent") and not quick:
        found["PyNNDescent"] = _dropping(_descent(threads))
    return found


def missing() -> list[str]:
    """Name the rivals to install."""
    return [package for module, package in INSTALL.items() if not find_spec(module)]


def depthviz(query: Tensor, reference: Tensor, k: int) -> Tensor:
    """Ours, as anybody would call it."""
    exclude = None
    if query is reference:
        exclude = torch.arange(len(query), device=query.device)
    return nearest_neighbors(query, reference, k=k, exclude=exclude).index


def scikit_learn(query: Tensor, reference: Tensor, k: int) -> Tensor:
    """Brute force, which takes no part of the time to build."""
    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=k, algorithm="brute", n_jobs=-1)
    index.fit(reference.numpy())
    return torch.from_numpy(index.kneighbors(query.numpy(), return_distance=False))


def faiss_flat(query: Tensor, reference: Tensor, k: int) -> Tensor:
    """The exact index of faiss."""
    import faiss

    index = faiss.IndexFlatL2(reference.shape[1])
    index.add(reference.numpy())
    return torch.from_numpy(index.search(query.numpy(), k)[1])


def mm_topk(query: Tensor, reference: Tensor, k: int) -> Tensor:
    """What one writes in five lines of torch, in blocks of queries that fit."""
    square = reference.square().sum(1)
    height = max(1, BLOCK // len(reference))
    return torch.cat(
        [
            torch.addmm(square, part, reference.T, alpha=-2)
            .topk(k, dim=1, largest=False)
            .indices
            for part in query.split(height)
        ]
    )


def cdist_topk(query: Tensor, reference: Tensor, k: int) -> Tensor:
    """The same by torch.cdist."""
    height = max(1, BLOCK // len(reference))
    return torch.cat(
        [
            torch.cdist(part, reference).topk(k, dim=1, largest=False).indices
            for part in query.split(height)
        ]
    )


def same_sets(one: Tensor, other: Tensor) -> float:
    """Share of the queries with equal sets of neighbors."""
    equal = one.sort(1).values == other.sort(1).values
    return float(equal.all(1).double().mean())


def recall(found: Tensor, exact: Tensor) -> float:
    """Share of the exact neighbors that were found."""
    hit = (found.unsqueeze(2) == exact.unsqueeze(1)).any(2)
    return float(hit.double().mean())


def truth(query: Tensor, reference: Tensor, k: int, rows: Tensor) -> Tensor:
    """The neighbors of some queries by float64 differences, ties by index."""
    found = cdist(query[rows].double(), reference.double(), "sqeuclidean")
    if query is reference:
        found[np.arange(len(rows)), rows] = np.inf
    order = np.argsort(found, axis=1, kind="stable")[:, :k]
    return torch.from_numpy(order.copy())


def _dropping(way: Way) -> Way:
    def search(query: Tensor, reference: Tensor, k: int) -> Tensor:
        if query is not reference:
            return way(query, reference, k)
        return without_itself(way(query, reference, k + 1))

    return search


def without_itself(index: Tensor) -> Tensor:
    """Drop each row's own number, or the last neighbor where it is not there."""
    others = index != torch.arange(len(index), device=index.device).unsqueeze(1)
    others[:, -1] &= ~others.all(1)
    return index[others].view(len(index), -1)


def _descent(threads: int) -> Way:
    """PyNNDescent: approximate; its time holds the building of its index."""

    def search(query: Tensor, reference: Tensor, k: int) -> Tensor:
        from pynndescent import NNDescent

        index = NNDescent(
            reference.numpy(), n_neighbors=k, n_jobs=threads, random_state=0
        )
        if query is reference:
            return torch.from_numpy(index.neighbor_graph[0]).long()
        index.prepare()
        return torch.from_numpy(index.query(query.numpy(), k=k)[0]).long()

    return search

"""Indexes that faiss makes from a string: what they need, and why faiss refuses one.

Knows only what of faiss an approximate search touches. faiss is imported when an index
is asked for: it is an optional library.
"""

import re
from collections.abc import Iterator
from typing import Any

from depthviz.errors import ArgumentError, DependencyError
from depthviz.machine.interrupts import restoring
from depthviz.machine.switches.threads import is_forked

__all__ = ["explain_refusal", "make_index", "prepare_training", "safe_threads"]


def make_index(factory: str, features: int) -> Any:
    """Make an empty index for Euclidean distances.

    Args:
        factory: String for `faiss.index_factory`, then ";" and search parameters in
            the form of `faiss.ParameterSpace` if need be: "IVF1024,Flat;nprobe=32".
        features: Features of a row.

    Returns:
        The `faiss.Index`.

    Raises:
        DependencyError: If faiss is missing.
        ArgumentError: If faiss refuses the string.

    Example:
        >>> make_index("IVF16,Flat;nprobe=4", 8).nprobe
        4
    """
    try:
        import faiss
    except ImportError as error:
        raise DependencyError(
            f"search='faiss:{factory}' needs faiss ({error}): pip install "
            "'torch-depthviz[faiss]', or choose search='exact'."
        ) from error
    description, _, parameters = factory.partition(";")
    with explain_refusal(factory):
        index = faiss.index_factory(features, description)
        space: Any = faiss.ParameterSpace()  # its types know another form alone
        space.set_index_parameters(index, parameters)
    return index


@restoring
def explain_refusal(factory: str) -> Iterator[None]:
    """Turn what faiss raises while this is open into an error that says why.

    Args:
        factory: What the user asked for.

    Raises:
        ArgumentError: If faiss raises.
    """
    try:
        yield
    except RuntimeError as error:
        # faiss raises RuntimeErrors that begin with the place in its source.
        place, _, reason = str(error).partition(": ")
        if not re.match(r"Error in .* at \S+\.\w+:\d+$", place, re.DOTALL):
            raise
        raise ArgumentError(
            f"faiss refuses search='faiss:{factory}': {reason.strip()}"
        ) from error


@restoring
def safe_threads() -> Iterator[None]:
    """Let faiss use one thread in a forked process, which would wait for others."""
    if not is_forked():
        yield
        return
    import faiss

    before = faiss.omp_get_max_threads()
    try:
        faiss.omp_set_num_threads(1)
        yield
    finally:
        faiss.omp_set_num_threads(before)


def prepare_training(index: Any) -> int:
    """Count the centroids an index trains at once, and have it not print about points.

    How well few points train it shows in its recall. Of parts other than lists and
    product quantizers nothing is known here.

    Args:
        index: A `faiss.Index`.

    Returns:
        The fewest points it can be trained on, at least 1.

    Example:
        >>> prepare_training(make_index("IVF16,PQ4x5", 8))
        32
    """
    needed = [1]
    for part in _parts(index):
        if hasattr(part, "nlist"):
            part.cp.min_points_per_centroid = 1
            # 1 says that the quantizer of the lists trains by itself.
            needed.append(part.nlist * (ord(part.quantizer_trains_alone) != 1))
        if hasattr(part, "pq"):
            part.pq.cp.min_points_per_centroid = 1
            needed.append(part.pq.ksub)
    return max(needed)


def _parts(index: Any) -> Iterator[Any]:
    """Walk through an index and those it is made of, each as its own class."""
    import faiss

    part = faiss.downcast_index(index)
    yield part
    for name in ("index", "base_index", "refine_index", "quantizer"):
        inner = getattr(part, name, None)
        if inner is not None:
            yield from _parts(inner)

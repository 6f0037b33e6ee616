"""In a forked process nothing waits for threads that it does not have."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from depthviz.errors import ArgumentError
from depthviz.neighbors import nearest_neighbors
from depthviz.projections import umap_learn_layers
from tests.machine.switches.test_threads import needs_fork, status_of_a_fork

pytestmark = [
    needs_fork,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded"),
]


def test_faiss_searches_in_a_process_forked_after_it_had_threads() -> None:
    faiss = pytest.importorskip("faiss")
    rows = torch.rand(4000, 32, generator=torch.Generator().manual_seed(0))
    want = nearest_neighbors(rows, rows, k=5, search="faiss:IVF32,Flat")
    threads = faiss.omp_get_max_threads()

    def work() -> bool:
        found = nearest_neighbors(rows, rows, k=5, search="faiss:IVF32,Flat")
        return bool(
            torch.equal(found.index, want.index)
            and faiss.omp_get_max_threads() == threads
        )

    assert status_of_a_fork(work) == 0


@pytest.mark.parametrize("layer", ["omp", "workqueue", None])
def test_umap_learn_is_refused_only_where_openmp_would_end_the_process(
    monkeypatch: pytest.MonkeyPatch, layer: str | None
) -> None:
    def name() -> str:
        if layer is None:
            raise ValueError("Threading layer is not initialized.")
        return layer

    monkeypatch.setattr("numba.threading_layer", name)
    monkeypatch.setattr("depthviz.projections.umap_learn._import_umap", lambda: None)
    nothing = np.empty((0, 5, 3), np.int64), np.empty((0, 5, 3), np.float32)

    def work() -> bool:
        try:
            umap_learn_layers(*nothing)
        except ArgumentError as error:
            return layer == "omp" and "'forkserver'" in str(error)
        return layer != "omp"

    assert status_of_a_fork(work) == 0
    umap_learn_layers(*nothing)

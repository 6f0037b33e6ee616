"""Each probe is searched in the search's share of the memory, and read once."""

import pytest
import torch

from depthviz.embeddings import StoredRows
from depthviz.measurement import probe_arrays
from depthviz.measurement.probe_arrays import ProbeArrays
from tests.measurement.small import POINTS, asked


@pytest.fixture
def searched(monkeypatch):
    """Calls of the search and of its recall, by name."""
    calls = {}

    def note(name):
        run = getattr(probe_arrays, name)

        def noted(*features, **options):
            calls[name] = (features, options)
            return run(*features, **options)

        monkeypatch.setattr(probe_arrays, name, noted)

    note("nearest_neighbors")
    note("search_recall")
    return calls


def fill(embedding, references, **options):
    chosen = asked(**options)
    arrays = ProbeArrays.empty(1, len(embedding), chosen, references=len(embedding))
    arrays.fill(0, embedding, references=references, options=chosen, progress=id)


@pytest.mark.parametrize("limit", [None, 1, 80_000])
def test_search_and_recall_take_half_of_the_memory_each(searched, limit):
    pytest.importorskip("faiss", reason="needs faiss: pip install faiss-cpu")
    fill(torch.tensor(POINTS), 50, search="faiss:Flat", memory_limit=limit)
    shares = {name: options["memory_limit"] for name, (_, options) in searched.items()}
    share = limit and max(1, limit // 2)
    assert shares == {"nearest_neighbors": share, "search_recall": share}


@pytest.mark.parametrize("stored", [False, True])
def test_where_all_are_references_they_are_the_very_same_rows(searched, stored):
    with StoredRows.create(POINTS.shape) as rows:
        rows.write(0, torch.tensor(POINTS))
        embedding = rows if stored else torch.tensor(POINTS)
        fill(embedding, 50)
        query, reference = searched["nearest_neighbors"][0]
        assert query is reference
        fill(embedding, 38)
        assert len(searched["nearest_neighbors"][0][1]) == 38

"""What a search accepts and what it refuses."""

import pytest
import torch
from torch import Tensor

from depthviz.errors import ArgumentError, DeviceError, FeatureError, ShapeError
from depthviz.neighbors import nearest_neighbors


def test_no_queries_have_no_neighbors() -> None:
    found = nearest_neighbors(torch.empty(0, 4), torch.ones(5, 4), k=2)
    assert found.distance.shape == found.index.shape == (0, 2)
    assert found.index.dtype == torch.int64


def test_all_references_can_be_neighbors() -> None:
    rows = torch.randn(20, 3, generator=torch.Generator().manual_seed(0))
    found = nearest_neighbors(rows, rows, k=20)
    assert (found.index.sort(1).values == torch.arange(20)).all()


@pytest.mark.parametrize(
    ("k", "exclude", "message"),
    [
        (64, None, "k must be between 1 and the 50 references, got k=64."),
        (0, None, "k must be between 1 and the 50 references, got k=0."),
        (
            50,
            torch.arange(50),
            "k must be between 1 and the 49 references that remain when one is "
            "excluded, got k=50.",
        ),
    ],
)
def test_k_outside_the_references_is_refused(
    k: int, exclude: Tensor | None, message: str
) -> None:
    rows = torch.randn(50, 2)
    with pytest.raises(ArgumentError) as error:
        nearest_neighbors(rows, rows, k=k, exclude=exclude)
    assert str(error.value) == message


@pytest.mark.parametrize("side", ["query", "reference"])
def test_nan_and_infinite_features_are_counted(side: str) -> None:
    rows = {"query": torch.ones(8, 3), "reference": torch.ones(9, 3)}
    rows[side][2, :] = torch.nan
    rows[side][2, 0] = torch.inf
    rows[side][5, 1] = -torch.inf
    with pytest.raises(
        FeatureError, match=f"{side} .* 2 NaN and 2 infinite .* in 2 of"
    ):
        nearest_neighbors(rows["query"], rows["reference"], k=1)


def test_rows_without_direction_are_counted() -> None:
    rows = torch.ones(6, 3)
    rows[[1, 4]] = 0
    with pytest.raises(FeatureError, match="2 of the 6 reference rows have norm zero"):
        nearest_neighbors(torch.ones(2, 3), rows, k=1, metric="cosine")


@pytest.mark.parametrize(
    ("query", "reference", "keywords", "error", "message"),
    [
        (torch.ones(2, 3), torch.ones(4, 5), {}, ShapeError, "3 features .* 5"),
        (torch.ones(2, 3, 1), torch.ones(4, 3), {}, ShapeError, r"\(Q, F\)"),
        (
            torch.ones(2, 3),
            torch.ones(0, 3),
            {},
            FeatureError,
            "at least one reference",
        ),
        (torch.ones(2, 0), torch.ones(4, 0), {}, FeatureError, "one feature"),
        (
            torch.ones(2, 3),
            torch.ones(4, 3),
            {"exclude": torch.zeros(3, dtype=torch.int64)},
            ShapeError,
            "Q=2",
        ),
        (
            torch.ones(2, 3),
            torch.ones(4, 3),
            {"exclude": torch.tensor([0, 4])},
            ArgumentError,
            "below the 4 references, got 0 to 4",
        ),
        (
            torch.ones(2, 3),
            torch.ones(4, 3),
            {"exclude": torch.ones(2)},
            ArgumentError,
            "indices",
        ),
        (torch.ones(2, 3), torch.ones(4, 3), {"metric": "L1"}, ArgumentError, "'L1'"),
        (
            torch.ones(2, 3),
            torch.ones(4, 3),
            {"memory_limit": 0},
            ArgumentError,
            "positive",
        ),
        (
            torch.ones(2, 3, dtype=torch.complex64),
            torch.ones(4, 3),
            {},
            FeatureError,
            "real",
        ),
        (
            torch.ones(2, 3, device="meta"),
            torch.ones(4, 3),
            {},
            DeviceError,
            "meta .* cpu",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(
    query: Tensor,
    reference: Tensor,
    keywords: dict[str, object],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        nearest_neighbors(query, reference, **{"k": 1, **keywords})

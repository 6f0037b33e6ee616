"""Arrays of other libraries and layouts are taken as they are meant, or refused."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import torch
import xarray as xr
from torch.utils.data import TensorDataset

from depthviz.datasets.forms import as_examples
from depthviz.errors import DataError, ShapeError
from tests.datasets.listed import Listed, inputs_of, labels_of

POINTS = np.random.default_rng(0).normal(size=(4, 6)).astype(np.float32)
LABELS = [2, 0, 1, 2]


@pytest.mark.parametrize(
    "points",
    [
        POINTS.astype(">f4"),
        POINTS.astype(np.longdouble),
        POINTS[::-1].copy()[::-1],
        np.asfortranarray(POINTS),
        np.ma.masked_array(POINTS),
        pd.DataFrame(POINTS),
        xr.DataArray(POINTS),
        POINTS.view(np.matrix),  # as SciPy makes them
    ],
    ids=lambda points: f"{type(points).__name__} {getattr(points, 'dtype', '')}",
)
def test_the_numbers_are_taken_whatever_holds_them(points):
    assert np.array_equal(inputs_of((points, LABELS)), POINTS)


@pytest.mark.parametrize("kind", [">f4", ">f8", np.longdouble, "<f4"])
def test_items_of_any_byte_order_are_taken(kind):
    items = [(row.astype(kind), 0) for row in POINTS]
    assert np.array_equal(inputs_of(Listed(items)).float(), POINTS)


def test_floats_of_half_the_width_are_taken():
    points = torch.tensor(POINTS).bfloat16()
    assert torch.equal(inputs_of((points, LABELS)), points.float())


@pytest.mark.parametrize(
    "labels",
    [
        pd.Series(LABELS, dtype="Int64"),
        pd.Series(LABELS, index=[9, 3, 5, 1]),
        np.array(LABELS, object),
        np.array(LABELS, ">i2"),
        np.ma.masked_array(LABELS),
        xr.DataArray(LABELS),
    ],
    ids=lambda labels: f"{type(labels).__name__} {labels.dtype}",
)
def test_labels_are_taken_by_position(labels):
    assert labels_of((POINTS, labels)) == LABELS


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (scipy.sparse.csr_matrix(POINTS), r"dense, got a sparse csr_matrix.*toarray"),
        (scipy.sparse.coo_array(POINTS), r"dense, got a sparse coo_array.*toarray"),
        (torch.tensor(POINTS).to_sparse(), r"sparse_coo; give x\.to_dense"),
        (torch.zeros(4, 6, device="meta"), "on the meta device"),
        (POINTS.astype(complex), "complex128; give real and imaginary parts"),
        (torch.tensor(POINTS).to(torch.complex64), "complex64; give real and"),
        (pd.DataFrame(POINTS).assign(name="x"), r"others: 'name' \("),
        (POINTS.astype(str), r"got <U32; data\[0\] holds"),
        (
            np.ma.masked_array(POINTS, np.arange(24).reshape(4, 6) == 13),
            "1 of 24 are masked, the first in number 2; fill them",
        ),
    ],
)
def test_what_holds_other_numbers_than_it_seems_is_refused(points, message):
    with pytest.raises(DataError, match=message):
        as_examples((points, LABELS), name="data")


def test_rows_of_several_sizes_are_named():
    rows = [np.zeros((5, 8)), np.zeros((5, 8)), np.zeros((6, 8))]
    ragged = np.empty(3, object)
    ragged[:] = rows
    message = r"number 0 has \(5, 8\) and number 2 has \(6, 8\).*resize or pad"
    for inputs in (rows, ragged):
        with pytest.raises(ShapeError, match=message):
            as_examples((inputs, [0, 1, 0]))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.ma.masked_array(POINTS[0], POINTS[0] > 0), r"input of train\[0\] .*masked"),
        (torch.tensor(POINTS[0]).to_sparse(), r"input of train\[0\] must be dense"),
        (scipy.sparse.csr_matrix(POINTS[:1]), "got a sparse csr_matrix"),
        (POINTS[0].astype(object), "must hold numbers, got object"),
        (POINTS[0].astype(complex), "must be real, got complex128"),
    ],
)
def test_such_inputs_of_a_data_set_are_refused_by_place(value, message):
    with pytest.raises(DataError, match=message):
        inputs_of(Listed([(value, 0)]))


class Stream(torch.utils.data.IterableDataset):
    """A stream that does not know its length."""

    def __iter__(self):
        return iter([])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (Stream(), r"map-style data set.* got Stream, .* iterable only; give list"),
        (zip(POINTS, LABELS, strict=True), "got zip, which is iterable only"),
        ({"x": POINTS, "y": LABELS}, "is a dict of 'x', 'y'; give the pair"),
        (pd.DataFrame(POINTS), "which column is the label; name it with label="),
        (scipy.sparse.csr_matrix(POINTS), "without labels; .* Got csr_matrix"),
        ((POINTS, LABELS, LABELS), "must be a pair of arrays.*, got 3 arrays"),
    ],
)
def test_other_collections_are_refused_with_what_to_give(data, message):
    with pytest.raises(DataError, match=message):
        as_examples(data)


def test_a_stream_has_no_positions():
    from depthviz.training import Indexed

    with pytest.raises(DataError, match=r"map-style data set.* got Stream, .*list"):
        Indexed(Stream())


def test_an_indexed_data_set_is_read_as_what_it_holds():
    from depthviz.training import Indexed

    data = TensorDataset(torch.tensor(POINTS), torch.tensor(LABELS))
    assert torch.equal(inputs_of(Indexed(data)), data.tensors[0])

"""Streams, and arrays that lie on a disk."""

import pickle

import numpy as np
import pytest
import torch
import zarr
from torch.utils.data import IterableDataset

from depthviz.datasets.forms import as_examples
from depthviz.datasets.sources.stored import StoredRows, is_stored
from depthviz.errors import ArgumentError, DataError
from tests.measurement.small import HELD_OUT, LABELS, POINTS, measured, same


class Stream(IterableDataset):
    """Items in their order; counts how often it is begun."""

    def __init__(self, count=38, length=None):
        self.count, self.length, self.begun = count, length or count, 0

    def __iter__(self):
        self.begun += 1
        pairs = zip(POINTS[: self.count], LABELS, strict=False)
        return ((torch.tensor(row), int(label)) for row, label in pairs)

    def __len__(self):
        return self.length


def test_a_stream_with_a_length_is_measured_as_its_arrays_are():
    stream = Stream()
    same(measured(), measured(train=stream))
    assert stream.begun < 10  # in order, not once an example


def test_a_stream_is_read_by_position():
    found = as_examples(Stream())
    inputs, labels = found.read(np.array([5, 2, 9]))
    assert inputs.tolist() == POINTS[[5, 2, 9]].tolist()
    assert labels.tolist() == LABELS[[5, 2, 9]].tolist()
    assert pickle.loads(pickle.dumps(found)).read(slice(0, 1))[1] == LABELS[0]


def test_a_stream_that_ends_early_is_refused():
    with pytest.raises(DataError, match="a length of 50, but ends after 38 items"):
        measured(train=Stream(38, 50))


def test_what_follows_a_broken_item_of_a_stream_is_unknown():
    with pytest.raises(ArgumentError, match="read by position, but train is iterable"):
        measured(train=Stream(), on_error="skip")


class Duck:
    """Rows with a shape, a type and slices, and nothing else."""

    def __init__(self, values):
        self.values, self.reads = values, []
        self.shape, self.dtype = values.shape, values.dtype

    def __getitem__(self, rows):
        self.reads.append(rows)
        return self.values[rows]


@pytest.mark.parametrize("form", ["zarr", "memory-mapped", "duck", "columns"])
def test_arrays_on_a_disk_are_measured_as_those_in_memory(form, tmp_path):
    train = POINTS[:38]
    if form == "memory-mapped":
        np.save(tmp_path / "rows.npy", train)
        stored = np.load(tmp_path / "rows.npy", mmap_mode="r")
    else:
        stored = Duck(train) if form == "duck" else zarr.array(train, chunks=(7, 6))
    if form == "columns":
        pair = {"x": stored, "y": zarr.array(LABELS[:38])}
        held_out = {"x": HELD_OUT[0], "y": HELD_OUT[1]}
        found = measured(train=pair, validation=held_out, input="x", label="y")
    else:
        found = measured(train=(stored, LABELS[:38]))
    same(measured(), found)


def test_only_the_rows_of_a_batch_are_read():
    duck = Duck(POINTS)
    found = as_examples((duck, LABELS))
    duck.reads.clear()
    assert found.read(slice(3, 5))[0].tolist() == POINTS[3:5].tolist()
    assert duck.reads == [slice(3, 5)]


@pytest.mark.parametrize("rows", [[4, 1, 4], [0], list(range(9, -1, -1))])
def test_rows_in_any_order_are_those_of_the_array(rows):
    values = np.arange(40).reshape(10, 4)
    stored = StoredRows(zarr.array(values, chunks=(3, 4)))
    assert np.array_equal(stored[np.array(rows)], values[rows])


@pytest.mark.parametrize("values", [POINTS, torch.tensor(POINTS), HELD_OUT, [1], None])
def test_what_is_in_memory_is_left_alone(values):
    assert not is_stored(values)

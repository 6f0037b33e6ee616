"""Class names and paths are those of the data set, of its parts and of several."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch.utils.data import ConcatDataset, Subset

from depthviz.datasets.forms import as_examples
from depthviz.errors import DataError
from depthviz.training import Indexed
from tests.datasets.listed import Listed, inputs_of

FILES = ["/a/0.png", "/a/1.png", "/b/2.png"]


class Files(Listed):
    """A data set that keeps a list of files under some name."""

    def __init__(self, name, files, fails=None):
        super().__init__([(torch.zeros(2), i) for i in range(len(files))])
        setattr(self, name, files)
        self.fails = fails

    def __getitem__(self, index):
        if index == 1 and self.fails:
            raise self.fails
        return super().__getitem__(index)


def paths_of(data):
    return as_examples(data).paths


@pytest.mark.parametrize(
    "classes",
    [
        np.array(["cat", "dog"]),
        pd.Index(["cat", "dog"]),
        ("cat", "dog"),
        {"dog": 1, "cat": 0},
        {1: "dog", 0: "cat"},
    ],
    ids=lambda classes: type(classes).__name__,
)
def test_class_names_come_in_any_ordered_form(classes):
    data = Listed([(torch.zeros(2), 0)], classes)
    assert as_examples(data).class_names == ("cat", "dog")


@pytest.mark.parametrize("classes", [{"cat", "dog"}, "cat", {"cat": "dog"}, 2])
def test_names_without_an_order_are_none(classes):
    assert as_examples(Listed([(torch.zeros(2), 0)], classes)).class_names is None


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("samples", [(path, 0) for path in FILES]),
        ("imgs", [[path, 0] for path in FILES]),
        ("paths", np.array(FILES)),
        ("paths", [Path(path) for path in FILES]),
        ("_image_files", FILES),
    ],
)
def test_paths_are_read_from_the_list_of_files(name, files):
    assert paths_of(Files(name, files)) == FILES


def test_parts_and_several_keep_their_paths():
    data = Files("samples", [(path, 0) for path in FILES])
    assert paths_of(Subset(data, torch.tensor([2, 0]))) == [FILES[2], FILES[0]]
    assert paths_of(ConcatDataset([Indexed(data).dataset, Subset(data, [1])])) == [
        *FILES,
        FILES[1],
    ]
    assert paths_of(Indexed(data)) == FILES
    rows = np.array([1, 1, 0])
    assert as_examples(data).subset(rows, name="some").paths == [
        FILES[1],
        FILES[1],
        FILES[0],
    ]


def test_a_list_of_something_else_is_no_list_of_paths():
    assert paths_of(Files("samples", [(torch.zeros(2), 0)] * 3)) is None
    assert paths_of(Listed([(torch.zeros(2), 0)])) is None
    short = Files("samples", [(path, 0) for path in FILES])
    short.items = short.items[:2]
    assert paths_of(short) is None


def test_a_path_that_is_no_utf_8_is_escaped():
    odd = os.fsdecode(b"/a/caf\xe9.png")
    assert paths_of(Files("samples", [(odd, 0), ("/a/é.png", 0)])) == [
        "/a/caf\\xe9.png",
        "/a/é.png",
    ]
    named = Listed([(torch.zeros(2), 0)], [os.fsdecode(b"caf\xe9")])
    assert as_examples(named).class_names == ("caf\\xe9",)


@pytest.mark.parametrize("error", [OSError("truncated"), KeyError("x"), IndexError()])
def test_an_item_that_fails_is_named_by_index_and_path(error):
    data = Files("samples", [(path, 0) for path in FILES], fails=error)
    with pytest.raises(type(error)) as caught:
        inputs_of(Subset(data, [0, 1]))
    assert caught.value is error
    assert error.__notes__[0].startswith("train[1], /a/1.png, could not be read.")


def test_an_item_that_ends_the_iteration_is_named():
    with pytest.raises(DataError, match=r"train\[1\].* raised StopIteration"):
        inputs_of(Files("samples", ["a", "b"], fails=StopIteration()))


def test_an_interrupt_is_left_alone():
    stop = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        inputs_of(Files("samples", FILES, fails=stop))
    assert not hasattr(stop, "__notes__")

"""What cannot be measured is refused, with what was expected and what came."""

from concurrent.futures import Executor, ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import Dataset

import depthviz as dv
from depthviz.errors import (
    ArgumentError,
    DataError,
    DependencyError,
    FeatureError,
    LabelError,
    ModelError,
    ProbeError,
    ShapeError,
)
from depthviz.measurement import options as measure_options
from depthviz.measurement import pass_plan
from depthviz.study import Conventions
from tests.measurement.small import LABELS, POINTS, Named, measured, perceptron


def with_nan(at=2):
    points = POINTS[:38].copy()
    points[at, 0] = np.nan
    points[at + 1, 0] = np.inf
    return points


class Breaks(nn.Module):
    """A network that gives NaN for two of the examples from its second layer on."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(6, 9), nn.Linear(9, 3)

    def forward(self, inputs):
        hidden = self.first(inputs)
        hidden = torch.where(
            inputs[:, :1] > np.sort(POINTS[:, 0])[-3], hidden / 0, hidden
        )
        return self.second(hidden)


class Augments(Named):
    """A data set that gives another input at each reading, from an example on."""

    readings = 0

    def __init__(self, first=0):
        super().__init__(list("abc"))
        self.first = first

    def __getitem__(self, index):
        self.readings += 1
        point, label = super().__getitem__(index)
        return point + self.readings * (index >= self.first), label


@pytest.mark.parametrize(
    ("error", "message", "options"),
    [
        (
            ShapeError,
            "k must be at most the 38 training examples; got k=39",
            {"k": 39, "include_self": True},
        ),
        (
            FeatureError,
            "of 2 of 50 examples at probe 'input'",
            {"train": (with_nan(), LABELS[:38])},
        ),
        (
            FeatureError,
            "of 2 of 50 examples at probe 'second'",
            {"model": Breaks(), "probes": ["first", "second"]},
        ),
        (ShapeError, r"below the 38 training examples.*k=38", {"k": 38}),
        (LabelError, "integers, got float32", {"train": (POINTS, POINTS[:, 0])}),
        (
            LabelError,
            r"3 classes, 0 to 2, but validation\[1\] has label 3",
            {"validation": (POINTS[:2], [0, 3])},
        ),
        (
            LabelError,
            r"train\[4\] has label -1",
            {"train": (POINTS, [0, 1, 2, 0, -1] * 10)},
        ),
        (
            LabelError,
            "tells 3 classes apart, but train names 2",
            {"train": Named(["a", "b"])},
        ),
        (
            LabelError,
            "tells 3 classes apart, but class_names names 4",
            {"class_names": list("abcd")},
        ),
        (
            LabelError,
            "train 3 and validation 2 classes",
            {"train": Named(list("abc")), "validation": Named(list("ab"))},
        ),
        (
            LabelError,
            "train 3 and validation 3 classes",
            {"train": Named(list("abc")), "validation": Named(list("acb"))},
        ),
        (
            ProbeError,
            "Unknown probe 'conv9'. This network has: '0'",
            {"probes": ["conv9"]},
        ),
        (
            DataError,
            r"train\[0\] must be \(input, label\), got Tensor",
            {"train": [torch.zeros(6)] * 9},
        ),
        (FeatureError, "validation has no examples", {"validation": (POINTS[:0], [])}),
        (
            ShapeError,
            r"train\[0\] has \(6,\), validation\[0\] has \(5,\)",
            {"validation": (POINTS[:, :5], LABELS)},
        ),
        (ModelError, "must return", {"model": nn.Sequential(nn.Linear(6, 1))}),
    ],
)
def test_bad_input_is_told(error, message, options):
    with pytest.raises(error, match=message):
        measured(**options)


def test_weights_alone_are_no_network():
    with pytest.raises(ModelError, match="got OrderedDict; weights alone are loaded"):
        measured(perceptron().state_dict())


def test_data_that_changes_between_passes_is_told(monkeypatch):
    monkeypatch.setattr(pass_plan, "free_space", lambda folder: 0)
    with pytest.raises(DataError, match="data changed between two passes"):
        measured(train=Augments(first=20), memory_limit=2 * 4 * 62 * 9)


def test_random_augmentation_is_refused():
    with pytest.raises(DataError, match="differ when read twice"):
        measured(train=Augments(), validation=None)


class Untouched(Dataset):
    """A data set that must not be read."""

    def __len__(self):
        return 50

    def __getitem__(self, index):
        raise AssertionError("the data was read")


class Client:
    """What has `submit` and is no executor, as a Dask client."""

    def submit(self, function, *arguments):
        raise AssertionError("a task was handed out")


class Forking(Executor):
    """A pool of processes that are forks of this one."""

    class _mp_context:  # noqa: N801  # the name is the standard library's
        @staticmethod
        def get_start_method():
            return "fork"


@pytest.mark.parametrize(
    ("message", "options"),
    [
        ("k must be a whole number of at least 1, got '5'", {"k": "5"}),
        (r"k must be .*, got 5\.0", {"k": 5.0}),
        ("k must be .*, got 0", {"k": 0}),
        ("k must be .*, got True", {"k": True}),
        (r"k must be .*, got array\(\[5\]\)", {"k": np.array([5])}),
        ("k must be at least 2 where", {"k": 1, "include_self": True}),
        ("ties must be one of 'nearest', 'smallest'", {"ties": "random"}),
        ("include_self must be True or False, got 1", {"include_self": 1}),
        ("compare_with must be one of .*, got 'truth'", {"compare_with": "truth"}),
        ("batch_size must be .* at least 1, got 0", {"batch_size": 0}),
        ("batch_size must be .*, got -1", {"batch_size": -1}),
        ("memory_limit must be .* at least 1, got 0", {"memory_limit": 0}),
        ("seed must be .* at least 0 and below 4,294,967,296, got -1", {"seed": -1}),
        ("seed must be .*, got 4294967296", {"seed": 2**32}),
        (
            "projection must be one of 'umap', 'umap-learn', 'pca', 'later', None, got",
            {"projection": "x"},
        ),
        ("metric must be one of 'euclidean', 'cosine', got None", {"metric": None}),
        (
            "images must be 'auto', 'files', None or an array.*, got False",
            {"images": False},
        ),
        ("images must be .*, got 'none'", {"images": "none"}),
        (
            "probes must be 'auto', .* a number.*, got None",
            {"probes": None},
        ),
        (r"probes must be .*, got \[3\]", {"probes": [3]}),
        ("device must be 'auto', a name .*, got None", {"device": None}),
        ("class_names must be a list, .*, got 'abc'", {"class_names": "abc"}),
        ("class_names must be a list, .*, got 3", {"class_names": 3}),
        ("search must be 'exact' or 'faiss:'.*, got 'fast'", {"search": "fast"}),
        ("search must be 'exact' or 'faiss:'.*, got 'faiss:'", {"search": "faiss:"}),
        ("search must be .*, got None", {"search": None}),
        ("executor must be one of concurrent.*, got 4", {"executor": 4}),
        (r"one of concurrent.* client\.get_executor\(\)", {"executor": Client()}),
        ("executor forks its workers", {"executor": Forking()}),
        (
            "'faiss:Flat' runs in this process alone",
            {"executor": ThreadPoolExecutor(1), "search": "faiss:Flat"},
        ),
        ("scratch must be a path of text, got 3", {"scratch": 3}),
        ("in '/no/such' none can be made: No such", {"scratch": "/no/such"}),
        ("scratch_type must be one of 'float32', 'float16'", {"scratch_type": "int8"}),
    ],
)
def test_arguments_are_checked_before_the_data_is_read(message, options):
    with pytest.raises(ArgumentError, match=message):
        measured(train=Untouched(), **options)


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        ({"search": "faiss:Flat"}, r"pip install 'torch-depthviz\[faiss\]'"),
        ({"projection": "umap-learn"}, "pip install umap-learn, or choose"),
    ],
)
def test_a_library_that_is_missing_is_told_before_the_data_is_read(
    monkeypatch, options, remedy
):
    monkeypatch.setattr(measure_options, "find_spec", lambda name: None)
    with pytest.raises(DependencyError, match=remedy):
        measured(train=Untouched(), **options)


def test_the_old_name_of_a_convention_gives_the_new_one():
    for call in (measured, Conventions, dv.Ensemble):
        with pytest.raises(TypeError, match=r"'itself' of \w+ is now 'include_self'"):
            call(itself="included")

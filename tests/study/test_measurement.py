"""A measurement is what the definitions say, whatever form the data comes in."""

from collections import Counter

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn
from torch.utils.data import Dataset, TensorDataset

from depthviz.errors import (
    ArgumentError,
    DataError,
    FeatureError,
    LabelError,
    ModelError,
    ProbeError,
    ShapeError,
)
from depthviz.models import small_cnn
from depthviz.study import measure, open_study

GENERATOR = np.random.default_rng(0)
POINTS = GENERATOR.normal(size=(50, 6)).astype(np.float32)
LABELS = GENERATOR.integers(0, 3, 50)
TRAIN, HELD_OUT = (POINTS[:38], LABELS[:38]), (POINTS[38:], LABELS[38:])


def perceptron(classes=3):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(6, 9), nn.ReLU(), nn.Linear(9, 7), nn.ReLU(), nn.Linear(7, classes)
    )


def measured(model=None, train=TRAIN, validation=HELD_OUT, **options):
    options = {"k": 5, "progress": False, "projection": None, **options}
    return measure(model or perceptron(), train, validation, **options)


def same(one, other, *, but=("created", "passes", "batch_size")):
    attributes = [
        {name: value for name, value in study.dataset.attrs.items() if name not in but}
        for study in (one, other)
    ]
    assert attributes[0] == attributes[1]
    xr.testing.assert_identical(one.dataset.drop_attrs(), other.dataset.drop_attrs())


class Slow:
    """The definitions, one example at a time, in float64."""

    def __init__(self, layers, labels, references, k):
        self.labels, self.k = labels, k
        self.neighbors = [
            [self._nearest(layer, query, references) for query in range(len(layer))]
            for layer in layers
        ]

    def _nearest(self, layer, query, references):
        others = [other for other in range(references) if other != query]
        distance = ((layer - layer[query]) ** 2).sum(1)
        return sorted(others, key=lambda other: (distance[other], other))[: self.k]

    def vote(self, probe, example):
        labels = [self.labels[other] for other in self.neighbors[probe][example]]
        count = Counter(labels)
        tied = [label for label in labels if count[label] == max(count.values())]
        return tied[0]

    def depth(self, example, target):
        depth = 0
        for probe in range(len(self.neighbors)):
            if self.vote(probe, example) != target:
                depth = probe + 1
        return depth

    def suspicion(self, example):
        margins = []
        for neighbors in self.neighbors:
            labels = Counter(self.labels[other] for other in neighbors[example])
            own = labels.pop(self.labels[example], 0)
            margins.append((max(labels.values(), default=0) - own) / self.k)
        return np.mean(margins)


def slow_layers(model, inputs, kinds):
    """Activations of a plain sequential network after its layers of some kinds."""
    hidden, layers = torch.tensor(inputs), [inputs.reshape(len(inputs), -1)]
    model.eval()
    with torch.no_grad():
        for layer in model:
            hidden = layer(hidden)
            if isinstance(layer, kinds) and hidden.shape[1:] != (3,):
                layers.append(hidden.flatten(1).clone().numpy())
        layers.append(hidden.softmax(1).numpy())
    return [layer.astype(np.float64) for layer in layers], hidden


def check_against_definition(study, slow, logits):
    prediction = logits.argmax(1).tolist()
    count, probes = len(prediction), len(slow.neighbors)
    data = study.dataset
    assert data["neighbor_index"].values.tolist() == slow.neighbors
    votes = [[slow.vote(p, i) for i in range(count)] for p in range(probes)]
    assert data["vote"].values.tolist() == votes
    assert data["prediction"].values.tolist() == prediction
    depths = [slow.depth(i, prediction[i]) for i in range(count)]
    assert data["depth"].values.tolist() == depths
    of_label = [slow.depth(i, slow.labels[i]) for i in range(count)]
    assert data["depth_of_label"].values.tolist() == of_label
    suspicion = [slow.suspicion(i) for i in range(count)]
    assert np.allclose(data["suspicion"], suspicion, atol=1e-6)
    confidence = logits.softmax(1).amax(1).numpy()
    assert np.allclose(data["confidence"], confidence, atol=1e-6)


@pytest.mark.parametrize("k", [1, 4, 37])
def test_a_perceptron_is_measured_by_the_definitions(k):
    model = perceptron()
    study = measured(model, k=k)
    layers, logits = slow_layers(model, POINTS, nn.Linear)
    assert study.dataset.sizes["probe"] == len(layers)
    check_against_definition(study, Slow(layers, LABELS.tolist(), 38, k), logits)


def test_a_convolutional_network_is_measured_by_the_definitions(device):
    pictures = GENERATOR.random((40, 1, 8, 8)).astype(np.float32)
    labels = GENERATOR.integers(0, 3, 40)
    model = small_cnn(classes=3, width=4, seed=0)
    study = measured(
        model, (pictures[:30], labels[:30]), (pictures[30:], labels[30:]), device=device
    )
    kinds = (nn.BatchNorm2d, nn.Linear)
    layers, logits = slow_layers(model, pictures, kinds)
    check_against_definition(study, Slow(layers, labels.tolist(), 30, 5), logits)


def test_agreement_and_accuracy_are_over_held_out_examples():
    data = measured().dataset
    votes, rows = data["vote"].values, slice(38, None)
    agreement = (votes == data["prediction"].values)[:, rows].mean(1)
    accuracy = (votes == data["label"].values)[:, rows].mean(1)
    assert np.allclose(data["probe_agreement"], agreement)
    assert np.allclose(data["probe_accuracy"], accuracy)
    assert data["probe_accuracy"].attrs["over"] == "validation"


def test_without_held_out_examples_they_are_over_the_training_ones():
    data = measured(validation=None).dataset
    agreement = (data["vote"] == data["prediction"]).mean("example")
    assert np.allclose(data["probe_agreement"], agreement)
    assert data["probe_agreement"].attrs["over"] == "train"
    assert set(measured(validation=None).frame()["split"]) == {"train"}


def test_no_training_example_is_its_own_neighbor_but_its_duplicate_is():
    points = np.repeat(POINTS[:10], 2, axis=0)
    study = measured(train=(points, LABELS[:20]), validation=None, k=1)
    twin = np.arange(20) ^ 1
    assert (study.dataset["neighbor_index"].values[:, :, 0] == twin).all()


def test_a_held_out_copy_of_a_training_example_finds_it():
    data = measured(validation=TRAIN, k=1).dataset.isel(example=slice(38, None))
    assert (data["neighbor_distance"] == 0).all()
    # Beyond the input, other examples may coincide with it where all units are off.
    assert (data["neighbor_index"].values[0, :, 0] == np.arange(38)).all()


@pytest.mark.parametrize("projection", ["umap", "pca"])
def test_the_same_seed_gives_the_same_study(projection):
    one, again = (measured(projection=projection, seed=3) for _ in range(2))
    same(one, again, but=("created",))


@pytest.mark.parametrize("projection", ["umap", "pca"])
def test_little_memory_costs_passes_and_changes_nothing(projection):
    roomy = measured(projection=projection)
    tight = measured(projection=projection, memory_limit=1)
    medium = measured(projection=projection, memory_limit=2 * 4 * 50 * 10)
    passes = [study.dataset.attrs["passes"] for study in (roomy, medium, tight)]
    assert passes == [1, 3, 4]
    same(roomy, tight)
    same(roomy, medium)


def test_batches_change_nothing_but_rounding():
    one, other = measured(batch_size=7), measured(batch_size=50)
    for name in ("vote", "depth", "prediction", "neighbor_index"):
        assert np.array_equal(one.dataset[name], other.dataset[name])


def test_the_network_and_the_random_state_are_given_back():
    model = perceptron().train()
    model[1].eval()
    before = torch.random.get_rng_state()
    measured(model, projection="umap")
    assert model.training
    assert not model[1].training
    assert torch.equal(torch.random.get_rng_state(), before)


def test_every_projection_has_a_map_and_its_quality():
    for projection in ("umap", "pca"):
        data = measured(projection=projection).dataset
        assert data["projection"].dims == ("probe", "example", "map_axis")
        assert data["projection"].shape == (4, 50, 2)
        assert np.isfinite(data["projection"]).all()
        assert ((data["neighbors_kept"] > 0) & (data["neighbors_kept"] <= 1)).all()
        assert data.attrs["projection"] == projection
    assert "projection" not in measured().dataset


def test_provenance_is_written_down_and_survives_saving(tmp_path):
    study = measured(title="Points", seed=5)
    attributes = open_study(study.save(tmp_path / "study.zarr")).dataset.attrs
    assert attributes == study.dataset.attrs
    assert attributes["format_version"] == 1
    assert attributes["title"] == "Points"
    assert attributes["seed"] == 5
    assert attributes["k"] == 5
    assert attributes["network"] == "Sequential"
    assert attributes["torch_version"] == torch.__version__
    assert attributes["probes_chosen"] == "auto"
    assert [probe["name"] for probe in attributes["probes"]] == list(study.probes)
    assert len(attributes["data_sha256"]) == 64
    other = measured(train=(POINTS[:38] + 1, LABELS[:38]))
    assert other.dataset.attrs["data_sha256"] != attributes["data_sha256"]


def test_probes_can_be_named():
    study = measured(probes=["1", "3"])
    assert study.probes == ("input", "1", "3", "softmax")
    assert study.dataset.attrs["probes_chosen"] == "given"


def test_the_choice_of_probes_is_printed_once(capsys):
    measured(progress=True)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert "4 probes: input, dense1" in lines[0]


@pytest.mark.parametrize("options", [{"progress": False}, {"probes": ["1"]}])
def test_nothing_is_printed_otherwise(capsys, options):
    measured(**{"progress": True, **options})
    assert capsys.readouterr().out == ""


def test_pictures_are_kept_as_the_network_sees_them():
    pictures = GENERATOR.integers(0, 256, (20, 8, 6, 3), dtype=np.uint8)
    model = small_cnn(in_channels=3, classes=3, width=4, seed=0)
    data = measured(model, (pictures, LABELS[:20]), None).dataset
    assert np.array_equal(data["image"], pictures)
    none = measured(model, (pictures, LABELS[:20]), None, images=None)
    assert "image" not in none.dataset
    assert "image" not in measured().dataset


def test_pictures_do_not_depend_on_the_batches():
    pictures = GENERATOR.normal(size=(50, 1, 8, 8)).astype(np.float32)
    model = small_cnn(classes=3, width=4, seed=0)
    one, other = (
        measured(model, (pictures, LABELS), None, batch_size=size).dataset["image"]
        for size in (4, 50)
    )
    xr.testing.assert_identical(one, other)


def test_pictures_can_be_given():
    pictures = GENERATOR.integers(0, 256, (50, 4, 4), dtype=np.uint8)
    image = measured(images=pictures).dataset["image"]
    assert np.array_equal(image[..., 0], pictures)
    with pytest.raises(ShapeError, match="50 pictures"):
        measured(images=pictures[:49])


def test_arrays_and_data_sets_give_the_same_study():
    sets = [
        TensorDataset(torch.tensor(points), torch.tensor(labels))
        for points, labels in (TRAIN, HELD_OUT)
    ]
    same(measured(), measured(train=sets[0], validation=sets[1]))


def test_tensors_and_arrays_give_the_same_study():
    tensors = [tuple(map(torch.tensor, pair)) for pair in (TRAIN, HELD_OUT)]
    same(measured(), measured(train=tensors[0], validation=tensors[1]))


def layouts(pictures):
    """The same float pictures `(N, C, H, W)`, as arrays of every layout and type."""
    last = pictures.transpose(0, 2, 3, 1)
    as_bytes = [(each * 255).round().astype(np.uint8) for each in (pictures, last)]
    return {
        "first": pictures,
        "last": last,
        "bytes": as_bytes[0],
        "bytes last": as_bytes[1],
    }


CHANNELS = {"grey": 1, "RGB": 3, "RGBA": 4}
LAYOUTS = ("first", "last", "bytes", "bytes last")


def pictures_of(channels):
    steps = np.random.default_rng(0).integers(0, 256, (50, channels, 8, 9))
    return (steps / 255).astype(np.float32)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("channels", CHANNELS.values(), ids=CHANNELS)
def test_every_layout_of_pictures_gives_the_same_study(channels, layout):
    pictures = pictures_of(channels)
    model = small_cnn(in_channels=channels, classes=3, width=4, seed=0)
    expected = measured(model, (pictures, LABELS), None)
    found = measured(model, (layouts(pictures)[layout], LABELS), None)
    same(found, expected)


def test_grey_pictures_need_no_channel():
    pictures = pictures_of(1)
    model = small_cnn(classes=3, width=4, seed=0)
    found = measured(model, (pictures[:, 0], LABELS), None)
    same(found, measured(model, (pictures, LABELS), None))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["grey", "RGBA"])
def test_pictures_of_other_channels_than_the_networks_are_refused(kind, layout):
    channels = CHANNELS[kind]
    pictures = layouts(pictures_of(channels))[layout]
    model = small_cnn(in_channels=3, classes=3, width=4, seed=0)
    message = rf"shape \(8, {channels}, 8, 9\), float32: .*convert grey or RGBA"
    with pytest.raises(ModelError, match=message):
        measured(model, (pictures, LABELS), None)


def test_a_data_set_with_channels_last_is_refused():
    last = torch.tensor(layouts(pictures_of(3))["last"])
    model = small_cnn(in_channels=3, classes=3, width=4, seed=0)
    message = r"shape \(8, 8, 9, 3\), float32: .*channels first"
    with pytest.raises(ModelError, match=message):
        measured(model, TensorDataset(last, torch.tensor(LABELS)), None)


@pytest.mark.parametrize("layout", ["bytes", "bytes last"])
def test_a_data_set_of_bytes_is_refused(layout):
    pixels = torch.tensor(layouts(pictures_of(3))[layout])
    model = small_cnn(in_channels=3, classes=3, width=4, seed=0)
    with pytest.raises(DataError, match=r"train\[0\] is uint8; give .* ToDtype"):
        measured(model, TensorDataset(pixels, torch.tensor(LABELS)), None)


def test_feature_maps_are_measured_as_they_are():
    maps = GENERATOR.normal(size=(50, 16, 4, 4)).astype(np.float32)
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(256, 3))
    data = measured(model, (maps, LABELS), None).dataset
    logits = model(torch.tensor(maps))
    assert data["prediction"].values.tolist() == logits.argmax(1).tolist()
    assert "image" not in data


def test_a_changed_shape_is_told_once(capsys):
    pictures = pictures_of(1)[:, 0]
    model = small_cnn(classes=3, width=4, seed=0)
    splits = (pictures[:38], LABELS[:38]), (pictures[38:], LABELS[38:])
    measured(model, *splits, progress=True, probes=[])
    [line] = capsys.readouterr().out.splitlines()
    assert line == (
        "train: 38 arrays read as pictures (38, 8, 9) → (38, 1, 8, 9); "
        "wrap them in a TensorDataset to hand them over as they are."
    )
    measured(model, *splits, progress=False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("kind", [torch.float64, torch.bfloat16])
def test_networks_and_data_sets_of_another_type_are_measured(kind):
    own = measured(perceptron().to(kind)).dataset
    with torch.no_grad():
        logits = perceptron().to(kind)(torch.tensor(POINTS).to(kind)).float()
    assert own["prediction"].values.tolist() == logits.argmax(1).tolist()
    rounded = torch.tensor(POINTS).to(kind)
    data = TensorDataset(rounded, torch.tensor(LABELS))
    given = measured(train=data, validation=None)
    arrays = measured(train=(rounded.float().numpy(), LABELS), validation=None)
    same(given, arrays, but=("created", "data_sha256"))


def test_user_columns_may_be_named_as_pictures_and_maps_are_measured():
    pictures = GENERATOR.integers(0, 256, (50, 8, 6, 3), dtype=np.uint8)
    study = measured(images=pictures, projection="pca")
    names = ("height", "width", "channel", "axis")
    frame = study.assign(**dict.fromkeys(names, range(50))).frame()
    assert all(frame[name].tolist() == list(range(50)) for name in names)


class Named(Dataset):
    def __init__(self, classes, points=POINTS, labels=LABELS):
        self.classes, self.points, self.labels = classes, points, labels

    def __len__(self):
        return len(self.points)

    def __getitem__(self, index):
        return torch.tensor(self.points[index]), int(self.labels[index])


def test_classes_are_named_by_the_user_or_the_data_or_numbers():
    named = Named(["cat", "dog", "eel"])
    assert measured(train=named, validation=None).classes == ("cat", "dog", "eel")
    given = measured(train=named, validation=None, class_names=["x", "y", "z"])
    assert given.classes == ("x", "y", "z")
    assert measured().classes == ("0", "1", "2")


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
    """A data set that gives another input at each reading."""

    readings = 0

    def __getitem__(self, index):
        self.readings += 1
        point, label = super().__getitem__(index)
        return point + self.readings, label


@pytest.mark.parametrize(
    ("error", "message", "options"),
    [
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
        (
            DataError,
            "data changed between two passes",
            {"train": Augments(list("abc")), "memory_limit": 1},
        ),
    ],
)
def test_bad_input_is_told(error, message, options):
    with pytest.raises(error, match=message):
        measured(**options)


class Untouched(Dataset):
    """A data set that must not be read."""

    def __len__(self):
        return 50

    def __getitem__(self, index):
        raise AssertionError("the data was read")


@pytest.mark.parametrize(
    ("message", "options"),
    [
        ("k must be a whole number of at least 1, got '5'", {"k": "5"}),
        (r"k must be .*, got 5\.0", {"k": 5.0}),
        ("k must be .*, got 0", {"k": 0}),
        ("k must be .*, got True", {"k": True}),
        (r"k must be .*, got array\(\[5\]\)", {"k": np.array([5])}),
        ("batch_size must be .* at least 1, got 0", {"batch_size": 0}),
        ("batch_size must be .*, got -1", {"batch_size": -1}),
        ("memory_limit must be .* at least 1, got 0", {"memory_limit": 0}),
        ("seed must be .* at least 0 and below 4,294,967,296, got -1", {"seed": -1}),
        ("seed must be .*, got 4294967296", {"seed": 2**32}),
        ("projection must be one of 'umap', 'pca', None, got 'x'", {"projection": "x"}),
        ("metric must be one of 'euclidean', 'cosine', got None", {"metric": None}),
        ("images must be 'auto', None or an array.*, got False", {"images": False}),
        ("images must be .*, got 'none'", {"images": "none"}),
        ("probes must be 'auto' or a list.*, got None", {"probes": None}),
        (r"probes must be .*, got \[3\]", {"probes": [3]}),
        ("device must be 'auto', a name .*, got None", {"device": None}),
        ("class_names must be a list, .*, got 'abc'", {"class_names": "abc"}),
        ("class_names must be a list, .*, got 3", {"class_names": 3}),
    ],
)
def test_arguments_are_checked_before_the_data_is_read(message, options):
    with pytest.raises(ArgumentError, match=message):
        measured(train=Untouched(), **options)


def test_numbers_of_numpy_are_numbers():
    same(measured(k=np.int64(4), seed=np.uint8(1)), measured(k=4, seed=1))

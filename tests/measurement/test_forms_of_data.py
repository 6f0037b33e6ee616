"""The form in which the data comes changes nothing in a measurement."""

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn
from torch.utils.data import TensorDataset

from depthviz.errors import (
    DataError,
    ModelError,
    ShapeError,
)
from depthviz.models import small_cnn
from tests.measurement.small import (
    GENERATOR,
    HELD_OUT,
    LABELS,
    POINTS,
    TRAIN,
    Named,
    measured,
    perceptron,
    same,
)


def test_pictures_are_kept_as_the_network_sees_them():
    pictures = GENERATOR.integers(0, 256, (20, 8, 6, 3), dtype=np.uint8)
    model = small_cnn(in_channels=3, num_classes=3, width=4, seed=0)
    data = measured(model, (pictures, LABELS[:20]), None).dataset
    assert np.array_equal(data["image"], pictures)
    none = measured(model, (pictures, LABELS[:20]), None, images=None)
    assert "image" not in none.dataset
    assert "image" not in measured().dataset


def test_pictures_do_not_depend_on_the_batches():
    pictures = GENERATOR.normal(size=(50, 1, 8, 8)).astype(np.float32)
    model = small_cnn(num_classes=3, width=4, seed=0)
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
    model = small_cnn(in_channels=channels, num_classes=3, width=4, seed=0)
    expected = measured(model, (pictures, LABELS), None)
    found = measured(model, (layouts(pictures)[layout], LABELS), None)
    same(found, expected)


def test_grey_pictures_need_no_channel():
    pictures = pictures_of(1)
    model = small_cnn(num_classes=3, width=4, seed=0)
    found = measured(model, (pictures[:, 0], LABELS), None)
    same(found, measured(model, (pictures, LABELS), None))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["grey", "RGBA"])
def test_pictures_of_other_channels_than_the_networks_are_refused(kind, layout):
    channels = CHANNELS[kind]
    pictures = layouts(pictures_of(channels))[layout]
    model = small_cnn(in_channels=3, num_classes=3, width=4, seed=0)
    message = rf"shape \(8, {channels}, 8, 9\), float32: .*convert grey or RGBA"
    with pytest.raises(ModelError, match=message):
        measured(model, (pictures, LABELS), None)


def test_a_data_set_with_channels_last_is_refused():
    last = torch.tensor(layouts(pictures_of(3))["last"])
    model = small_cnn(in_channels=3, num_classes=3, width=4, seed=0)
    message = r"shape \(8, 8, 9, 3\), float32: .*channels first"
    with pytest.raises(ModelError, match=message):
        measured(model, TensorDataset(last, torch.tensor(LABELS)), None)


@pytest.mark.parametrize("layout", ["bytes", "bytes last"])
def test_a_data_set_of_bytes_is_refused(layout):
    pixels = torch.tensor(layouts(pictures_of(3))[layout])
    model = small_cnn(in_channels=3, num_classes=3, width=4, seed=0)
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
    model = small_cnn(num_classes=3, width=4, seed=0)
    splits = (pictures[:38], LABELS[:38]), (pictures[38:], LABELS[38:])
    measured(model, *splits, progress=True, probes=[])
    line, found = capsys.readouterr().out.splitlines()
    assert found.startswith("Found: mean depth ")
    assert line == (
        "train: 38 arrays read as pictures (38, 8, 9) → (38, 1, 8, 9); "
        "a TensorDataset of floats is handed over as it is."
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
    same(given, arrays, but=("created", "data_sha256", "measurement"))


def test_user_columns_may_be_named_as_pictures_and_maps_are_measured():
    pictures = GENERATOR.integers(0, 256, (50, 8, 6, 3), dtype=np.uint8)
    study = measured(images=pictures, projection="pca")
    names = ("height", "width", "channel", "axis")
    frame = study.assign(**dict.fromkeys(names, range(50))).frame()
    assert all(frame[name].tolist() == list(range(50)) for name in names)


def test_classes_are_named_by_the_user_or_the_data_or_numbers():
    named = Named(["cat", "dog", "eel"])
    assert measured(train=named, validation=None).classes == ("cat", "dog", "eel")
    given = measured(train=named, validation=None, class_names=["x", "y", "z"])
    assert given.classes == ("x", "y", "z")
    assert measured().classes == ("0", "1", "2")


def test_numbers_of_numpy_are_numbers():
    same(measured(k=np.int64(4), seed=np.uint8(1)), measured(k=4, seed=1))

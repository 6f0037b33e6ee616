"""What labels stand for is said, stored, and the same in both splits."""

import numpy as np
import pytest

import depthviz as dv
from depthviz.errors import LabelError
from tests.measurement.small import LABELS, POINTS, measured, perceptron, same

NAMES = np.array(["ant", "bee", "cow"])


def split(labels):
    return {
        "train": (POINTS[:38], labels[:38]),
        "validation": (POINTS[38:], labels[38:]),
    }


@pytest.mark.parametrize(
    "labels",
    [LABELS.astype(float), np.eye(3)[LABELS], LABELS.astype(object)],
    ids=["floats", "one-hot", "objects"],
)
def test_every_form_of_labels_gives_the_same_study(labels):
    same(measured(), measured(**split(labels)), but=("created", "labels_read"))


def test_words_give_the_study_of_their_numbers(capsys):
    found = measured(**split(NAMES[LABELS]), progress=True)
    assert found.classes == tuple(NAMES)
    assert "Labels of train are words: the classes are" in capsys.readouterr().out
    assert "sorted" in found.dataset.attrs["labels_read"]
    same(measured(class_names=NAMES), found, but=("created", "labels_read"))


def test_validation_labels_are_read_by_the_classes_of_training():
    labels = NAMES[LABELS]
    labels[38:] = "cow"
    found = measured(**split(labels)).frame()
    assert set(found["label"][38:]) == {2}
    labels[40] = "dog"
    with pytest.raises(LabelError, match=r"validation\[2\] has the label 'dog'"):
        measured(**split(labels))


def test_class_names_give_the_order_of_the_outputs():
    order = ["cow", "ant", "bee"]
    found = measured(**split(NAMES[LABELS]), class_names=order)
    assert found.classes == tuple(order)
    assert found.frame()["label"].tolist() == ((LABELS + 1) % 3).tolist()
    assert "labels_read" not in found.dataset.attrs


def test_numbers_beyond_the_classes_stand_for_them_in_their_order(capsys, tmp_path):
    labels = np.array([10, 20, 400])[LABELS]
    found = measured(**split(labels), progress=True)
    said = "Labels 10, 20, 400 are taken as the classes 0 to 2, in this order."
    assert said in capsys.readouterr().out
    assert found.classes == ("10", "20", "400")
    opened = dv.open_study(found.save(tmp_path / "study"))
    assert opened.dataset.attrs["label_values"] == [10, 20, 400]
    same(measured(class_names=found.classes), found, but=("created", "label_values"))


@pytest.mark.parametrize("odd", [-1, 3, 400])
def test_numbers_that_could_mean_another_thing_are_refused(odd):
    labels = LABELS.copy()
    labels[6] = odd
    with pytest.raises(LabelError, match=rf"train\[6\] has label {odd}"):
        measured(**split(labels))


def test_fewer_numbers_than_classes_are_positions():
    labels = np.array([0, 2, 2])[LABELS]
    assert measured(**split(labels)).frame()["label"].tolist() == labels.tolist()


def test_data_that_are_given_again_are_read_in_the_same_way():
    for labels in (NAMES[LABELS], np.array([10, 20, 400])[LABELS]):
        data = split(labels)
        found = measured(perceptron(), **data)
        added = found.add("prototype_distance", model=perceptron(), data=data["train"])
        assert np.isfinite(added.frame()["prototype_distance"][:38]).all()


def test_a_study_of_many_classes_is_opened_again(tmp_path):
    names = [f"class {i}" for i in range(70)]
    found = measured(perceptron(70), class_names=names)
    opened = dv.open_study(found.save(tmp_path / "study"))
    assert opened.frame().equals(found.frame())
    same(found, opened, but=("format_version",))

"""A selection tells what it keeps, meets its data, and outlives the session."""

import json

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from depthviz.errors import (
    ArgumentError,
    DataError,
    FormatError,
    ShapeError,
    StudyError,
)
from depthviz.measurement import measure
from depthviz.selection import Selection, select
from depthviz.study import concat
from depthviz.widgets import explore
from tests.relabeling.suspects import suspicious
from tests.selection.pools import column_study
from tests.studies import ensemble_study, named_study, tiny_study


def cloud_of(seed):
    return np.random.default_rng(seed).normal(size=(9, 3)).astype(np.float32)


def easy(keep=0.5, **options):
    return select(
        named_study(), keep=keep, method="easiest", by="confidence", **options
    )


def test_mask_ids_and_frame_tell_the_same():
    chosen = easy()
    assert chosen.candidates.index[chosen.mask].tolist() == sorted(
        chosen.ids, key=chosen.candidates.index.get_loc
    )
    table = chosen.frame()
    assert table.index.tolist() == chosen.ids
    assert table["rank"].tolist() == list(range(30))
    assert table["score"].is_monotonic_decreasing
    assert chosen.share == 0.5
    assert repr(chosen) == (
        "<depthviz.Selection: 30 of 60 examples, easiest by confidence>"
    )


def test_counts_are_those_of_classes_and_groups():
    chosen = select(ensemble_study(), keep=20, method="random")
    frame = ensemble_study().frame()
    kept = frame.loc[chosen.ids, "label_name"].value_counts()
    for name, count in kept.items():
        assert chosen.counts.loc[("label_name", name), "kept"] == count
    groups = chosen.counts.loc["group"]
    assert groups["of"].sum() == frame["group"].notna().sum()
    assert groups["kept"].sum() == frame.loc[chosen.ids, "group"].notna().sum()


def test_a_class_that_is_left_out_is_told():
    study = column_study(
        depth=np.arange(40.0),
        label=np.repeat([0, 1], 20),
        label_name=["a"] * 20 + ["b"] * 20,
    )
    chosen = select(study, keep=20, method="hardest", by="depth")
    assert "keep less than half of an even share" in chosen.describe()


def test_the_share_of_suspected_labels_is_that_of_the_kept():
    study = suspicious(tiny_study())
    chosen = select(study, keep=10, method="largest", by="label_probability")
    wanted = (study.frame().loc[chosen.ids, "suspicion"] > 0).mean()
    assert chosen.suspected == wanted
    assert f"Of the kept labels {wanted:.1%} look wrong" in chosen.describe()
    unknown = select(column_study(depth=np.arange(4.0)), keep=2, method="random")
    assert np.isnan(unknown.suspected)


@pytest.mark.parametrize("form", ["arrays", "tensors", "dataset", "hugging face"])
def test_the_subset_is_that_of_the_training_data(form):
    chosen = easy(keep=7)
    inputs, labels = np.arange(60) * 10, np.arange(60) % 3
    wanted = inputs[chosen.positions].tolist()
    if form == "arrays":
        found = chosen.subset((inputs, labels))[0].tolist()
    elif form == "tensors":
        found = chosen.subset((torch.from_numpy(inputs), torch.from_numpy(labels)))[0]
        found = found.tolist()
    elif form == "dataset":
        data = TensorDataset(torch.from_numpy(inputs), torch.from_numpy(labels))
        found = [int(item[0]) for item in chosen.subset(data)]
    else:
        datasets = pytest.importorskip("datasets")
        data = datasets.Dataset.from_dict({"x": inputs, "label": labels})
        found = chosen.subset(data)["x"][:]
    assert found == wanted
    assert chosen.candidates.index[chosen.positions].tolist() == chosen.ids


def test_data_of_another_size_are_refused():
    with pytest.raises(ShapeError, match=r"59 examples, but the selection is among 60"):
        easy().subset((np.zeros(59), np.zeros(59)))
    with pytest.raises(DataError, match="map-style"):
        easy().subset(iter([]))
    part = named_study().subset(named_study().frame().index[10:20])
    chosen = select(part, keep=3, method="random")
    with pytest.raises(ShapeError, match="or more"):
        chosen.subset((np.zeros(5), np.zeros(5)))
    assert set(chosen.subset((np.arange(60), np.arange(60)))[0]) <= set(range(10, 20))


def test_a_sampler_goes_from_easy_to_all():
    chosen = easy(keep=20)
    assert list(chosen.sampler()) == list(range(20))
    curriculum = chosen.sampler(pace="root", epochs=4, seed=1)
    sizes = [len(curriculum)]
    passes = []
    for _ in range(4):
        passes.append(list(curriculum))
        sizes.append(len(curriculum))
    assert [len(one) for one in passes] == sizes[:4]
    assert sizes[0] == 2
    assert sizes[3] == 20
    assert sizes[:4] == sorted(sizes[:4])
    for one in passes:
        assert sorted(one) == list(range(len(one)))
    curriculum.set_epoch(1)
    assert list(curriculum) == passes[1]
    steps = chosen.sampler(pace=lambda done: 0.5, epochs=2)
    assert len(list(steps)) == 10


def test_a_sampler_serves_a_loader():
    chosen = easy(keep=20)
    data = TensorDataset(torch.arange(60), torch.arange(60))
    loader = DataLoader(chosen.subset(data), batch_size=8, sampler=chosen.sampler())
    found = torch.cat([inputs for inputs, _ in loader])
    assert found.tolist() == chosen.positions.tolist()


def test_what_has_no_order_has_no_curriculum():
    with pytest.raises(ArgumentError, match="no order to follow"):
        select(named_study(), keep=9, method="random").sampler()
    for options, words in (
        ({"pace": "fast"}, "pace must be"),
        ({"epochs": 0}, "epochs"),
        ({"seed": -1}, "seed"),
    ):
        with pytest.raises(ArgumentError, match=words):
            easy().sampler(**options)
    with pytest.raises(ArgumentError, match="above 0 and at most 1"):
        list(easy().sampler(pace=lambda done: 2.0))


def test_selections_go_together_as_sets():
    one, two = easy(keep=20), easy(keep=30)
    assert one.overlap(two) == 20 / 30
    assert (one & two).ids == one.ids
    assert set((two - one).ids) == set(two.ids) - set(one.ids)
    assert set((one | two).ids) == set(two.ids)
    assert (one | two).ids[:20] == one.ids
    assert (one | two).method == "union"
    with pytest.raises(ArgumentError, match="has no examples"):
        one - two
    with pytest.raises(ArgumentError, match="among other examples"):
        one | select(tiny_study(), keep=3, method="random")
    with pytest.raises(ArgumentError, match="got list"):
        one & [1]


def test_a_saved_selection_opens_as_it_was(tmp_path):
    study = suspicious(ensemble_study())
    chosen = select(study, keep=9, method="hardest", by="depth", balance="label")
    again = Selection.open(chosen.save(tmp_path / "kept.json"))
    assert again.ids == chosen.ids
    assert again.counts.equals(chosen.counts)
    assert again.suspected == chosen.suspected
    assert again.frame()["score"].tolist() == chosen.frame()["score"].tolist()
    assert again.describe() == chosen.describe()
    assert again.overlap(chosen) == 1
    assert dict(again.options) == dict(chosen.options)
    named = easy(keep=4)
    assert Selection.open(named.save(tmp_path / "named.json")).ids == named.ids


def test_options_that_are_arrays_are_kept_by_their_shape(tmp_path):
    points = np.random.default_rng(0).normal(size=(80, 3))
    chosen = select(tiny_study(), keep=9, method="k-center", embeddings=points)
    again = Selection.open(chosen.save(tmp_path / "kept.json"))
    assert again.options["embeddings"] == "ndarray of (80, 3)"
    assert again.weights.tolist() == chosen.weights.tolist()
    assert chosen.weights.sum() == 60


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "x"}, "no selection"),
        ({"version": 2}, "install a newer"),
        ({"rows": [0, 0]}, "damaged"),
        ({"rows": []}, "damaged"),
        ({"rows": [999]}, "damaged"),
        ({"rows": [-1]}, "damaged"),
        ({"weights": [1.0]}, "damaged"),
        ({"columns": {"position": [0] * 60}}, "damaged"),
        ({"columns": {"position": [0]}}, "damaged"),
        ({"ids": None}, "damaged"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, change, words):
    path = easy(keep=3).save(tmp_path / "kept.json")
    kept = json.loads(path.read_text("utf-8")) | change
    path.write_text(json.dumps(kept), "utf-8")
    with pytest.raises(FormatError, match=words):
        Selection.open(path)


def test_a_folder_is_no_place_for_a_selection(tmp_path):
    with pytest.raises(DataError, match="the folder"):
        easy(keep=3).save(tmp_path)


def test_a_selection_goes_into_the_explorer_and_comes_back():
    study = named_study()
    chosen = easy(keep=5)
    explorer = explore(study)
    explorer.selection = chosen.ids
    again = Selection.from_ids(study, explorer.selection)
    assert set(again.ids) == set(chosen.ids)
    assert again.method == "ids"
    table = Selection.from_ids(study, explorer.selected)
    assert table.ids == again.ids


def test_only_training_examples_can_be_selected_by_hand():
    study = named_study()
    held_out = study.frame().query("split == 'validation'").index[0]
    with pytest.raises(DataError, match="Unknown example"):
        Selection.from_ids(study, [held_out])
    with pytest.raises(ArgumentError, match="No example is selected"):
        Selection.from_ids(study, [])


def test_a_study_of_several_measurements_gives_ids_alone(tmp_path):
    one, other = (
        measure(
            torch.nn.Linear(3, 2),
            (cloud_of(seed), np.arange(9) % 2),
            k=2,
            projection=None,
            progress=False,
        )
        for seed in (0, 1)
    )
    chosen = select(
        concat([one, other], keys=["a", "b"]), keep=5, method="hardest", by="depth"
    )
    assert len(chosen.ids) == 5
    again = Selection.open(chosen.save(tmp_path / "kept.json"))
    assert again.ids == chosen.ids
    for each in (chosen, again):
        with pytest.raises(StudyError, match="no one order"):
            each.subset((np.zeros(18), np.zeros(18)))

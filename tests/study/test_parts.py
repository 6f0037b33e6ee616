"""Parts, reorderings and joins of a study show what the whole shows, or are refused."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import depthviz as dv
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Recount, Study, open_study, stored_sensitivity
from depthviz.widgets.payload.details import NO_NEIGHBOR
from depthviz.widgets.payload.pack import pack_study
from tests.studies import ensemble_study, named_study, tiny_study, vector_study

ORDER = np.random.default_rng(3).permutation(80)


def neighbor_ids(study: Study) -> dict[str, list[list[str | None]]]:
    """Return the ids of each example's neighbors at each probe, by its own id."""
    data = study.dataset
    ids = [*data["example_id"].values.tolist(), None]
    index = data["neighbor_index"].transpose("example", "probe", "neighbor").values
    return {
        ids[row]: [[ids[place] for place in probe] for probe in index[row]]
        for row in range(len(study))
    }


def shown_neighbors(study: Study) -> np.ndarray:
    """Return what the page gets of the neighbors, shape `(P, N, K)`."""
    data = study.dataset
    block = np.frombuffer(pack_study(study).chunks["neighbors/0"], "<u4")
    return block.reshape(data.sizes["probe"], len(study), -1)


@pytest.mark.parametrize(
    "turn",
    [
        lambda data: data.isel(example=ORDER),
        lambda data: data.sortby("confidence"),
        lambda data: data.sortby("example_id", ascending=False),
        lambda data: data.isel(example=slice(None, None, -1)),
        lambda data: data.transpose("example", ...),
        lambda data: data.transpose(*reversed([*data.sizes])),
        lambda data: xr.concat(
            [data.isel(example=ORDER[:30]), data.isel(example=ORDER[30:])],
            "example",
            data_vars="minimal",
        ),
    ],
)
def test_another_order_keeps_neighbors_and_what_is_counted_from_them(turn):
    whole = named_study()
    turned = Study(turn(whole.dataset))
    assert neighbor_ids(turned) == neighbor_ids(whole)
    pd.testing.assert_frame_equal(stored_sensitivity(turned), stored_sensitivity(whole))
    frame = whole.frame()
    pd.testing.assert_frame_equal(turned.frame().loc[frame.index], frame)


def test_votes_of_duplicates_do_not_hang_on_the_order():
    points = np.zeros((9, 2), np.float32)
    study = vector_study(9)
    data = study.dataset.assign(
        neighbor_distance=study.dataset["neighbor_distance"] * 0
    )
    assert len(points) == len(study)
    included = dv.study.Conventions(include_self=True)
    turned = np.arange(9)[::-1]
    before = Recount(Study(data)).under(included).votes
    after = Recount(Study(data.isel(example=turned))).under(included).votes
    assert np.array_equal(after, before[:, turned])


def test_a_part_shows_the_neighbors_that_are_in_it():
    whole = named_study()
    chosen = np.flatnonzero(whole.frame()["label"] == 1)
    part = Study(whole.dataset.isel(example=chosen))
    ids = set(part.frame().index)
    for name, before in neighbor_ids(part).items():
        expected = [
            [each if each in ids else None for each in probe]
            for probe in neighbor_ids(whole)[name]
        ]
        assert before == expected
    shown = shown_neighbors(part)
    assert shown[shown != NO_NEIGHBOR].max() < len(part)
    assert (shown == NO_NEIGHBOR).any()
    assert "of 80 examples measured" in repr(part)


def test_what_neighbors_are_needed_for_is_refused_in_a_part():
    part = tiny_study().subset(range(30))
    with pytest.raises(StudyError, match=r"a part of one of 80 examples.*concat"):
        stored_sensitivity(part)


def test_a_part_is_saved_opened_and_taken_apart_again(tmp_path):
    whole = named_study()
    part = Study(whole.dataset.isel(example=ORDER[:50]))
    opened = open_study(part.save(tmp_path / "part.zarr"))
    assert neighbor_ids(opened) == neighbor_ids(part)
    smaller = opened.subset(np.arange(50) % 2 == 0)
    direct = Study(whole.dataset.isel(example=ORDER[:50:2]))
    assert neighbor_ids(smaller) == neighbor_ids(direct)
    raw = xr.open_zarr(tmp_path / "part.zarr", consolidated=False)
    assert neighbor_ids(Study(raw.isel(example=slice(0, 50, 2)))) == neighbor_ids(
        direct
    )


@pytest.mark.parametrize(
    ("studies", "keys"),
    [
        ([], None),
        (tiny_study(), None),
        ([tiny_study(), "x"], None),
        ([tiny_study()], "a"),
        ([tiny_study(), tiny_study()], ["a", "a"]),
    ],
)
def test_what_is_no_list_of_studies_is_refused(studies, keys):
    with pytest.raises(ArgumentError, match=r"list of studies|different name"):
        dv.concat(studies, keys=keys)


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        ({"probe": slice(0, 3)}, "3 of the 7 probes"),
        ({"probe": slice(None, None, -1)}, "'softmax' is number 0"),
        ({"probe": 0}, "one of the 7 probes"),
        ({"neighbor": [0, 1]}, "2 of the 5 neighbors"),
        ({"neighbor": 0}, "one of the 5 neighbors"),
        ({"class": [0, 2]}, "2 of the 3 classes"),
        ({"example": [0, 1, 1]}, r"example_id must be there once, but 1 is that of 2"),
    ],
)
def test_other_cuts_are_refused(cut, message):
    with pytest.raises(StudyError, match=message):
        Study(tiny_study().dataset.isel(cut))


def test_members_are_not_cut_or_turned():
    members = np.arange(6)
    data = ensemble_study().dataset.assign_coords(member=members)
    data = data.assign_attrs(members=6)
    with pytest.raises(StudyError, match="2 of the 6 members"):
        Study(data.isel(member=[0, 1]))
    with pytest.raises(StudyError, match="in the order in which they were trained"):
        Study(data.isel(member=members[::-1]))


def test_neighbors_from_the_farthest_on_are_not_counted():
    turned = Study(tiny_study().dataset.isel(neighbor=slice(None, None, -1)))
    with pytest.raises(StudyError, match="nearest first"):
        stored_sensitivity(turned)


def test_rows_that_were_filled_in_are_refused():
    data = tiny_study().dataset
    with pytest.raises(StudyError, match=r"must hold whole numbers, got float.*subset"):
        Study(data.where(data["label"] == 1, drop=True))
    numbered = data[["confidence"]].assign_coords(example=range(80))
    filled = numbered.reindex(example=[0, 1, 200])
    with pytest.raises(StudyError, match=r"study_row must be a whole number.*filled"):
        Study(filled.assign_coords(example_id=("example", [0, 1, 200])))


def test_studies_put_together_by_hand_are_refused():
    one, other = tiny_study(), named_study()
    ids = [f"{number}" for number in range(160)]
    by_hand = xr.concat([one.dataset, other.dataset], "example", data_vars="minimal")
    with pytest.raises(StudyError, match=r"depthviz\.concat"):
        Study(by_hand.assign_coords(example_id=("example", ids)))


def test_an_id_of_two_examples_is_refused_where_it_is_read(tmp_path):
    ids = np.array([f"img_{row % 40}.png" for row in range(80)], object)
    data = tiny_study().dataset.assign_coords(example_id=("example", ids))
    with pytest.raises(StudyError, match=r"'img_0.png' is that of 2 .* rows 0 and 40"):
        Study(data)


def test_an_empty_part_is_a_study_without_examples(tmp_path):
    empty = tiny_study().subset([])
    assert len(open_study(empty.save(tmp_path / "empty.zarr")).frame()) == 0
    with pytest.raises(StudyError, match="one with none"):
        dv.explore(empty)


def test_a_part_keeps_the_views_of_the_whole_and_leaves_its_folder_alone(tmp_path):
    path = tiny_study().save(tmp_path / "study.zarr")
    whole = open_study(path)
    dv.explore(whole).save_view("all")
    explorer = dv.explore(whole.subset(range(20)))
    explorer.save_view("few")
    assert explorer.saved_views == ["all", "few"]
    assert dv.explore(open_study(path)).saved_views == ["all"]

"""Studies that are joined: parts of one come back together, others lie side by side."""

import numpy as np
import pytest
import xarray as xr

import depthviz as dv
from depthviz.errors import StudyError
from depthviz.study import Study, open_study, stored_sensitivity
from tests.studies import ensemble_study, named_study, tiny_study, vector_study

ORDER = np.random.default_rng(3).permutation(80)


@pytest.mark.parametrize("opened", [False, True])
def test_parts_come_back_together(tmp_path, opened):
    whole = named_study()
    parts = [whole.subset(whole.frame().index[rows]) for rows in np.split(ORDER, 4)]
    if opened:
        parts = [
            open_study(part.save(tmp_path / f"{number}.zarr"))
            for number, part in enumerate(parts)
        ]
    joined = dv.concat(parts)
    assert joined.frame().index.tolist() == whole.frame().index[ORDER].tolist()
    again = joined.subset(whole.frame().index)
    xr.testing.assert_equal(again.dataset, whole.dataset)
    assert list(again.dataset.data_vars) == list(whole.dataset.data_vars)
    assert again.dataset.attrs == whole.dataset.attrs
    assert "measured" not in repr(again)


def test_the_parts_of_an_ensemble_keep_members_and_groups(tmp_path):
    whole = ensemble_study()
    ids = whole.frame().index
    parts = whole.subset(ids[50:]), whole.subset(ids[:50])
    assert parts[0].dataset["in_train"].shape == (6, 30)
    assert parts[0].frame()["group"].equals(whole.frame()["group"][50:])
    assert len(parts[0].groups().codes) == 30
    joined = dv.concat(parts).subset(ids)
    assert joined.frame().equals(whole.frame())
    assert joined.groups().codes.equal(whole.groups().codes)
    page = dv.report(parts[0], tmp_path / "part.html").read_text("utf-8")
    assert "30 of the 80 examples measured" in page


def test_different_studies_are_joined_side_by_side(tmp_path):
    one, other = vector_study(12), vector_study(15)
    joined = dv.concat([one, other], keys=["a", "b"])
    assert joined.frame().index[12] == "b/0"
    index = joined.dataset["neighbor_index"].values
    assert np.array_equal(index[:, :12], one.dataset["neighbor_index"])
    assert np.array_equal(index[:, 12:], other.dataset["neighbor_index"] + 12)
    agreement = (joined.dataset["vote"] == joined.dataset["prediction"]).mean("example")
    assert np.allclose(joined.dataset["probe_agreement"], agreement)
    assert len(joined.dataset.attrs["measurement"]) == 2
    assert stored_sensitivity(joined)["changed"][0] == 0
    opened = open_study(joined.save(tmp_path / "joined.zarr"))
    assert opened.frame().equals(joined.frame())
    dv.report(opened, tmp_path / "joined.html")
    parts = (
        joined.subset(joined.frame().index[20:]),
        joined.subset(joined.frame().index[:20]),
    )
    again = dv.concat(parts).subset(joined.frame().index)
    assert np.array_equal(again.dataset["neighbor_index"], index)


def test_maps_of_different_studies_are_left_out():
    other = Study(tiny_study().dataset.assign_attrs(measurement="another"))
    joined = dv.concat([tiny_study(), other], keys=["a", "b"])
    assert "projection" not in joined.dataset
    assert "neighbors_kept" not in joined.dataset
    assert len(dv.explore(joined).shown) == 160


def test_the_groups_of_different_ensembles_are_found_anew():
    other = Study(ensemble_study().dataset.assign_attrs(measurement="another"))
    joined = dv.concat([ensemble_study(), other], keys=["a", "b"])
    assert joined.dataset["in_train"].shape == (6, 160)
    codes = joined.groups().codes.numpy()
    assert np.array_equal(np.where(codes < 0, 255, codes), joined.dataset["group"])


def other_study(**changes):
    data = vector_study(12).dataset
    ids = {"example_id": ("example", np.arange(100, 112))}
    return Study(data.assign_coords(**{**ids, **changes}))


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            lambda: vector_study(12),
            r"Each example_id must be there once, but 0 .*keys=",
        ),
        (
            lambda: other_study(example_id=("example", [f"x{i}" for i in range(12)])),
            "ids of one kind.*keys=",
        ),
        (
            lambda: vector_study(12, k=3),
            "must have the same k: the first has 2.* has 3",
        ),
        (
            lambda: vector_study(12, ties="smallest"),
            "same ties: the first has 'nearest', study 1 has 'smallest'",
        ),
        (
            lambda: vector_study(12, metric="cosine"),
            "same metric: the first has 'euclidean'",
        ),
        (
            lambda: other_study(**{"class": ["no", "yes"]}),
            "same classes: the first has 0, 1, study 1 has no, yes",
        ),
        (
            lambda: other_study(probe=["input", "other"]),
            "same probes: the first has input, softmax, study 1 has input, other",
        ),
        (
            lambda: other_study().assign(mine=range(12)),
            "study 1 has 'mine', the first has not",
        ),
    ],
)
def test_studies_that_differ_are_not_joined(other, message):
    with pytest.raises(StudyError, match=message):
        dv.concat([vector_study(12), other()])


def test_parts_with_a_common_example_are_not_joined():
    whole = tiny_study()
    parts = [whole.subset(range(30)), whole.subset(range(29, 50))]
    with pytest.raises(StudyError, match="example 29 is in two of them"):
        dv.concat(parts)
    with pytest.raises(StudyError, match="is in two of them"):
        dv.concat(parts, keys=["a", "b"])

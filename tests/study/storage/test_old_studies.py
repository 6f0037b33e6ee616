"""Studies saved before the names of version 0.1 were settled open and mean the same.

`old_studies` was written by that earlier code: a study of one network with saved views,
one measured under other conventions, an ensemble's run and one that was killed after
two of its three members. Next to each lies what it meant then: the table, the words of
`depthviz info`, the groups, and a digest of every array.
"""

import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import depthviz as dv
from depthviz.cli.commands import main
from depthviz.errors import StudyError
from depthviz.reports.contents.found import find_findings
from depthviz.study import Recount, open_study
from depthviz.study.conventions.definition import Conventions, stored_conventions
from depthviz.study.members import describe_fit
from depthviz.study.rules import describe_suspicion
from depthviz.study.storage.saved_views import read_views, save_view
from depthviz.training import Recipe
from depthviz.widgets.payload.pack import pack_study

OLD = Path(__file__).parent / "old_studies"
STUDIES = ["one_network", "included", "run"]
VIEWS = ["deep ones", "é </script>"]


@pytest.fixture
def unpacked(tmp_path):
    """What unpacks one of the studies, and gives its path."""

    def unpack(name):
        with zipfile.ZipFile(OLD / f"{name}.zip") as archive:
            archive.extractall(tmp_path)
        return next(path for path in tmp_path.iterdir() if path.stem == name)

    return unpack


def meant(name):
    return json.loads((OLD / f"{name}.json").read_text("utf-8"))


def table(study):
    """Write a study's table without the columns that were not derived then."""
    later = ["suspicion_rank", "label_name"]  # the latter where classes have names
    return study.frame().drop(columns=later, errors="ignore").to_csv()


def digest(values):
    if values.dtype.kind in "OUT":
        return hashlib.sha256(json.dumps(values.tolist()).encode()).hexdigest()
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


@pytest.mark.parametrize("name", STUDIES)
def test_the_table_of_an_old_study_is_the_same(unpacked, name):
    found = table(open_study(unpacked(name)))
    assert found == (OLD / f"{name}.csv").read_text("utf-8")


@pytest.mark.parametrize("name", STUDIES)
def test_every_array_of_an_old_study_is_the_same(unpacked, name):
    dataset = open_study(unpacked(name)).dataset
    before = meant(name)["variables"]
    rows = {"measured_row", "study_row"}  # every study numbers its rows by now
    assert {str(each) for each in dataset.variables} == set(before) | rows
    for each, array in dataset.drop_vars(rows).variables.items():
        assert list(array.dims) == before[each]["dimensions"], each
        assert digest(array.values) == before[each]["sha256"], each
        assert array.attrs == before[each]["attributes"], each
        if before[each]["type"] != "text":
            assert str(array.dtype) == before[each]["type"], each


@pytest.mark.parametrize("name", STUDIES)
def test_the_attributes_of_an_old_study_are_the_same(unpacked, name):
    found = open_study(unpacked(name)).dataset.attrs
    assert {each: found[each] for each in found if each != "views"} == meant(name)[
        "attributes"
    ]


@pytest.mark.parametrize("name", STUDIES)
def test_info_says_the_same_of_an_old_study(unpacked, name, capsys):
    path = unpacked(name)
    assert main(["info", str(path)]) == 0
    said = capsys.readouterr().out
    dataset = open_study(path).dataset
    assert "suspicion by the earlier rule" in said
    for later in (describe_fit(dataset), describe_suspicion(dataset)):
        said = said.replace(f", {later}", "") if later else said
    assert said == (OLD / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("which", "asked"),
    [
        ("default", {}),
        ("q", {"q": 0.2}),
        ("boundaries", {"boundaries": (1.0, 2.0, 1.0, 2.0)}),
    ],
)
def test_the_groups_of_an_old_study_are_the_same(unpacked, which, asked):
    found = open_study(unpacked("run")).groups(**asked)
    before = meant("run")["groups"][which]
    assert found.codes.tolist() == before["codes"]
    assert list(found.names) == before["names"]
    assert list(map(float, found.boundaries)) == before["boundaries"]
    np.testing.assert_allclose(found.confidence, before["confidence"], atol=1e-6)


@pytest.mark.parametrize(
    ("name", "conventions"),
    [
        ("one_network", Conventions()),
        ("run", Conventions()),
        (
            "included",
            Conventions(ties="smallest", include_self=True, compare_with="label"),
        ),
    ],
)
def test_the_conventions_of_an_old_study_are_understood(unpacked, name, conventions):
    study = open_study(unpacked(name))
    assert stored_conventions(study.dataset.attrs) == conventions
    again = Recount(study).under(conventions)
    assert again.depth.tolist() == study.dataset["depth"].values.tolist()
    assert np.array_equal(again.votes, study.dataset["vote"].values)


def test_the_saved_views_of_an_old_study_are_there(unpacked):
    path = unpacked("one_network")
    study = open_study(path)
    views = read_views(study.dataset)
    assert list(views) == VIEWS
    explorer = dv.explore(study)
    explorer.restore_view("deep ones")
    assert explorer.selection == [3, 5, 61]
    assert explorer.ui_state["filters"] == {"depth": [1, 4]}
    save_view(study.dataset, "another", {})
    assert list(read_views(open_study(path).dataset)) == [*VIEWS, "another"]


@pytest.mark.parametrize("name", STUDIES)
def test_an_old_study_is_shown_and_reported(unpacked, name, tmp_path):
    study = open_study(unpacked(name))
    manifest = pack_study(study).manifest
    assert manifest["count"] == len(study)
    page = dv.report(study, tmp_path / "report.html").read_text("utf-8")
    assert f"<title>{manifest['title']}</title>" in page
    assert f"<h1>{find_findings(study)[0].says}</h1>" in page


@pytest.mark.parametrize("name", STUDIES)
def test_an_old_study_is_saved_again(unpacked, name, tmp_path):
    study = open_study(unpacked(name))
    again = open_study(study.save(tmp_path / "again.zarr"))
    assert again.frame().to_csv() == study.frame().to_csv()


def test_an_old_study_is_replaced_where_it_lies(unpacked):
    path = unpacked("one_network")
    open_study(path).assign(more=range(80)).save(path, overwrite=True)
    assert open_study(path).frame()["more"].tolist() == list(range(80))


ROWS = np.arange(48)
POINTS = ((ROWS[:, None] * np.array([7, 11, 13, 17])) % 32 - 16) / 8
LABELS = (POINTS[:, 0] + POINTS[:, 1] > 0).astype(np.int64)


def network():
    """Build the network of the run; its first weights are drawn from nothing."""
    built = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 2))
    with torch.no_grad():
        for number, weights in enumerate(built.parameters()):
            steps = torch.arange(weights.numel()) * (5 + number) % 16 - 8
            weights.copy_((steps / 16).reshape(weights.shape))
    return built


def ensemble(**options):
    """Ask for the run as it was asked for then."""
    asked = {
        "members": 3,
        "holdout": 0.5,
        "recipe": Recipe(epochs=2, batch_size=16, checkpoints=3),
        "k": 4,
        "projection": "pca",
        "images": None,
        "threads": 1,
        "device": "cpu",
        "class_names": ["no", "yes"],
        "title": "Three",
    }
    data = (POINTS.astype(np.float32), LABELS)
    return dv.Ensemble(network, data, **{**asked, **options})


def test_a_killed_run_of_the_old_state_goes_on(unpacked):
    path = unpacked("killed_run")
    markers = [path / "members" / f"0000{member}.json" for member in range(3)]
    before = [marker.read_bytes() for marker in markers[:2]]
    study = ensemble().run(path, progress=False)
    assert [marker.read_bytes() for marker in markers[:2]] == before
    assert markers[2].exists()
    whole = open_study(unpacked("run")).dataset
    for name, array in whole.data_vars.items():
        if "member" in array.dims:
            found = study.dataset[name].values
            assert np.array_equal(found[:2], array.values[:2], equal_nan=True), name
    assert np.array_equal(study.dataset["in_train"], whole["in_train"])


def test_a_run_of_the_old_state_is_opened_by_running_it_again(unpacked):
    path = unpacked("run")
    study = ensemble().run(path, progress=False)
    assert table(study) == (OLD / "run.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "difference"),
    [
        ({"ties": "smallest"}, "ties was nearest, now smallest"),
        ({"include_self": True}, "include_self was False, now True"),
    ],
)
def test_a_run_of_the_old_state_under_other_conventions_is_refused(
    unpacked, options, difference
):
    path = unpacked("killed_run")
    with pytest.raises(StudyError, match=f"holds another run: {difference}"):
        ensemble(**options).run(path, progress=False)

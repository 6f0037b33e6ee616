"""A report claims nothing that the study does not hold, whatever is in it."""

import numpy as np
import pytest

from depthviz import charts
from depthviz.reports.contents.asking import Ask
from depthviz.reports.contents.assembling import assemble
from depthviz.reports.contents.caveats import _near_chance, caveats_of
from depthviz.reports.contents.figures import figures_of
from depthviz.reports.contents.finding import suspected_labels
from depthviz.reports.contents.found import find_findings, held_by_few
from depthviz.reports.contents.pictures import pictures_of
from depthviz.reports.contents.twins import find_twins
from depthviz.reports.document import Statement, Table, View
from depthviz.study import Study
from tests.charts.studies import ensemble, one_example, synthetic, without
from tests.relabeling.suspects import one
from tests.studies import tiny_study


def view_of(study: Study, name: str) -> View:
    views = [each.view for each in figures_of(study, draw=False) if each.name == name]
    assert views[0] is not None
    return views[0]


def test_a_link_to_suspected_labels_leads_to_all_that_are_counted() -> None:
    for study in (one(), ensemble()):
        frame = study.frame()
        view = view_of(study, "evidence_by_probe")
        shown = frame["suspicion"] >= view.state["filters"]["suspicion"]["from"]
        assert shown.sum() == len(suspected_labels(frame))
        assert not view.selection


def test_a_link_to_a_pair_of_labels_leads_to_as_many_as_are_counted() -> None:
    study = one()
    frame = study.frame()
    filters = view_of(study, "confusion_by_group").state["filters"]
    shown = frame["suspicion"] >= filters["suspicion"]["from"]
    for name in ("label", "suggested_label"):
        shown &= frame[name].isin(filters[name])
    doubted = frame.iloc[suspected_labels(frame)]
    assert shown.sum() == doubted.groupby(["label", "suggested_label"]).size().max()


@pytest.mark.parametrize(
    ("accuracy", "classes", "near"),
    [(1.0, 2, False), (0.53, 2, True), (1.0, 1, False), (0.1, 1000, False)],
)
def test_what_is_near_chance(accuracy: float, classes: int, *, near: bool) -> None:
    assert bool(_near_chance(accuracy, classes)) is near


def test_how_many_networks_held_examples_out_is_said_of_each_only_if_so() -> None:
    frame = synthetic().frame()
    assert held_by_few(frame.assign(held_out=2)) == (
        "Each example was held out by 2 networks only"
    )
    mixed = frame.assign(held_out=np.arange(len(frame)) % 3)
    assert held_by_few(mixed) == (
        "Half of the examples were held out by at most 1 network"
    )
    assert (mixed["held_out"] <= 1).mean() >= 0.5


@pytest.mark.parametrize("values", [np.linspace(0, 1, 80), np.full(80, np.nan), "no"])
def test_a_column_that_is_only_named_planted_plants_nothing(values: object) -> None:
    planted = np.broadcast_to(np.asarray(values), (80,)).copy()
    study = Study(one().dataset.assign(planted=("example", planted)))
    assert all("planted" not in each.more for each in find_findings(study))


@pytest.mark.parametrize("name", ["given", "suggested", "group", "consensus_class"])
def test_columns_of_the_author_may_have_any_name(name: str) -> None:
    study = one().assign(**{name: np.arange(80)})
    whole = next(
        part.whole
        for section in assemble(study, Ask(no_drawings="x")).sections
        for part in section.parts
        if isinstance(part, Table) and part.whole is not None
    )
    assert set(whole["given"]) <= set(study.classes)
    assert find_findings(study)[0].key == "suspected"


def test_labels_that_nobody_knows_are_no_classes() -> None:
    data = ensemble().dataset
    label = np.full(80, -1)
    label[::2] = 1
    study = Study(data.assign(label=("example", label)))
    assert (label[suspected_labels(study.frame())] >= 0).all()
    assert find_twins(study) == []
    said = caveats_of(study)
    assert "The label of 40 examples is not known." in said
    assert any(study.classes[1] in each for each in said)
    table = charts.confusion_by_group_table(study)
    assert set(table["label"]) == {study.classes[1]}


def test_one_example_is_told_in_the_singular() -> None:
    found = assemble(one_example(), Ask(no_drawings="x"))
    assert found.title == "1 example, 7 probes"
    assert "1 examples" not in str(found.sections)


def test_neighbors_name_another_class_for_as_many_as_are_suspected() -> None:
    study = ensemble()
    first = assemble(study, Ask(no_drawings="x")).sections[0].parts[0]
    assert isinstance(first, Statement)
    frame = study.frame()
    rows = np.flatnonzero(frame["group"] == "looks like a different class")
    count = np.isin(suspected_labels(frame), rows).sum()
    assert 0 < count < len(rows)
    assert first.says == f"The neighbors of {count} of them name another class"


@pytest.mark.parametrize("name", ["label", "depth", "suspicion"])
def test_paper_tells_what_there_is(name: str) -> None:
    assert assemble(without(tiny_study(), name), Ask(no_drawings="x")).sections


def test_a_picture_with_an_alpha_channel_is_drawn() -> None:
    data = ensemble().dataset
    dims = data["image"].dims
    image = np.zeros((80, 9, 9, 4), np.uint8)
    study = Study(data.drop_vars("image").assign(image=(dims, image)))
    assert (pictures_of(study, [0])[0].data or b"").startswith(b"\x89PNG")

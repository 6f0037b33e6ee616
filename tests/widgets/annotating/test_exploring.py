"""A study is explored with annotations: where they are kept, and what Python sees."""

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import depthviz as dv
from depthviz.errors import ArgumentError, FormatError, StudyError
from tests.studies import ensemble_study, named_study, tiny_study
from tests.widgets.annotating.annotated import Pages, event
from tests.widgets.code_runner import run


@pytest.fixture
def study() -> dv.Study:
    return dv.Study(named_study().dataset)


def test_true_is_a_file_beside_the_folder_of_the_study(tmp_path: Path) -> None:
    study = dv.open_study(tiny_study().save(tmp_path / "my study.zarr"))
    view = dv.explore(study, annotations=True)
    desk = view._session.desk
    assert desk is not None
    assert desk.store.place == str(tmp_path / "my study.zarr.annotations.sqlite")
    Pages(view).keep(event())
    tiny_study().save(tmp_path / "my study.zarr", overwrite=True)
    again = dv.explore(dv.open_study(tmp_path / "my study.zarr"), annotations=True)
    assert again.shown["verdict"].notna().sum() == 1


def test_of_a_run_it_is_beside_the_folder_of_the_run(tmp_path: Path) -> None:
    run_folder = tmp_path / "run"
    run_folder.mkdir()
    ensemble_study().save(run_folder / "study.zarr")
    (run_folder / "run.json").write_text('{"members": 4}')
    study = dv.open_study(run_folder)
    desk = dv.explore(study, annotations=True)._session.desk
    assert desk is not None
    assert desk.store.place == str(tmp_path / "run.annotations.sqlite")


def test_a_study_in_memory_asks_for_a_path(study: dv.Study, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match=r"in memory.*open_study\(study\.save"):
        dv.explore(study, annotations=True)
    opened = dv.open_study(study.save(tmp_path / "s.zarr"))
    with pytest.raises(ArgumentError, match="in memory"):
        dv.explore(opened.subset(opened.frame().index[:5]), annotations=True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"annotations": 3}, "annotations must be True .* got int"),
        ({"annotations": ["a"]}, "annotations must be True .* got list"),
        ({"annotations": ""}, "path must be the path of a file"),
        ({"annotator": "jana"}, "annotator says how to annotate, and nothing is"),
        ({"schema": {}}, "schema says how to annotate"),
        ({"blind": True}, "blind says how to annotate"),
        ({"annotations": "s.sqlite", "blind": 1}, "blind must be True or False"),
        ({"annotations": "s.sqlite", "annotator": ""}, "annotator must be a name"),
        ({"annotations": "s.sqlite", "annotator": " jana"}, "begins or ends with a"),
        ({"annotations": "s.sqlite", "annotator": "a\0"}, "without NUL"),
        ({"annotations": "s.sqlite", "schema": {"verdicts": []}}, "must have 'verdic"),
        ({"annotations": "mysql://a/b"}, "PostgreSQL"),
        ({"annotations": "none/at/all.sqlite"}, "cannot be made"),
    ],
)
def test_what_is_no_place_or_schema_is_told(
    study: dv.Study,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, Any],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((ArgumentError, OSError), match=words):
        dv.explore(study, **given)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["", "a\0b", "a" * 1001])
def test_an_id_that_no_store_takes_is_told_at_once(
    study: dv.Study, tmp_path: Path, name: str
) -> None:
    ids = np.array([name, *study.frame().index[1:]], object)
    odd = dv.Study(study.dataset.assign_coords(example_id=("example", ids)))
    with pytest.raises(StudyError, match="cannot be annotated: its id must have 1 to"):
        dv.explore(odd, annotations=tmp_path / "s.sqlite")
    assert [*tmp_path.iterdir()] == []
    assert len(dv.explore(odd).shown) == len(ids)


def test_a_damaged_store_is_refused_and_left(study: dv.Study, tmp_path: Path) -> None:
    place = tmp_path / "s.sqlite"
    place.write_bytes(b"no database")
    with pytest.raises(FormatError, match="left as it is"):
        dv.explore(study, annotations=place)
    assert place.read_bytes() == b"no database"


def test_a_store_that_was_opened_says_who_annotates(
    study: dv.Study, tmp_path: Path
) -> None:
    with dv.annotations.open(tmp_path / "s.sqlite", annotator="otto") as store:
        view = dv.explore(study, annotations=store)
        assert view._annotations["annotator"] == "otto"
        view = dv.explore(study, annotations=store, annotator="jana")
        assert view._annotations["annotator"] == "jana"
    view = dv.explore(study, annotations=tmp_path / "s.sqlite")
    assert view._annotations["annotator"] == ""


def test_a_view_gives_its_open_store(study: dv.Study, tmp_path: Path) -> None:
    assert dv.explore(study).annotations is None
    ids = study.frame().index
    view = dv.explore(study, annotations=tmp_path / "s.sqlite", annotator="otto")
    store = view.annotations
    assert store is not None
    Pages(view).keep(event(example=ids[0]))
    assert store.frame()["verdict"].tolist() == ["correct"]
    store.record(ids[1], "verdict", "ambiguous")
    said = store.frame().index.tolist()
    assert said == [(ids[0], "jana"), (ids[1], "otto")]
    assert view.shown["annotators"].sum() == 2
    with dv.annotations.open(tmp_path / "t.sqlite") as given:
        assert dv.explore(study, annotations=given).annotations is given


def test_views_share_a_session_where_they_annotate_alike(
    study: dv.Study, tmp_path: Path
) -> None:
    place = tmp_path / "s.sqlite"
    plain = dv.explore(study)
    one, two = (dv.explore(study, annotations=place) for _ in range(2))
    other = dv.explore(study, annotations=tmp_path / "t.sqlite")
    blind = dv.explore(study, annotations=place, blind=True)
    sessions = [view._session_id for view in (plain, one, two, other, blind)]
    assert sessions[1] == sessions[2]
    assert len(set(sessions)) == 4
    assert "verdict" not in {each["name"] for each in plain._manifest["columns"]}
    assert len(one._esm) > len(plain._esm)


def test_filters_shown_and_code_know_the_verdicts(
    study: dv.Study, tmp_path: Path
) -> None:
    view = dv.explore(study, annotations=tmp_path / "s.sqlite")
    page = Pages(view)
    ids = study.frame().index
    page.keep(
        event(example=ids[2]),
        event(example=ids[3], value="ambiguous"),
        event(example=ids[3], annotator="otto"),
    )
    view.filters = {"verdict": ["correct"]}
    assert view.shown.index.tolist() == [ids[2]]
    assert run(view.code(), study).index.tolist() == [ids[2]]
    view.filters = {"verdict": ["disputed"], "disagreement": {"from": 1}}
    assert view.shown.index.tolist() == [ids[3]]
    assert run(view.code(), study).index.tolist() == [ids[3]]
    view.filters = {"annotators": {"from": 0, "to": 0}}
    assert len(view.shown) == len(ids) - 2
    view.filters = {"depth": {"from": 1}}
    assert "annotations" not in view.code()
    view.filters = {}
    view.selection = [ids[3]]
    assert view.selected["annotators"].tolist() == [2]
    assert view.to_png(tmp_path / "still.png").stat().st_size > 1000


def test_a_verdict_of_no_schema_is_named_or_other(
    study: dv.Study, tmp_path: Path
) -> None:
    ids = study.frame().index
    with dv.annotations.open(tmp_path / "s.sqlite", annotator="otto") as store:
        store.record(ids[0], "verdict", "out of place")
        view = dv.explore(study, annotations=store, annotator="jana")
        view.filters = {"verdict": ["out of place"]}
        assert view.shown.index.tolist() == [ids[0]]
        store.record(ids[1], "verdict", "something new")
        view.filters = {"verdict": ["other"]}
        assert view.shown.index.tolist() == [ids[1]]


def test_a_blind_view_shows_ones_own_alone(study: dv.Study, tmp_path: Path) -> None:
    place = tmp_path / "s.sqlite"
    ids = study.frame().index
    with dv.annotations.open(place, annotator="otto") as store:
        store.record(ids[0], "verdict", "correct")
    view = dv.explore(study, annotations=place, annotator="jana", blind=True)
    assert view.shown["verdict"].notna().sum() == 0
    Pages(view).keep(event(example=ids[0], value="ambiguous"))
    assert view.shown.loc[ids[0], "verdict"] == "ambiguous"
    assert view.shown.loc[ids[0], "annotators"] == 1
    assert view.shown["disagreement"].isna().all()


def test_what_is_packed_tells_no_verdict(study: dv.Study, tmp_path: Path) -> None:
    ids = study.frame().index
    with dv.annotations.open(tmp_path / "s.sqlite", annotator="otto") as store:
        store.record(ids[0], "verdict", "correct")
        view = dv.explore(study, annotations=store)
    chunks = view._pack.chunks
    assert set(chunks["column/verdict"]) == {255}
    numbers = np.frombuffer(chunks["column/annotators"], "<f4")
    assert (len(numbers), numbers.any()) == (len(ids), False)
    sizes = view._manifest["chunks"]
    assert sizes["column/verdict"] == len(ids)


def test_a_column_of_the_same_name_gives_way(study: dv.Study, tmp_path: Path) -> None:
    own = study.assign(verdict=["mine"] * len(study))
    view = dv.explore(own, annotations=tmp_path / "s.sqlite")
    named = [each["name"] for each in view._manifest["columns"]]
    assert named.count("verdict") == 1
    assert view.shown["verdict"].notna().sum() == 0


def test_a_later_study_in_another_order_finds_its_decisions(
    study: dv.Study, tmp_path: Path
) -> None:
    place = tmp_path / "s.sqlite"
    ids = study.frame().index
    view = dv.explore(study, annotations=place)
    data = view._annotations["data"]
    Pages(view).keep(*(event(example=name, data=data) for name in ids[:3]))
    turned = study.dataset.isel(example=slice(None, None, -1))
    later = dv.Study(turned.assign_attrs(data_sha256="0" * 64))
    with pytest.warns(UserWarning, match=re.escape("found again by the ids")):
        found = dv.explore(later, annotations=place).shown
    assert found.index[found["verdict"] == "correct"].tolist() == [*ids[2::-1]]
    changed = later.dataset.copy(deep=True)
    changed["image"].values[-1] += 1
    with pytest.warns(UserWarning, match=r"1 of 3 look different now, such as 'pic"):
        dv.explore(dv.Study(changed), annotations=place)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dv.explore(dv.Study(study.dataset), annotations=place)


def test_numbers_find_what_was_decided_where_the_examples_look_the_same(
    study: dv.Study, tmp_path: Path
) -> None:
    place = tmp_path / "s.sqlite"
    data = study.dataset.assign_coords(example_id=("example", np.arange(len(study))))
    first = dv.explore(dv.Study(data), annotations=place)
    told = first._annotations["data"]
    Pages(first).keep(event(example="2", data=told))
    trained_again = data.assign_attrs(data_sha256="0" * 64)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        later = dv.explore(dv.Study(trained_again), annotations=place)
    assert later._annotations["same"] == [told]
    assert later.shown["verdict"].tolist()[2] == "correct"
    some = trained_again.isel(example=slice(3, None))
    fewer = dv.Study(some.assign_attrs(data_sha256="1" * 64))
    with pytest.warns(UserWarning, match="not shown here"):
        dv.explore(fewer, annotations=place)
    Pages(first).keep(event(example="4", data=told))
    found = dv.explore(fewer, annotations=place).shown["verdict"]
    assert found.dropna().to_dict() == {4: "correct"}
    other = trained_again.copy(deep=True)
    other["image"].values[2] += 1
    with pytest.warns(UserWarning, match="not shown here"):
        strange = dv.explore(dv.Study(other), annotations=place)
    assert strange._annotations["same"] == []
    assert strange.shown["verdict"].isna().all()


def test_an_offline_page_carries_what_is_decided(
    study: dv.Study, tmp_path: Path
) -> None:
    view = dv.explore(study, annotations=tmp_path / "s.sqlite", annotator="jana")
    ids = study.frame().index
    Pages(view).keep(event(example=ids[0], field="note", value="</script><b>hm</b>"))
    page = view.to_html(tmp_path / "p.html").read_text("utf-8")
    assert "</script><b>hm" not in page
    assert "\\u003c/script>\\u003cb>hm" in page
    assert "indexedDB" in page
    site = view.to_site(tmp_path / "site").read_text("utf-8")
    plain = dv.explore(study).to_html(tmp_path / "plain.html").read_text("utf-8")
    assert "indexedDB" not in plain
    assert '"annotations"' not in plain
    places = [re.findall(r'"place": "([0-9a-f]{32})"', text) for text in (page, site)]
    again = view.to_html(tmp_path / "p.html").read_text("utf-8")
    assert re.findall(r'"place": "([0-9a-f]{32})"', again) == places[0]
    assert places[0] != places[1]
    assert all(len(found) == 1 for found in places)

"""Views of one study share selection, state and named views; other studies do not."""

import gc
import json
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import depthviz as dv
from depthviz.errors import DataError, FormatError, StudyError
from depthviz.widgets import session as module
from depthviz.widgets.session import session_of
from tests.studies import ensemble_study, tiny_study, vector_study

SINGLE = [dv.ExampleGrid, dv.ProbeMap, dv.GroupFilter, dv.Histogram, dv.Inspector]


@pytest.fixture
def study() -> dv.Study:
    return vector_study()


def from_browser(view: dv.Explorer, *positions: int) -> None:
    mask = np.zeros(len(view.study), bool)
    mask[list(positions)] = True
    view.set_state({"_selection": np.packbits(mask, bitorder="little").tobytes()})


def test_all_views_of_a_study_bear_its_session_and_share_its_data(
    study: dv.Study,
) -> None:
    views = [dv.explore(study), *(view(study) for view in SINGLE)]
    assert len({view._session_id for view in views}) == 1
    assert len({id(view._pack.chunks) for view in views}) == 1
    assert [view._view for view in views] == [
        "explorer",
        "grid",
        "map",
        "groups",
        "histogram",
        "inspector",
    ]
    assert dv.explore(vector_study())._session_id != views[0]._session_id


def test_the_selection_of_one_is_that_of_all(study: dv.Study) -> None:
    explorer, grid = dv.explore(study), dv.ExampleGrid(study)
    from_browser(explorer, 2, 5)
    assert explorer.selection == grid.selection == study.frame().index[[2, 5]].tolist()
    grid.selection = study.frame().index[[1]]
    assert explorer.selection == grid.selection == study.frame().index[[1]].tolist()
    assert explorer._selection == grid._selection
    later = dv.ProbeMap(study)
    assert later._selection == grid._selection


def test_an_old_word_of_one_view_is_no_news_to_the_browser(study: dv.Study) -> None:
    """What one view says is not sent to the others: their page knows, maybe better."""
    explorer, grid = dv.explore(study), dv.ExampleGrid(study)
    from_browser(explorer, 3)
    assert grid._selection == b""


def test_filters_are_shared(study: dv.Study) -> None:
    explorer, groups = dv.explore(study), dv.GroupFilter(study)
    groups.filters = {"depth": {"from": 1}}
    assert explorer.filters == {"depth": {"from": 1}}
    assert explorer.shown.equals(groups.shown)


def test_callbacks_hear_of_every_change_until_they_are_stopped(study: dv.Study) -> None:
    explorer, grid = dv.explore(study), dv.ExampleGrid(study)
    heard: list[list[Any]] = []
    stop = explorer.on_selection(heard.append)
    ids = study.frame().index
    from_browser(grid, 4)
    grid.selection = ids[[4]]
    explorer.selection = ids[[0, 1]]
    stop()
    stop()
    explorer.selection = []
    assert heard == [ids[[4]].tolist(), ids[[0, 1]].tolist()]


def test_a_callback_that_fails_is_heard_of_and_stops_no_other(study: dv.Study) -> None:
    explorer = dv.explore(study)
    heard: list[object] = []

    def fail(_: object) -> None:
        raise RuntimeError("broken callback")

    explorer.on_selection(fail)
    explorer.on_selection(heard.append)
    with pytest.raises(RuntimeError, match="broken callback"):
        explorer.selection = study.frame().index[:1]
    assert len(heard) == 1
    assert len(explorer.selection) == 1


def test_what_is_shared_goes_with_the_study() -> None:
    study = vector_study()
    dv.explore(study).close()
    assert study in module._sessions
    key = session_of(study).session_id
    del study
    import gc

    gc.collect()
    assert key not in {session.session_id for session in module._sessions.values()}


def test_a_histogram_of_no_column_is_refused(study: dv.Study) -> None:
    with pytest.raises(DataError, match=r"Unknown column 'nothing'.*'depth'"):
        dv.Histogram(study, column="nothing")
    with pytest.raises(DataError, match="Unknown column 'example_id'"):
        dv.Histogram(study, column="example_id")


def test_a_named_view_brings_all_back(study: dv.Study) -> None:
    explorer = dv.explore(study)
    explorer.filters = {"depth": {"from": 1}}
    explorer.selection = study.frame().index[[3, 4]]
    explorer.save_view("hard ones")
    explorer.filters, explorer.selection = {}, []
    assert explorer.saved_views == ["hard ones"]
    explorer.restore_view("hard ones")
    assert explorer.filters == {"depth": {"from": 1}}
    assert explorer.selection == study.frame().index[[3, 4]].tolist()
    explorer.delete_view("hard ones")
    assert explorer.saved_views == []


def test_a_view_saved_before_the_browser_spoke_lifts_what_came_later() -> None:
    study = dv.Study(ensemble_study().dataset)
    explorer = dv.explore(study)
    ends = study.dataset["group"].attrs["boundaries"]
    explorer.save_view("all")
    explorer.ui_state = {"filters": {"label": [0]}, "boundaries": [0, 1, 2, 3]}
    explorer.restore_view("all")
    state = explorer.ui_state
    assert state["filters"] == {}
    assert state["boundaries"] == pytest.approx(list(ends))
    assert state["selected_only"] is False


def test_who_can_read_a_study_can_read_its_views(tmp_path: Path) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    path.chmod(0o755)
    dv.explore(dv.open_study(path)).save_view("one")
    assert (path / "views.json").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("name", ["", "  ", None, 3])
def test_a_view_needs_a_name(study: dv.Study, name: Any) -> None:
    with pytest.raises(DataError, match="must be text"):
        dv.explore(study).save_view(name)


def test_an_unknown_view_names_those_there_are(study: dv.Study) -> None:
    explorer = dv.explore(study)
    with pytest.raises(DataError, match="Saved are: none"):
        explorer.restore_view("a")
    explorer.save_view("../b")
    with pytest.raises(DataError, match=r"Saved are: '\.\./b'"):
        explorer.delete_view("a")


def test_views_of_an_opened_study_are_there_after_a_restart(tmp_path: Path) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    first = dv.explore(dv.open_study(path))
    first.selection = first.study.frame().index[[7]]
    first.save_view("one")
    again = dv.explore(dv.open_study(path))
    assert again.saved_views == ["one"]
    again.restore_view("one")
    assert again.selection == first.selection
    assert [file.name for file in path.glob("*views*")] == ["views.json"]


def test_views_of_two_who_opened_a_study_are_all_kept(tmp_path: Path) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    one, other = (dv.explore(dv.open_study(path)) for _ in range(2))
    one.save_view("one")
    other.save_view("other")
    assert one.saved_views == other.saved_views == ["one", "other"]
    assert dv.explore(dv.open_study(path)).saved_views == ["one", "other"]


def test_views_go_along_when_a_study_is_saved(tmp_path: Path) -> None:
    study = vector_study()
    dv.explore(study).save_view("mine")
    path = study.save(tmp_path / "a.zarr")
    opened = dv.open_study(path)
    dv.explore(opened).save_view("theirs")
    copy = dv.open_study(opened.save(tmp_path / "b.zarr"))
    assert dv.explore(copy).saved_views == ["mine", "theirs"]
    replaced = dv.open_study(opened.save(path, overwrite=True))
    assert dv.explore(replaced).saved_views == ["mine", "theirs"]


@pytest.mark.parametrize("text", ["[]", "{", '"' * 9, "null", "[" * 10_000])
def test_a_damaged_list_of_views_hides_no_study_and_is_left(
    tmp_path: Path, text: str
) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    (path / "views.json").write_text(text)
    explorer = dv.explore(dv.open_study(path))
    for act in (lambda: explorer.saved_views, lambda: explorer.save_view("new")):
        with pytest.raises(FormatError, match=r"views\.json cannot be read.*move it"):
            act()
    assert (path / "views.json").read_text() == text


@pytest.mark.parametrize("text", ["", "\0\0"])
def test_an_empty_list_of_views_is_begun_anew(tmp_path: Path, text: str) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    (path / "views.json").write_text(text)
    explorer = dv.explore(dv.open_study(path))
    assert explorer.saved_views == []
    explorer.save_view("new")
    assert list(json.loads((path / "views.json").read_text())) == ["new"]


def test_an_entry_that_is_no_view_is_kept(tmp_path: Path) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    (path / "views.json").write_text('{"a": 1}')
    explorer = dv.explore(dv.open_study(path))
    assert explorer.saved_views == []
    explorer.save_view("new")
    assert list(json.loads((path / "views.json").read_text())) == ["a", "new"]


def test_a_view_is_not_saved_to_another_study_at_that_place(tmp_path: Path) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    explorer = dv.explore(dv.open_study(path))
    vector_study().save(path, overwrite=True)
    with pytest.raises(StudyError, match="was replaced since it was opened"):
        explorer.save_view("old")
    assert not (path / "views.json").exists()


def test_a_list_half_written_by_a_killed_process_is_in_no_way(tmp_path: Path) -> None:
    path = tiny_study().save(tmp_path / "study.zarr")
    (path / ".views.json.abc").write_text("{")
    assert len(dv.open_study(path)) == len(tiny_study())
    vector_study().save(path, overwrite=True)
    assert len(dv.open_study(path)) == len(vector_study())


def test_a_state_may_be_set_in_part(study: dv.Study) -> None:
    explorer = dv.explore(study)
    explorer.filters = {"depth": {"from": 1}}
    explorer.ui_state = {"probe": 1}
    assert explorer.filters == {"depth": {"from": 1}}
    assert explorer.ui_state["probe"] == 1


def test_what_a_state_asks_in_vain_is_left_out(study: dv.Study) -> None:
    explorer = dv.explore(study)
    kept = {"bogus": [1], "label": [99], "confidence": "high", "depth": {"from": 1}}
    explorer.ui_state = {"filters": kept}
    assert explorer.filters == {"depth": {"from": 1}}
    assert explorer.shown["depth"].min() >= 1
    explorer.ui_state = {"filters": None}
    assert len(explorer.shown) == len(study)


def test_a_view_that_calls_back_to_itself_can_be_freed() -> None:
    def closed() -> weakref.ref[dv.Study]:
        explorer = dv.explore(vector_study())
        explorer.on_selection(lambda ids: explorer.code())
        explorer.close()
        return weakref.ref(explorer.study)

    study = closed()
    gc.collect()
    assert study() is None

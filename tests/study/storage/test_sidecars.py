"""Views that several people save with one study are all kept, whatever happens."""

import json
import os
import threading

import pytest

import depthviz as dv
from depthviz.errors import DataError, DiskError
from depthviz.study import open_study
from depthviz.study.storage import zarr_folder
from depthviz.study.storage.saved_views import delete_view, read_views, save_view


@pytest.fixture
def place(study, tmp_path):
    return study.save(tmp_path / "study.zarr")


def test_everybody_s_views_are_kept(place):
    def work(who):
        data = open_study(place).dataset
        for number in range(6):
            save_view(data, f"{who} {number}", {"state": {}})
        delete_view(data, f"{who} 0")

    threads = [threading.Thread(target=work, args=(who,)) for who in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f"{who} {number}" for who in "abcd" for number in range(1, 6)}
    assert set(read_views(open_study(place).dataset)) == expected
    assert [each for each in os.listdir(place) if "views" in each] == ["views.json"]


@pytest.mark.parametrize("change", [save_view, lambda *_: delete_view(_[0], "b")])
def test_a_change_is_of_one_name_in_what_is_there_now(place, change):
    mine, theirs = open_study(place).dataset, open_study(place).dataset
    save_view(theirs, "a", {"state": {"probe": 1}})
    save_view(theirs, "b", {})
    assert list(read_views(mine)) == ["a", "b"]
    save_view(theirs, "a", {"state": {"probe": 2}})
    change(mine, "c", {})
    views = read_views(open_study(place).dataset)
    assert views["a"] == {"state": {"probe": 2}}
    assert len(views) == (3 if change is save_view else 1)


@pytest.mark.parametrize("number", [5, 24, 116])
def test_a_read_that_fails_keeps_everything_and_says_so(place, monkeypatch, number):
    explorer = dv.explore(open_study(place))
    explorer.save_view("theirs")
    before = (place / "views.json").read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(
            "depthviz.study.storage.sidecars.read_small_file", failing(number)
        )
        for act in (
            lambda: explorer.save_view("mine"),
            lambda: explorer.delete_view("theirs"),
        ):
            with pytest.raises(DiskError, match=r"views\.json cannot be read: ") as e:
                act()
            assert e.value.errno == number
    assert (place / "views.json").read_bytes() == before


def failing(number):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    return fail


def test_a_view_that_json_cannot_hold_is_refused(study, place):
    for data in (study.dataset, open_study(place).dataset):
        with pytest.raises(DataError, match="The view 'odd' holds what cannot be"):
            save_view(data, "odd", {"state": {"probe": float("nan")}})
        assert read_views(data) == {}


def test_sidecars_are_in_no_list_of_files(study, place):
    save_view(open_study(place).dataset, "one", {})
    zarr_folder.finish_dataset(list(study.dataset.data_vars), place)
    root = json.loads((place / "zarr.json").read_text())
    assert not [name for name in root["attributes"]["files"] if "views" in name]
    save_view(open_study(place).dataset, "two", {})
    assert len(read_views(open_study(place).dataset)) == 2


def test_a_study_whose_list_holds_its_views_opens_again(place):
    root = json.loads((place / "zarr.json").read_text())
    root["attributes"]["files"]["views.json"] = 7
    (place / "zarr.json").write_text(json.dumps(root))
    data = open_study(place).dataset
    save_view(data, "one", {})
    assert list(read_views(open_study(place).dataset)) == ["one"]


def test_what_a_killed_writer_left_is_removed(place):
    (place / ".views.json.01234567.part").write_text("{")
    save_view(open_study(place).dataset, "one", {})
    assert [each for each in os.listdir(place) if "views" in each] == ["views.json"]

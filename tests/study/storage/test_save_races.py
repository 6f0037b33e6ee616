"""What appears at a place while a study is saved there is never lost."""

import os
import signal
import threading

import numpy as np
import pytest

import depthviz as dv
from depthviz.errors import StudyError
from depthviz.machine import folders
from depthviz.study import Study, open_study
from depthviz.study.storage import zarr_folder


@pytest.fixture(params=[True, False], ids=["at once", "two renames"])
def place(request, tmp_path, monkeypatch):
    """A place for a study, on a system that exchanges folders or does not."""
    if not request.param:
        monkeypatch.setattr(folders, "exchange", lambda *_: False)
    return tmp_path / "there" / "study.zarr"


def meanwhile(monkeypatch, action):
    """Act once, when the next study is all but written."""
    real = zarr_folder.finish_dataset

    def finish(variables, folder):
        monkeypatch.setattr(zarr_folder, "finish_dataset", real)
        action()
        real(variables, folder)

    monkeypatch.setattr(zarr_folder, "finish_dataset", finish)


def others(study):
    """A study of other data."""
    data = study.dataset.isel(example=slice(0, 6)).drop_vars("study_row")
    return Study(data.assign_attrs(data_sha256="other"))


def of_data(study, name):
    return Study(study.dataset.assign_attrs(data_sha256=name))


def own_folder(place):
    place.mkdir(parents=True)
    (place / "thesis.txt").write_text("mine")


def own_file(place):
    place.write_text("mine")


def own_link(place):
    place.symlink_to("nowhere")


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("appear", [own_folder, own_file, own_link])
def test_what_a_person_puts_there_stays(study, place, monkeypatch, appear, overwrite):
    meanwhile(monkeypatch, lambda: appear(place))
    with pytest.raises((StudyError, OSError)) as error:
        study.save(place, overwrite=overwrite)
    assert str(place) in str(error.value)
    assert os.listdir(place.parent) == [place.name]
    if place.is_dir():
        assert (place / "thesis.txt").read_text() == "mine"
    else:
        assert os.path.lexists(place)


def test_an_empty_folder_that_appears_is_filled(study, place, monkeypatch):
    meanwhile(monkeypatch, place.mkdir)
    study.save(place)
    assert len(open_study(place)) == 9


def test_a_study_that_appears_is_replaced_only_where_that_is_asked_for(
    study, place, monkeypatch
):
    meanwhile(monkeypatch, lambda: others(study).save(place))
    with pytest.raises(StudyError, match="overwrite=True"):
        study.save(place)
    assert len(open_study(place)) == 6
    meanwhile(monkeypatch, lambda: others(study).save(place, overwrite=True))
    study.save(place, overwrite=True)
    assert len(open_study(place)) == 9
    assert os.listdir(place.parent) == [place.name]


@pytest.mark.parametrize("name", ["notes.txt", "depth/views.json", "sub/c/0"])
def test_a_file_that_appears_in_the_study_stays(study, place, monkeypatch, name):
    study.save(place)

    def add():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text("mine")

    meanwhile(monkeypatch, add)
    with pytest.raises(StudyError, match="is no part of the study there"):
        study.assign(new=range(9)).save(place, overwrite=True)
    assert (place / name).read_text() == "mine"
    assert "new" not in os.listdir(place)
    assert os.listdir(place.parent) == [place.name]


def test_a_file_that_appears_at_the_last_moment_is_put_back(study, place, monkeypatch):
    study.save(place)
    swap = folders._swap

    def late(*arguments):
        (place / "notes.txt").write_text("mine")
        swap(*arguments)

    monkeypatch.setattr(folders, "_swap", late)
    with pytest.raises(StudyError, match=r"study\.zarr/notes\.txt is no part"):
        study.assign(new=range(9)).save(place, overwrite=True)
    assert (place / "notes.txt").read_text() == "mine"
    assert "new" not in os.listdir(place)
    assert os.listdir(place.parent) == [place.name]


def test_a_study_that_goes_away_meanwhile_is_no_hindrance(study, place, monkeypatch):
    study.save(place)
    meanwhile(monkeypatch, lambda: place.rename(place.with_name("moved")))
    study.assign(new=range(9)).save(place, overwrite=True)
    assert "new" in open_study(place).frame()
    assert sorted(os.listdir(place.parent)) == ["moved", "study.zarr"]


def test_a_study_saved_back_keeps_the_views_of_others(study, place, monkeypatch):
    dv.explore(study).save_view("first")
    study.save(place)
    mine, theirs = open_study(place), dv.explore(open_study(place))
    theirs.save_view("theirs")

    def act():
        theirs.delete_view("first")
        theirs.save_view("late")

    meanwhile(monkeypatch, act)
    mine.assign(new=range(9)).save(place, overwrite=True)
    assert dv.explore(open_study(place)).saved_views == ["theirs", "late"]


def test_a_study_of_the_same_data_keeps_the_views(study, place):
    first, again = of_data(study, "a"), of_data(study, "a")
    first.save(place)
    dv.explore(open_study(place)).save_view("theirs")
    dv.explore(again).save_view("mine")
    again.save(place, overwrite=True)
    assert dv.explore(open_study(place)).saved_views == ["theirs", "mine"]
    part = open_study(place).subset(np.arange(9) < 5)
    part.save(place, overwrite=True)
    assert dv.explore(open_study(place)).saved_views == ["theirs", "mine"]


def test_a_study_of_other_data_takes_no_view_away_that_came_meanwhile(
    study, place, monkeypatch
):
    study.save(place)
    explorer = dv.explore(open_study(place))
    explorer.save_view("early")
    meanwhile(monkeypatch, lambda: explorer.save_view("late"))
    with pytest.raises(StudyError, match="A view was saved with the study at"):
        others(study).save(place, overwrite=True)
    assert dv.explore(open_study(place)).saved_views == ["early", "late"]
    others(study).save(place, overwrite=True)
    assert dv.explore(open_study(place)).saved_views == []


def test_a_study_saved_back_does_not_replace_damaged_views(study, place):
    study.save(place)
    opened = open_study(place)
    (place / "views.json").write_text('{"one": {}')
    for target in (place, place.with_name("copy.zarr")):
        with pytest.raises(dv.errors.FormatError, match=r"views\.json cannot be read"):
            opened.save(target, overwrite=True)
    assert (place / "views.json").read_text() == '{"one": {}'
    assert os.listdir(place.parent) == [place.name]


def test_two_who_save_to_one_place_wait_for_each_other(study, place):
    both = [study.assign(who=[number] * 9) for number in (1, 2)]
    study.save(place)
    errors = []

    def save(one):
        try:
            for _ in range(4):
                one.save(place, overwrite=True)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=save, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(error, dv.errors.DiskError) for error in errors)
    assert not errors or folders.exchange("", "") is False
    assert open_study(place).frame()["who"].nunique() == 1
    assert os.listdir(place.parent) == [place.name]


def test_an_interrupt_while_it_cleans_up_leaves_nothing(study, place, monkeypatch):
    study.save(place)
    real, signals = folders.shutil.rmtree, []

    def remove(*arguments, **options):
        signals.append(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        real(*arguments, **options)

    monkeypatch.setattr(folders.shutil, "rmtree", remove)
    with pytest.raises(KeyboardInterrupt):
        study.assign(new=range(9)).save(place, overwrite=True)
    assert signals
    assert os.listdir(place.parent) == [place.name]
    assert "new" in open_study(place).frame()

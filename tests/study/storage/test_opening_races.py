"""Who opens a study that is being replaced gets the earlier one or the later one."""

import gc

import pytest

from depthviz.errors import FormatError
from depthviz.machine import folders
from depthviz.study import open_study
from depthviz.study.storage.reading import opening


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(
    "step", ["check_version", "read_file_list", "read_layouts", "open_arrays"]
)
def test_a_study_replaced_while_it_is_opened_is_opened_anew(
    study, tmp_path, monkeypatch, step, at_once
):
    place = study.assign(old=range(9)).save(tmp_path / "study.zarr")
    if not at_once:
        monkeypatch.setattr(folders, "exchange", lambda *_: False)
    real = getattr(opening, step)

    def replace(*arguments):
        monkeypatch.setattr(opening, step, real)
        study.assign(new=range(9)).save(place, overwrite=True)
        return real(*arguments)

    monkeypatch.setattr(opening, step, replace)
    frame = open_study(place).frame()
    assert "new" in frame
    assert "old" not in frame


def test_a_study_between_two_renames_is_waited_for(study, tmp_path, monkeypatch):
    place = study.save(tmp_path / "study.zarr")
    aside = place.rename(tmp_path / "aside")
    workplace = tmp_path / ".study.zarr.saving-01234567"
    workplace.mkdir()

    def end(seconds):
        aside.rename(place)

    monkeypatch.setattr(opening.time, "sleep", end)
    with folders.lock_folder(workplace):
        assert len(open_study(place)) == 9


def test_no_study_is_reported_as_such_while_the_first_is_saved(
    study, tmp_path, monkeypatch
):
    workplace = tmp_path / ".study.zarr.saving-01234567"
    workplace.mkdir()
    waited = []
    monkeypatch.setattr(opening.time, "sleep", waited.append)
    with (
        folders.lock_folder(workplace),
        pytest.raises(FormatError, match="There is no study at"),
    ):
        open_study(tmp_path / "study.zarr")
    assert len(waited) == opening.ATTEMPTS


def test_a_reader_of_a_replaced_study_is_told_once(study, tmp_path, capfd):
    place = study.save(tmp_path / "study.zarr")
    opened = open_study(place)
    study.assign(new=range(9)).save(place, overwrite=True)
    with pytest.raises(FormatError, match="was replaced, moved or removed"):
        opened.dataset.load()
    gc.collect()
    assert capfd.readouterr().err == ""


def test_a_study_that_is_saved_again_as_it_was_is_read_on(study, tmp_path):
    place = study.save(tmp_path / "study.zarr")
    opened = open_study(place)
    study.save(place, overwrite=True)
    assert opened.dataset.load().equals(study.dataset.load())
    study.assign(new=range(9)).save(place, overwrite=True)
    again = open_study(place)
    study.save(place, overwrite=True)
    with pytest.raises(FormatError, match="was replaced, moved or removed"):
        again.dataset.load()

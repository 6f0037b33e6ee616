"""A run whose folder was damaged: what is lost is made again, or named."""

import errno
import json
import os
import shutil

import pytest

from depthviz.ensembles.run.inspection import find_run_damage
from depthviz.errors import DiskError, FormatError, StudyError
from depthviz.study.storage.reading import file_list
from tests.ensembles.runs import differences, run
from tests.studies import tiny_study


@pytest.fixture(scope="module", autouse=True)
def no_waiting_for_the_disk():
    """No power is cut here, and each run flushes hundreds of files."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "whole"
    return path, run(path).load()


@pytest.fixture
def copied(whole, tmp_path):
    shutil.copytree(whole[0], tmp_path / "run")
    return tmp_path / "run"


def edit(file, **facts):
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | facts))


MARKERS = {
    "empty": "",
    "garbage": "{",
    "zeros": "\0" * 300,
    "a list": "[]",
    "an object of nothing": "{}",
    "without files": '{"device": "cpu"}',
    "a path that leaves": '{"device": "cpu", "files": {"../../etc/passwd": 1}}',
    "nested": '{"a":' * 100_000,
}


@pytest.mark.parametrize("what", MARKERS)
def test_a_marker_that_vouches_for_nothing_has_its_member_made_again(
    whole, copied, what
):
    (copied / "members" / "00001.json").write_text(MARKERS[what])
    assert list(find_run_damage(copied)) == ["members/00001.json"]
    assert not differences(run(copied), whole[1])
    assert not find_run_damage(copied)


def test_a_marker_that_was_edited_vouches_for_nothing(whole, copied):
    edit(copied / "members" / "00002.json", train_accuracy=1.0)
    assert not differences(run(copied), whole[1])


def test_a_file_that_is_no_marker_is_passed_over(whole, copied):
    (copied / "members" / "0notes.json").write_text("{}")
    assert not differences(run(copied), whole[1])


def test_a_lost_file_has_its_member_made_again(whole, copied):
    shutil.rmtree(copied / "study.zarr" / "in_train" / "c" / "3")
    assert not differences(run(copied), whole[1])


def test_flipped_bits_are_said_once_and_mended_by_the_next_run(whole, copied):
    chunk = next((copied / "study.zarr/member_vote/c/2").rglob("0"))
    chunk = chunk if chunk.is_file() else next(chunk.rglob("0"))
    data = bytearray(chunk.read_bytes())
    data[len(data) // 2] ^= 16
    chunk.write_bytes(data)
    assert "makes member 2 again" in next(iter(find_run_damage(copied).values()))
    with pytest.raises(StudyError, match="results of member 2") as caught:
        run(copied)
    assert str(chunk) in str(caught.value)
    assert not differences(run(copied), whole[1])


def test_what_no_member_wrote_is_made_again(whole, copied):
    chunk = copied / "study.zarr" / "train_depth" / "c" / "0"
    chunk.write_bytes(chunk.read_bytes()[::-1])
    assert not differences(run(copied), whole[1])


@pytest.mark.parametrize("name", ["zarr.json", "in_train/zarr.json"])
def test_a_damaged_description_is_written_again(whole, copied, name):
    (copied / "study.zarr" / name).write_text("{")
    assert not differences(run(copied), whole[1])


def test_a_shown_study_of_another_is_refused(copied):
    shutil.rmtree(copied / "shown.zarr")
    tiny_study().save(copied / "shown.zarr")
    with pytest.raises(StudyError, match="not the study that member 0"):
        run(copied, members=6)


def test_a_shown_study_that_is_damaged_is_made_again_when_it_is_gone(whole, copied):
    chunk = next((copied / "shown.zarr" / "depth").rglob("0"))
    chunk.write_bytes(chunk.read_bytes()[::-1])
    assert next(iter(find_run_damage(copied))).startswith("shown.zarr/depth")
    shutil.rmtree(copied / "members")
    (copied / "members").mkdir()
    shutil.rmtree(copied / "shown.zarr")
    assert not differences(run(copied), whole[1])


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"members": "5"}', '{"members": 5, "threads": "x"}', "[" * 10**5],
)
def test_a_damaged_definition_is_refused_by_name(copied, text):
    (copied / "run.json").write_text(text)
    with pytest.raises(FormatError, match=r"run\.json is damaged"):
        run(copied)


def test_a_definition_that_is_a_pipe_is_refused(copied):
    (copied / "run.json").unlink()
    os.mkfifo(copied / "run.json")
    with pytest.raises(FormatError, match="no regular file"):
        run(copied)


def test_a_read_that_fails_unmarks_no_member(copied, monkeypatch):
    def fail(path):
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    marks = sorted(os.listdir(copied / "members"))
    monkeypatch.setattr(file_list, "checksum_of_file", fail)
    with pytest.raises(DiskError, match="Stale"):
        run(copied)
    assert sorted(os.listdir(copied / "members")) == marks

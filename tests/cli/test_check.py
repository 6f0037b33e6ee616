"""`depthviz info --check` reads every file and says what is damaged."""

import json
import shutil

import pytest

from depthviz.cli import main
from tests.ensembles.runs import run
from tests.studies import tiny_study


@pytest.fixture
def saved(tmp_path):
    return tiny_study().save(tmp_path / "study.zarr")


def test_a_whole_study_is_said_to_be_so(saved, capsys):
    assert main(["info", "--check", str(saved)]) == 0
    assert capsys.readouterr().out.startswith("Nothing is damaged")


def test_damaged_files_are_listed(saved, capsys):
    chunk = saved / "label" / "c" / "0"
    data = bytearray(chunk.read_bytes())
    data[-1] ^= 1
    chunk.write_bytes(data)
    (saved / "vote" / "c" / "2" / "0").unlink()
    assert main(["info", "--check", str(saved)]) == 1
    *files, last = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in files] == ["label/c/0", "vote/c/2/0"]
    assert last.startswith("2 damaged")


def test_a_study_without_checksums_is_said_to_have_none(saved, capsys):
    root = json.loads((saved / "zarr.json").read_text("utf-8"))
    del root["attributes"]["file_checksums"]
    (saved / "zarr.json").write_text(json.dumps(root))
    assert main(["info", "--check", str(saved)]) == 0
    assert "without checksums" in capsys.readouterr().out


def test_what_a_run_will_do_is_said(tmp_path, capsys):
    run(tmp_path / "run", members=3)
    assert main(["info", "--check", str(tmp_path / "run")]) == 0
    shutil.rmtree(tmp_path / "run" / "study.zarr" / "member_depth" / "c" / "1")
    assert main(["info", "--check", str(tmp_path / "run")]) == 1
    assert "running again makes member 1 again" in capsys.readouterr().out


def test_a_folder_that_is_no_study_ends_with_code_2(tmp_path, capsys):
    assert main(["info", "--check", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1

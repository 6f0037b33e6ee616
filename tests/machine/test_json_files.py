"""JSON of strangers: read within limits, or refused by the file's name."""

import os

import pytest

from depthviz.errors import FormatError
from depthviz.machine.json_files import read_json, read_json_object


def test_a_value_is_read(tmp_path):
    file = tmp_path / "a.json"
    file.write_text('{"a": [1, {"é": null}]}', "utf-8")
    assert read_json_object(file) == {"a": [1, {"é": None}]}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\0", "is no JSON"),
        (b"{", "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b'{"a":' * 100_000, "nested deeper"),
        (b"[" * 150 + b"]" * 150, "nested deeper"),
        (b"[" + b"9" * 10_000 + b"]", "is no JSON"),
        (b"[1]", "of type list"),
        (b"[" + b"1," * 600 + b"1]", "more than 1,000 bytes"),
    ],
)
def test_what_is_no_small_object_is_refused_by_name(tmp_path, data, words):
    file = tmp_path / "a.json"
    file.write_bytes(data)
    with pytest.raises(FormatError, match=words) as caught:
        read_json_object(file, limit=10**6 if len(data) > 2_000 else 1_000)
    assert str(file) in str(caught.value)


def test_a_pipe_is_refused_without_waiting(tmp_path):
    file = tmp_path / "a.json"
    os.mkfifo(file)
    with pytest.raises(FormatError, match="no regular file"):
        read_json(file)


def test_a_link_is_followed_to_a_file_alone(tmp_path):
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "a.json").symlink_to(tmp_path / "b.json")
    (tmp_path / "c.json").symlink_to("/dev/zero")
    assert read_json(tmp_path / "a.json") == {}
    with pytest.raises(FormatError, match="no regular file"):
        read_json(tmp_path / "c.json")


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_json(tmp_path / "a.json")

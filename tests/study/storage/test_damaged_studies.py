"""A study that is damaged, or that a stranger made: refused by file, in words."""

import json
import os

import numpy as np
import pytest
import zarr
from numcodecs import Zstd

from depthviz.errors import DepthvizError, FormatError
from depthviz.study import open_study
from depthviz.study.storage.reading.damage import find_damage
from depthviz.study.storage.reading.file_list import checksum


@pytest.fixture
def saved(study, tmp_path):
    return study.save(tmp_path / "study.zarr")


def chunk_of(saved, name):
    return next(
        path for path in sorted((saved / name / "c").rglob("*")) if path.is_file()
    )


def flip(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data)


def edit(file, change):
    tree = json.loads(file.read_text("utf-8"))
    change(tree)
    file.write_text(json.dumps(tree), "utf-8")


def adjust(saved):
    """Write sizes and checksums of what is there now."""
    files = [
        each
        for each in saved.rglob("*")
        if not each.is_dir() and each != saved / "zarr.json"
    ]
    names = {each.relative_to(saved).as_posix(): each for each in files}
    sums = {
        name: checksum(each.read_bytes())
        for name, each in names.items()
        if each.is_file()
    }
    sizes = {name: each.lstat().st_size for name, each in names.items()}
    edit(
        saved / "zarr.json",
        lambda root: root["attributes"].update(files=sizes, file_checksums=sums),
    )


def read_all(path):
    return open_study(path).dataset.load()


@pytest.mark.parametrize("name", ["vote", "image", "example_id", "probe"])
def test_a_flipped_bit_is_named_when_it_is_met(saved, name):
    flip(chunk_of(saved, name))
    with pytest.raises(FormatError, match=r"not those that were saved") as caught:
        read_all(saved)
    assert str(chunk_of(saved, name)) in str(caught.value)


def test_a_flipped_bit_elsewhere_does_no_harm(saved, study):
    flip(chunk_of(saved, "image"))
    assert open_study(saved).frame().equals(study.frame())


def test_swapped_chunks_are_noticed(study, tmp_path):
    saved = study.save(tmp_path / "study.zarr")
    one, other = saved / "vote/c/0/0", saved / "vote/c/1/0"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    with pytest.raises(FormatError):
        read_all(saved)


def test_a_changed_array_description_is_noticed(saved):
    file = saved / "label" / "zarr.json"
    file.write_text(file.read_text("utf-8").replace('"int16"', '"uint1"'), "utf-8")
    with pytest.raises(FormatError, match=r"label.zarr\.json"):
        open_study(saved)


def test_a_study_without_checksums_opens_and_says_so(saved, study):
    edit(saved / "zarr.json", lambda root: root["attributes"].pop("file_checksums"))
    assert open_study(saved).frame().equals(study.frame())
    assert find_damage(saved) == {}
    file = chunk_of(saved, "vote")
    file.write_bytes(b"x" * file.stat().st_size)
    assert list(find_damage(saved)) == ["vote"]


def test_zeros_are_written_like_other_numbers(study, tmp_path):
    saved = study.assign(nothing=np.zeros(9)).save(tmp_path / "study.zarr")
    assert chunk_of(saved, "nothing").is_file()
    chunk_of(saved, "nothing").unlink()
    adjust(saved)
    with pytest.raises(FormatError, match="1 are missing"):
        open_study(saved)


def test_all_damaged_files_are_found(saved):
    flip(chunk_of(saved, "vote"))
    chunk_of(saved, "label").unlink()
    (saved / "depth" / "zarr.json").write_text("{}")
    found = find_damage(saved)
    assert set(found) == {"vote/c/0/0", "label/c/0", "depth/zarr.json"}
    assert "missing" in found["label/c/0"]


def shape(*sizes, chunks=None):
    def change(tree):
        tree["shape"] = list(sizes)
        if chunks:
            tree["chunk_grid"]["configuration"]["chunk_shape"] = list(chunks)

    return change


HOSTILE = {
    "a giant in a chunk": ("label", shape(10**12, chunks=[10**12])),
    "a giant in many chunks": ("label", shape(10**12, chunks=[10**6])),
    "giant names": ("class", shape(3 * 10**9, chunks=[3 * 10**9])),
    "another length": ("label", shape(7)),
    "a negative length": ("label", shape(-9)),
    "a length in text": ("label", shape("9")),
    "chunks of nothing": ("label", shape(9, chunks=[0])),
    "another type": ("label", lambda tree: tree.update(data_type="object")),
    "a codec that runs code": (
        "label",
        lambda tree: tree.update(codecs=[{"name": "numcodecs.pickle"}]),
    ),
    "codecs in codecs": (
        "label",
        lambda tree: tree["codecs"].append({"name": "gzip", "configuration": {}}),
    ),
    "no codecs": ("label", lambda tree: tree.pop("codecs")),
    "other dimensions": (
        "label",
        lambda tree: tree.update(dimension_names=["probe"]),
    ),
    "a coordinate of two": (
        "probe",
        lambda tree: tree.update(dimension_names=["class"]),
    ),
    "an unhashable type": ("vote", lambda tree: tree.update(data_type=[["int8"]])),
    "attributes in a list": ("vote", lambda tree: tree.update(attributes=[])),
    "other keys of chunks": (
        "vote",
        lambda tree: tree["chunk_key_encoding"].update(name="v2"),
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_no_study_says_of_an_array_is_refused(saved, what):
    name, change = HOSTILE[what]
    edit(saved / name / "zarr.json", change)
    adjust(saved)
    with pytest.raises(FormatError, match=rf"{name}.zarr\.json is damaged"):
        open_study(saved)


ATTRIBUTES = {
    "label": {"units": "days since the flood", "scale_factor": "x", "add_offset": []},
    "depth": {"_FillValue": "AAAA", "missing_value": [1], "coordinates": "vote nobody"},
}


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_attributes_that_others_decode_change_no_number(saved, study, name):
    edit(
        saved / name / "zarr.json",
        lambda tree: tree["attributes"].update(ATTRIBUTES[name]),
    )
    adjust(saved)
    assert open_study(saved).frame().equals(study.frame())


def test_a_scale_of_the_users_is_kept_and_not_applied(study, tmp_path):
    dataset = study.assign(weight=np.arange(9.0)).dataset
    dataset["weight"].attrs["scale_factor"] = 2.0
    saved = type(study)(dataset).save(tmp_path / "study.zarr")
    found = open_study(saved).dataset["weight"]
    assert found.values.tolist() == list(range(9))
    assert found.attrs["scale_factor"] == 2.0


ROOTS = {
    "files in a list": {"files": ["label/zarr.json"]},
    "a path that leaves": {"files": {"../../etc/passwd": 9}},
    "an absolute path": {"files": {"/etc/passwd": 9}},
    "a NUL in a name": {"files": {"a\0b": 9}},
    "half a letter": {"files": {"\ud800": 9}},
    "an endless name": {"files": {"x" * 5000: 9}},
    "a size in text": {"files": {"label/zarr.json": "9"}},
    "checksums in a list": {"file_checksums": []},
    "a number of variables": {"variables": 5},
    "variables that are none": {"variables": ["../../etc"]},
    "lists of variables": {"variables": [["label"]]},
    "names in a list": {"stored_names": ["label"]},
    "two arrays of a name": {"stored_names": {"label": "vote"}},
    "a truth value": {"format_version": True},
    "a version below all": {"format_version": -1},
    "a newer version": {"format_version": 10**6},
}


@pytest.mark.parametrize("what", ROOTS)
def test_what_no_root_says_is_refused(saved, what):
    edit(saved / "zarr.json", lambda root: root["attributes"].update(ROOTS[what]))
    with pytest.raises(FormatError) as caught:
        open_study(saved)
    assert str(saved) in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"attributes": []}', "[" * 100_000])
def test_a_root_that_is_no_object_is_refused(saved, text):
    (saved / "zarr.json").write_text(text)
    with pytest.raises(FormatError, match=r"zarr\.json"):
        open_study(saved)


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
@pytest.mark.parametrize("name", ["label/c/0", "label/zarr.json"])
def test_a_file_of_another_kind_is_refused_without_waiting(saved, kind, name):
    file = saved / name
    file.unlink()
    make = {"pipe": os.mkfifo, "device": lambda at: at.symlink_to("/dev/zero")}
    make.get(kind, os.mkdir)(file)
    with pytest.raises(FormatError, match="no regular file"):
        open_study(saved)


def test_a_chunk_that_would_unpack_to_more_is_refused(saved):
    chunk_of(saved, "depth").write_bytes(Zstd(1).encode(np.zeros(2**24, np.uint8)))
    adjust(saved)
    with pytest.raises(FormatError, match="16,777,216 bytes, and 18 are needed"):
        read_all(saved)


@pytest.mark.parametrize(
    "data", [b"", b"\x28\xb5\x2f\xfd", b"\x28\xb5\x2f\xfd\x20\x12xxxx"]
)
def test_a_chunk_that_is_none_is_refused(saved, data):
    chunk_of(saved, "depth").write_bytes(data)
    adjust(saved)
    with pytest.raises(FormatError, match="depth"):
        read_all(saved)


@pytest.mark.parametrize(
    "compressor",
    [
        zarr.codecs.GzipCodec(),
        zarr.codecs.BloscCodec(cname="lz4"),
        zarr.codecs.ZstdCodec(level=3, checksum=True),
        None,
    ],
)
def test_other_compressors_of_zarr_are_read(study, tmp_path, compressor):
    saved = study.save(tmp_path / "study.zarr")
    values = study.dataset["vote"].values
    shape = {"shape": values.shape, "chunks": (1, 9), "dtype": values.dtype}
    zarr.create_array(
        saved / "vote",
        **shape,
        compressors=compressor,
        dimension_names=["probe", "example"],
        overwrite=True,
    )[:] = values
    adjust(saved)
    assert (open_study(saved).dataset["vote"].values == values).all()
    for chunk in (saved / "vote" / "c").glob("*/*"):
        chunk.write_bytes(chunk.read_bytes()[:-4] + b"\xff\xff\xff\xff")
    adjust(saved)
    if compressor is not None and not isinstance(compressor, zarr.codecs.BloscCodec):
        with pytest.raises(FormatError, match="vote"):
            read_all(saved)


def test_texts_that_claim_too_many_are_refused(saved):
    many = (2**32 - 1).to_bytes(4, "little") + b"\0" * 60
    chunk_of(saved, "class").write_bytes(Zstd(1).encode(many))
    adjust(saved)
    with pytest.raises(DepthvizError, match="class"):
        read_all(saved)

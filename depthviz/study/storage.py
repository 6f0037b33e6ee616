"""A study on disk: a folder in the Zarr v3 format, there whole or not at all.

A save writes into a hidden workplace beside the target, lists every file with its size
in the root's metadata, has all of it flushed to the disk, and only then renames it into
place. Replacing an earlier study takes two renames; if the process dies between them,
the next open or save puts the earlier one back. The list of files lets `open_dataset`
refuse a folder that was copied or deleted half: Zarr reads a missing chunk as zeros.

It does not notice a bit that flips on the disk, nor keep apart two processes that save
to one path at the same time: the later one wins, or fails.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import xarray as xr

from depthviz.errors import FormatError, StudyError

__all__ = ["FORMAT_VERSION", "open_dataset", "save_dataset"]

FORMAT_VERSION = 1

ROOT = "zarr.json"
NEW, OLD = "new", "old"  # inside a workplace
EXAMPLES = 65_536  # in a chunk, and fewer where an example has many numbers
EXAMPLES_BESIDE = {"neighbor": 16_384, "height": 1_024}


def save_dataset(dataset: xr.Dataset, path: Path, *, overwrite: bool) -> Path:
    """Write a dataset, complete before it is to be seen at its path.

    Args:
        dataset: A study's dataset.
        path: The folder to write.
        overwrite: Whether an earlier study at that place is replaced.

    Returns:
        The path.

    Raises:
        StudyError: If something that may not be replaced is there.
    """
    target = path.resolve()
    _recover(target)
    _check_target(target, overwrite)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _workplace(target) as place:
        _write(dataset, place / NEW)
        _finish(dataset, place / NEW)
        _flush(place / NEW)
        _replace(target, place)
    return path


def open_dataset(path: Path) -> xr.Dataset:
    """Open a saved dataset without reading its arrays.

    Args:
        path: The folder that `save_dataset` wrote.

    Returns:
        The dataset, its arrays read when they are used.

    Raises:
        FormatError: If there is no study, or it is unfinished, damaged or newer.
    """
    _recover(path.resolve())
    _check_study(path, _attributes(path))
    dataset = xr.open_zarr(path, chunks=None, consolidated=False)
    del dataset.attrs["files"]
    ordered = {name: dataset[name] for name in dataset.attrs.pop("variables")}
    return xr.Dataset(ordered, dataset.coords, dataset.attrs)


def _check_target(target: Path, overwrite: bool) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if "format_version" not in _attributes(target):
        raise StudyError(f"{target} exists and is no study; choose another path.")
    if not overwrite:
        raise StudyError(
            f"{target} holds a study; save(path, overwrite=True) replaces it."
        )


def _attributes(path: Path) -> dict[str, Any]:
    """The root's attributes, empty where there are none to read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        return dict(json.loads((path / ROOT).read_text("utf-8"))["attributes"])
    return {}


def _check_study(path: Path, attributes: dict[str, Any]) -> None:
    if not path.exists():
        raise FormatError(f"There is no study at {path}.")
    version = attributes.get("format_version")
    if not isinstance(version, int):
        raise FormatError(
            f"{path} is no study, or was never finished: it has no {ROOT} with a "
            "format_version. A study is a folder that study.save(path) wrote."
        )
    if version > FORMAT_VERSION:
        raise FormatError(
            f"{path} has format {version}, written by depthviz "
            f"{attributes.get('depthviz_version', '(unknown)')}; this depthviz reads "
            f"up to format {FORMAT_VERSION}. Install a newer one to open it."
        )
    _check_files(path, attributes.get("files"))


def _check_files(path: Path, files: Any) -> None:
    if not isinstance(files, dict):
        raise FormatError(f"{path} was never finished: it does not list its files.")
    damaged = [name for name, size in files.items() if _size(path / name) != size]
    if damaged:
        raise FormatError(
            f"{path} is damaged: {len(damaged)} of its {len(files)} files are missing "
            f"or cut short, {damaged[0]} first. Copy it again, or measure again."
        )


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return -1


def _write(dataset: xr.Dataset, place: Path) -> None:
    plain = dataset.drop_encoding().assign_attrs(format_version=FORMAT_VERSION)
    # Zarr v3 has a stable type for UTF-8 text, none for numpy's fixed-width strings.
    texts = [name for name, array in plain.variables.items() if array.dtype.kind == "U"]
    plain = plain.assign({name: plain[name].astype(object) for name in texts})
    encoding: dict[Any, dict[str, Any]] = {
        name: {"chunks": _chunks(variable)}
        for name, variable in plain.variables.items()
    }
    plain.to_zarr(place, mode="w", zarr_format=3, consolidated=False, encoding=encoding)


def _chunks(variable: xr.Variable) -> tuple[int, ...]:
    """Pieces of a few MiB: one image reads little, and there are few files."""
    wide = [size for name, size in EXAMPLES_BESIDE.items() if name in variable.dims]
    limits = {"example": min([EXAMPLES, *wide]), "probe": 1 if variable.ndim > 1 else 0}
    return tuple(
        max(1, min(size, limits.get(str(name)) or size))
        for name, size in variable.sizes.items()
    )


def _finish(dataset: xr.Dataset, place: Path) -> None:
    """Write down the files, and the order of the variables, which folders lose."""
    files = {
        file.relative_to(place).as_posix(): file.stat().st_size
        for file in sorted(place.rglob("*"))
        if file.is_file() and file != place / ROOT
    }
    root = json.loads((place / ROOT).read_text("utf-8"))
    root["attributes"] |= {"variables": list(dataset.data_vars), "files": files}
    (place / ROOT).write_text(json.dumps(root), "utf-8")


def _flush(place: Path) -> None:
    for path in [*place.rglob("*"), place]:
        _flush_one(path)


def _flush_one(path: Path) -> None:
    with suppress(PermissionError):  # Windows opens no folders
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _replace(target: Path, place: Path) -> None:
    if target.exists():
        target.rename(place / OLD)
    (place / NEW).rename(target)
    _flush_one(target.parent)


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """A locked folder beside the target, gone at the end."""
    token = secrets.token_hex(4)
    bare = target.with_name(f".{target.name}.{token}")
    bare.mkdir()
    # It takes the name that `_recover` looks for when it is locked, not before.
    with _lock(bare):
        place = bare.rename(_leftover(target, token))
        try:
            yield place
        finally:
            _recover_from(target, place)


def _recover(target: Path) -> None:
    """Finish what killed saves left: put back an earlier study, remove the rest."""
    for left in target.parent.glob(_leftover(target, "*").name):
        with suppress(OSError), _lock(left) as free:
            if free:
                _recover_from(target, left)


def _recover_from(target: Path, place: Path) -> None:
    if (place / OLD).exists() and not target.exists():
        (place / OLD).rename(target)
    shutil.rmtree(place, ignore_errors=True)


def _leftover(target: Path, token: str) -> Path:
    return target.with_name(f".{target.name}.saving-{token}")


@contextmanager
def _lock(folder: Path) -> Iterator[bool]:
    """Hold a folder's lock, which dies with the process; False where it is taken.

    Windows has no such locks: what a killed save left there stays.
    """
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        free = True
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            free = False
        yield free
    finally:
        os.close(descriptor)

"""Named views of a study: what a person filtered, sorted and selected, under a name.

They belong to the study. One that was opened from a folder keeps them there at once, in
a sidecar next to the arrays, where others keep theirs at the same time; one in memory
keeps them with its attributes, so that the next `save` takes them along. Knows nothing
of what is in a view.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import xarray as xr

from depthviz.errors import DataError, FormatError, StudyError
from depthviz.machine.json_files import read_small_file
from depthviz.study.storage.folder_store import identify
from depthviz.study.storage.sidecars import (
    LARGEST,
    change_sidecar,
    read_sidecar,
    write_sidecar,
)

__all__ = [
    "IDENTITY",
    "ROOT",
    "SOURCE",
    "carry_views",
    "comes_from",
    "delete_view",
    "detach_views",
    "merge_views",
    "read_views",
    "save_view",
    "stored_views",
    "with_views_now",
]

VIEWS = "views.json"
ATTRIBUTE = "views"
SOURCE = "source"  # in the encoding, as xarray has it
ROOT, IDENTITY = "depthviz_root", "depthviz_identity"

Views = dict[str, Any]


def carry_views(
    dataset: xr.Dataset, root: Path, identity: tuple[int, int] | None
) -> xr.Dataset:
    """Note in a dataset from which folder it comes, and take over the views kept there.

    Args:
        dataset: What was opened.
        root: The file that distinguishes the study from another at its place.
        identity: What `identify` said of it.

    Returns:
        The dataset.
    """
    dataset.encoding |= {SOURCE: str(root.parent), ROOT: str(root), IDENTITY: identity}
    with suppress(OSError, ValueError):  # they are read again, aloud, when used
        kept = read_sidecar(root.parent / VIEWS)
        if kept is not None:
            dataset.attrs[ATTRIBUTE] = json.dumps(kept)
    return dataset


def detach_views(dataset: xr.Dataset) -> xr.Dataset:
    """Let a dataset keep the views itself: it is no longer what its folder holds.

    Args:
        dataset: Rows of what was opened, or a join.

    Returns:
        A dataset without the folder, with the views that are there now.
    """
    views = _in_attributes(dataset)
    with suppress(OSError, ValueError):  # those of the opening, then
        views = _views_now(dataset)
    found = dataset.copy(deep=False)
    found.attrs = {name: dataset.attrs[name] for name in dataset.attrs}
    if views:
        found.attrs[ATTRIBUTE] = json.dumps(views)
    found.encoding = {
        name: value
        for name, value in dataset.encoding.items()
        if name not in (SOURCE, ROOT, IDENTITY)
    }
    return found


def read_views(dataset: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Read the named views of a study.

    Args:
        dataset: The study's dataset.

    Returns:
        The state of each, in the order in which they were first saved, those too that
        somebody else has saved to the study's folder by now.

    Raises:
        DiskError: If the system does not let their file be read.
        FormatError: If their file is damaged.
    """
    views = _views_now(dataset)
    return {name: view for name, view in views.items() if isinstance(view, dict)}


def save_view(dataset: xr.Dataset, name: str, view: dict[str, Any]) -> None:
    """Keep a view with the study; those of other names stay what they are.

    Args:
        dataset: The study's dataset; its attributes change.
        name: An earlier view of that name is replaced.
        view: Its state.

    Raises:
        DataError: If the view holds what JSON has not.
        DiskError: If the system does not let their file be read or written.
        FormatError: If their file is damaged.
        StudyError: If another study is in the folder by now.
    """
    try:
        json.dumps(view, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise DataError(
            f"The view {name!r} holds what cannot be kept: {error}. Set its filters "
            "and sort anew, and save it again."
        ) from error
    _change(dataset, lambda views: {**views, name: view})


def delete_view(dataset: xr.Dataset, name: str) -> None:
    """Forget a view; those of other names stay what they are.

    Args:
        dataset: The study's dataset; its attributes change.
        name: One that somebody else has deleted by now is no error.

    Raises:
        DiskError: If the system does not let their file be read or written.
        FormatError: If their file is damaged.
        StudyError: If another study is in the folder by now.
    """
    _change(dataset, lambda views: {one: views[one] for one in views if one != name})


def with_views_now(dataset: xr.Dataset) -> xr.Dataset:
    """Give a dataset the views that its folder keeps now, to be saved elsewhere.

    Args:
        dataset: The study's dataset.

    Returns:
        The dataset, or one that differs in its attributes.

    Raises:
        DiskError: If the system does not let their file be read.
        FormatError: If their file is damaged.
    """
    views = _views_now(dataset)
    if views == _in_attributes(dataset):
        return dataset
    return dataset.assign_attrs({ATTRIBUTE: json.dumps(views)})


def comes_from(dataset: xr.Dataset, folder: Path) -> bool:
    """Whether a dataset was opened from a folder, and is all of what it held.

    Args:
        dataset: The study's dataset.
        folder: An absolute path.

    Returns:
        Whether it was.
    """
    root = dataset.encoding.get(ROOT)
    return root is not None and Path(str(root)).parent == folder


def stored_views(folder: Path) -> str:
    """Read the views of a folder as they are, to notice that they change.

    Args:
        folder: A study's folder, if it exists.

    Returns:
        The text of their file; "" where there is none.
    """
    with suppress(FileNotFoundError, NotADirectoryError, FormatError):
        data = read_small_file(folder / VIEWS, limit=LARGEST)
        return data.decode("utf-8", "surrogateescape")
    return ""


def merge_views(dataset: xr.Dataset, old: Path, attributes: Views, new: Path) -> None:
    """Carry the views of a study into the folder that replaces it.

    Args:
        dataset: What the new folder holds.
        old: The study's folder, locked; it holds the same examples.
        attributes: Those of its root.
        new: The new folder.

    Raises:
        DiskError: If the system does not let their file be read or written.
        FormatError: If their file is damaged.
    """
    own = _in_attributes(dataset)
    there = read_sidecar(old / VIEWS)
    there = _parsed(attributes.get(ATTRIBUTE)) if there is None else there
    merged = there if comes_from(dataset, old) else {**there, **own}
    if merged != own:
        write_sidecar(new / VIEWS, merged)


def _change(dataset: xr.Dataset, change: Callable[[Views], Views]) -> None:
    """Change the views in the folder, or else in the attributes."""
    folder = Path(str(dataset.encoding.get(SOURCE, "")))
    own = _in_attributes(dataset)
    if ROOT not in dataset.encoding or not folder.is_dir():
        dataset.attrs[ATTRIBUTE] = json.dumps(change(own))
        return

    def change_there(there: Views | None) -> Views:
        _check_same(dataset, folder)
        return change(own if there is None else there)

    dataset.attrs[ATTRIBUTE] = change_sidecar(folder / VIEWS, change_there)


def _check_same(dataset: xr.Dataset, folder: Path) -> None:
    if not _is_same(dataset):
        raise StudyError(
            f"The study at {folder} was replaced since it was opened, and its examples "
            "may be others; open it again to save a view with it."
        )


def _is_same(dataset: xr.Dataset) -> bool:
    now = identify(Path(str(dataset.encoding[ROOT])))
    return bool(now == dataset.encoding[IDENTITY])


def _views_now(dataset: xr.Dataset) -> Views:
    """Those that the folder keeps; the dataset's own where it keeps none."""
    there = None
    if ROOT in dataset.encoding and _is_same(dataset):
        there = read_sidecar(Path(str(dataset.encoding[SOURCE])) / VIEWS)
    return _in_attributes(dataset) if there is None else there


def _in_attributes(dataset: xr.Dataset) -> Views:
    return _parsed(dataset.attrs.get(ATTRIBUTE))


def _parsed(text: Any) -> Views:
    """Read the views of an attribute; none where it is anything else."""
    views: Any = None
    with suppress(TypeError, ValueError, RecursionError):
        views = json.loads(text)
    return views if isinstance(views, dict) else {}

"""Named views of a study: what a person filtered, sorted and selected, under a name.

They belong to the study. One that was opened from a folder keeps them there at once, in
a file of their own next to the arrays; one in memory keeps them with its attributes, so
that the next `save` takes them along. Knows nothing of what is in a view.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import xarray as xr

from depthviz.errors import StudyError
from depthviz.machine.files import write_atomically
from depthviz.study.storage.guarded_store import identify

__all__ = [
    "VIEWS",
    "carry_views",
    "detach_views",
    "is_views",
    "read_views",
    "write_views",
]

VIEWS = "views.json"
ATTRIBUTE = "views"
SOURCE = "source"  # in the encoding, as xarray has it
ROOT, IDENTITY = "depthviz_root", "depthviz_identity"


def is_views(name: str) -> bool:
    """Tell the file of the views, and one that a killed process left half written.

    Args:
        name: Of a file in a study's folder.

    Returns:
        Whether it is one.
    """
    return name == VIEWS or name.startswith(f".{VIEWS}.")


def carry_views(
    dataset: xr.Dataset, root: Path, identity: tuple[int, int] | None
) -> xr.Dataset:
    """Tell a dataset from which folder it comes, and take over the views kept there.

    Args:
        dataset: What was opened.
        root: The file that distinguishes the study from another at its place.
        identity: What `identify` said of it.

    Returns:
        The dataset.
    """
    dataset.encoding |= {SOURCE: str(root.parent), ROOT: str(root), IDENTITY: identity}
    text = _text(dataset)
    if text is not None:
        dataset.attrs[ATTRIBUTE] = text
    return dataset


def detach_views(dataset: xr.Dataset) -> xr.Dataset:
    """Let a dataset keep the views itself: it is no longer what its folder holds.

    Args:
        dataset: Rows of what was opened, or a join.

    Returns:
        A dataset without the folder, with the views that are there now.
    """
    views = read_views(dataset)
    found = dataset.copy(deep=False)
    found.attrs = {name: dataset.attrs[name] for name in dataset.attrs}
    if views:
        found.attrs[ATTRIBUTE] = json.dumps(views, allow_nan=False)
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
        somebody else has saved to the study's folder by now; none where what is kept
        cannot be read.
    """
    views: Any = None
    text = _text(dataset)
    with suppress(TypeError, ValueError):
        views = json.loads(dataset.attrs.get(ATTRIBUTE, "{}") if text is None else text)
    if not isinstance(views, dict):
        return {}
    return {name: view for name, view in views.items() if isinstance(view, dict)}


def write_views(dataset: xr.Dataset, views: dict[str, dict[str, Any]]) -> Path | None:
    """Keep the named views with the study.

    Args:
        dataset: The study's dataset; its attributes change.
        views: The state of each.

    Returns:
        The file that was written; None for a study in memory.

    Raises:
        StudyError: If another study is in the folder by now.
    """
    text = json.dumps(views, allow_nan=False)
    folder = Path(str(dataset.encoding.get(SOURCE, "")))
    if SOURCE not in dataset.encoding or not folder.is_dir():
        dataset.attrs[ATTRIBUTE] = text
        return None
    _check_same(dataset, folder)
    dataset.attrs[ATTRIBUTE] = text
    open_to = (folder.stat().st_mode & 0o666) | 0o600  # whoever has the folder
    write_atomically(folder / VIEWS, text, mode=open_to)
    return folder / VIEWS


def _check_same(dataset: xr.Dataset, folder: Path) -> None:
    if identify(Path(str(dataset.encoding[ROOT]))) != dataset.encoding[IDENTITY]:
        raise StudyError(
            f"The study at {folder} was replaced since it was opened, and its examples "
            "may be others; open it again to save a view with it."
        )


def _text(dataset: xr.Dataset) -> str | None:
    """What the folder keeps; None where there is none, or it has no views."""
    if SOURCE not in dataset.encoding:
        return None
    with suppress(OSError, ValueError):
        return (Path(str(dataset.encoding[SOURCE])) / VIEWS).read_text("utf-8")
    return None

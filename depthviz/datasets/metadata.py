"""What a data set knows of its examples besides inputs and labels: names and paths.

Data sets of files keep both, as those of torchvision do: `classes`, and a list of pairs
(path, class) or of paths. Parts of data sets, and several joined, keep them too. Names
that are no UTF-8 come out with escapes, so that they can be saved and read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import chain
from typing import Any

from torch.utils.data import ConcatDataset, Subset

from depthviz.datasets.nested.entries import LABELS

__all__ = ["class_names", "example_paths", "listed_names"]

# The first three are usual; the others are those of data sets of torchvision.
LISTS_OF_FILES = ("samples", "imgs", "paths", "_samples", "_image_files")
_PATH = (str, bytes, os.PathLike)


def class_names(data: Any) -> tuple[str, ...] | None:
    """Read the names of the classes from `classes` of a data set, or its features.

    Args:
        data: A data set, or a part of one, or several joined.

    Returns:
        The names in the order of the labels; None where it has none, or parts disagree.
    """
    if isinstance(data, Subset):
        return class_names(data.dataset)
    if isinstance(data, ConcatDataset):
        kinds = {class_names(part) for part in data.datasets}
        return kinds.pop() if len(kinds) == 1 else None
    names = listed_names(getattr(data, "classes", None)) or _feature_names(data)
    return None if names is None else tuple(map(_one_name, names))


def _feature_names(data: Any) -> list[Any] | None:
    """Read the names of the column of labels of a Dataset of Hugging Face."""
    features = getattr(data, "features", None)
    if not isinstance(features, Mapping):
        return None
    columns = (features[name] for name in LABELS if name in features)
    return listed_names(getattr(next(columns, None), "names", None))


def example_paths(data: Any) -> list[str] | None:
    """Read the path of each example from the list of files of a data set.

    Args:
        data: A data set, or a part of one, or several joined.

    Returns:
        A path for each example; None where it keeps none.
    """
    if isinstance(data, Subset):
        paths = example_paths(data.dataset)
        return None if paths is None else [paths[i] for i in data.indices]
    if isinstance(data, ConcatDataset):
        parts = [example_paths(part) for part in data.datasets]
        known = [part for part in parts if part is not None]
        return list(chain(*known)) if len(known) == len(parts) else None
    for name in LISTS_OF_FILES:
        files = _files(getattr(data, name, None), len(data))
        if files is not None:
            return files
    return None


def _files(listed: Any, count: int) -> list[str] | None:
    """Read a list of paths, or of pairs that begin with one."""
    if isinstance(listed, (str, bytes)) or not hasattr(listed, "__iter__"):
        return None
    files = [_first(one) for one in listed]
    if len(files) != count or not all(isinstance(one, _PATH) for one in files):
        return None
    return [_readable(os.fspath(one)) for one in files]


def _first(row: Any) -> Any:
    return row[0] if isinstance(row, (tuple, list)) and row else row


def listed_names(names: Any) -> list[Any] | None:
    """List names that have an order: of a list, an array, or a mapping to numbers."""
    if isinstance(names, Mapping):
        return _by_number(names)
    if isinstance(names, (list, tuple)):
        return list(names)
    if hasattr(names, "sort_index"):  # a Series, whose index may be the classes
        return _by_number(names.to_dict()) or names.tolist()
    return list(names.tolist()) if getattr(names, "ndim", 0) == 1 else None


def _by_number(names: Mapping[Any, Any]) -> list[Any] | None:
    """List the names of a mapping, from numbers to names or from names to numbers."""
    count = range(len(names))
    if sorted(names, key=str) == sorted(count, key=str):
        return [names[i] for i in count]
    if sorted(names.values(), key=str) == sorted(count, key=str):
        return sorted(names, key=lambda name: names[name])
    return None


def _one_name(name: Any) -> str:
    # ImageNet's classes are tuples of synonyms.
    plain = ", ".join(map(str, name)) if isinstance(name, (list, tuple)) else str(name)
    return _readable(plain)


def _readable(text: str | bytes) -> str:
    """Escape what is no UTF-8 in a name of the file system."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")

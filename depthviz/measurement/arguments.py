"""What may be asked of a measurement, checked before any work is done.

A measurement takes minutes to hours, so a mistake in an argument must not wait for the
line that trips over it. What needs the data or the network to be judged (whether k fits
the examples, whether a probe exists) is judged elsewhere.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import nn

from depthviz.embeddings import Probe
from depthviz.errors import ArgumentError, DependencyError, ModelError
from depthviz.machine.devices import resolve_device
from depthviz.neighbors import check_search

__all__ = [
    "check_class_names",
    "check_images",
    "check_model",
    "check_probes",
    "the_device",
    "the_scratch",
    "the_search",
]


def the_device(device: Any) -> torch.device:
    """Read a device.

    Args:
        device: A name, or torch's own.

    Returns:
        A device of this machine.

    Raises:
        ArgumentError: If it is neither.
        DeviceError: If this machine has no such device.
    """
    if not isinstance(device, (str, torch.device)):
        raise ArgumentError(
            "device must be 'auto', a name such as 'cuda' or a torch.device, "
            f"got {device!r}."
        )
    return resolve_device(device)


def the_search(search: Any, executor: Any) -> str:
    """Read how neighbors are searched, and by whom.

    Args:
        search: "exact", or "faiss:" and a string for faiss' index factory.
        executor: What runs it; None for this process.

    Returns:
        The words.

    Raises:
        ArgumentError: If either is something else, or they do not go together.
        DependencyError: If faiss is asked for and missing.
    """
    check_search(search, executor)
    if search != "exact" and find_spec("faiss") is None:
        raise DependencyError(
            f"search={search!r} needs faiss: pip install 'torch-depthviz[faiss]', or "
            "choose search='exact'."
        )
    return str(search)


def the_scratch(folder: Any) -> Path | None:
    """Read a folder for scratch files, and try to make one there.

    Args:
        folder: A path; None leaves the choice to us.

    Returns:
        The folder.

    Raises:
        ArgumentError: If no file can be made there.
    """
    if folder is None:
        return None
    if not isinstance(folder, (str, os.PathLike)):
        raise ArgumentError(f"scratch must be the path of a folder, got {folder!r}.")
    try:
        tempfile.TemporaryFile(dir=Path(folder)).close()
    except OSError as error:
        raise ArgumentError(
            "scratch must be a folder that takes files; in "
            f"{os.fspath(folder)!r} none can be made: {error.strerror}."
        ) from error
    return Path(folder)


def check_probes(probes: Any) -> None:
    """Refuse what is neither a word nor a list of places.

    Args:
        probes: What was given.

    Raises:
        ArgumentError: If it is something else.
    """
    listed = isinstance(probes, Sequence)
    if not listed or not all(isinstance(each, (str, Probe)) for each in probes):
        raise ArgumentError(
            f"probes must be 'auto' or a list of module paths, got {probes!r}."
        )


def check_model(model: Any) -> None:
    """Refuse what is no network, such as its weights alone.

    Args:
        model: What was given.

    Raises:
        ModelError: If it is something else.
    """
    if not isinstance(model, nn.Module):
        raise ModelError(
            f"model must be an nn.Module, got {type(model).__name__}; weights alone "
            "are loaded into one with model.load_state_dict(weights)."
        )


def check_class_names(names: Any) -> None:
    """Refuse one name, or none, where a list of names is wanted.

    Args:
        names: What was given; None where the data set is asked.

    Raises:
        ArgumentError: If it is no list.
    """
    if names is not None and not _is_collection(names):
        raise ArgumentError(
            f"class_names must be a list, one name for each class, got {names!r}."
        )


def check_images(images: Any) -> None:
    """Refuse what can be no array of pictures.

    Args:
        images: What was given.

    Raises:
        ArgumentError: If it is neither "auto", None nor an array.
    """
    automatic = isinstance(images, str) and images == "auto"
    if images is not None and not automatic and not _is_collection(images):
        raise ArgumentError(
            f"images must be 'auto', None or an array of pictures, got {images!r}."
        )


def _is_collection(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, (str, bytes))

"""The options of a measurement, checked once before any work is done.

A measurement takes minutes to hours, so a wrong argument is refused at the start. What
needs the data or the network to be judged (whether k fits the examples, whether a probe
exists) is checked where these are at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Executor
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from depthviz.checks import one_of, whole_number
from depthviz.datasets.metadata import listed_names
from depthviz.datasets.named import Columns
from depthviz.datasets.nested.batching import Collate
from depthviz.embeddings.running.calling import Forward
from depthviz.embeddings.running.headless import without_head
from depthviz.errors import ArgumentError, DependencyError, ModelError
from depthviz.machine.devices import resolve_device
from depthviz.machine.paths import local_path
from depthviz.machine.scratch import check_takes_files
from depthviz.neighbors.nearest import check_search
from depthviz.probes import TIES, Ties
from depthviz.study.conventions.definition import COMPARE_WITH, CompareWith
from depthviz.study.text import check_text

__all__ = [
    "ON_ERROR",
    "PROJECTIONS",
    "MeasureOptions",
    "check_functions",
    "check_images",
    "check_model",
    "check_names",
    "read_options",
]

METRICS = ("euclidean", "cosine")
PROJECTIONS = ("umap", "umap-learn", "pca", "later", None)
SCRATCH_TYPES = ("float32", "float16")
ON_ERROR = ("raise", "skip")


class MeasureOptions(NamedTuple):
    """The checked options of a measurement; `measure` says what each means."""

    k: int
    metric: Literal["euclidean", "cosine"]
    projection: Literal["umap", "umap-learn", "pca", "later"] | None
    batch_size: int
    device: torch.device
    memory_limit: int | None
    seed: int
    progress: bool
    search: str = "exact"
    executor: Executor | None = None
    scratch: Path | None = None
    scratch_type: Literal["float32", "float16"] = "float32"
    ties: Ties = "nearest"
    include_self: bool = False
    compare_with: CompareWith = "prediction"
    collate_fn: Collate | None = None
    forward: Forward | None = None
    columns: Columns = Columns()
    on_error: Literal["raise", "skip"] = "raise"

    @property
    def call(self) -> Forward | None:
        """How the network is called: it needs no head where labels are compared."""
        compared = self.compare_with == "prediction"
        return self.forward if compared else without_head(self.forward)


def read_options(
    *,
    k: Any,
    metric: Any,
    projection: Any,
    batch_size: Any,
    device: Any,
    memory_limit: Any,
    seed: Any,
    progress: bool,
    search: Any,
    executor: Any,
    scratch: Any,
    scratch_type: Any,
    ties: Any = "nearest",
    include_self: Any = False,
    compare_with: Any = "prediction",
    collate_fn: Any = None,
    forward: Any = None,
    input: Any = None,
    label: Any = None,
    on_error: Any = "raise",
) -> MeasureOptions:
    """Check the options of a measurement.

    Raises:
        ArgumentError: If one is not what it may be.
        DependencyError: If search or maps need a library that is missing.
        DeviceError: If this machine has no such device.
    """
    if memory_limit is not None:
        memory_limit = whole_number("memory_limit", memory_limit, least=1)
    if not isinstance(include_self, bool):
        raise ArgumentError(
            f"include_self must be True or False, got {include_self!r}."
        )
    if include_self and k == 1:
        raise ArgumentError(
            "k must be at least 2 where an example is included among its own "
            "neighbors, since the only one would be itself; got k=1."
        )
    check_functions(collate_fn, forward)
    return MeasureOptions(
        k=whole_number("k", k, least=1),
        metric=one_of("metric", metric, METRICS),
        projection=_read_projection(projection),
        batch_size=whole_number("batch_size", batch_size, least=1),
        device=_read_device(device),
        memory_limit=memory_limit,
        seed=whole_number("seed", seed, least=0, below=2**32),
        progress=progress,
        search=_read_search(search, executor),
        executor=executor,
        scratch=_read_scratch(scratch),
        scratch_type=one_of("scratch_type", scratch_type, SCRATCH_TYPES),
        ties=one_of("ties", ties, TIES),
        include_self=include_self,
        compare_with=one_of("compare_with", compare_with, COMPARE_WITH),
        collate_fn=collate_fn,
        forward=forward,
        columns=Columns.read(input, label),
        on_error=one_of("on_error", on_error, ON_ERROR),
    )


def check_model(model: Any) -> None:
    """Refuse a model that is no network, or one without values (`ModelError`)."""
    if not isinstance(model, nn.Module):
        raise ModelError(f"model must be an nn.Module, {_describe_no_network(model)}")
    named = chain(model.named_parameters(), model.named_buffers())
    for name, tensor in named:
        if is_lazy(tensor):
            raise ModelError(
                f"The parameter {name!r} of the network has no shape yet: a lazy "
                "module makes it in its first call. Run the network once on a batch, "
                "then train or load its weights."
            )
        if tensor.is_meta:
            raise ModelError(
                f"The parameter {name!r} of the network has no values: it is on the "
                "meta device. Load the weights first, with "
                "model.load_state_dict(weights, assign=True), or build the network "
                "outside of init_empty_weights()."
            )


def _describe_no_network(model: Any) -> str:
    """Say what came in place of a network, and what to give."""
    kind = type(model).__name__
    if isinstance(model, Mapping):
        return (
            f"got {kind}; weights alone are loaded into one with "
            "model.load_state_dict(weights)."
        )
    if isinstance(model, type):
        return f"got the class {model.__name__}; make one: {model.__name__}(…)."
    if isinstance(model, torch.export.ExportedProgram):
        return (
            f"got {kind}: an exported program has lost its modules, so no layer can be "
            "read. Give the network that it was exported from."
        )
    return (
        f"got {kind}; wrap what computes the logits in a class of nn.Module, with its "
        "layers as attributes."
    )


def check_names(names: Any, title: Any) -> None:
    """Refuse class names that are no list, and text that is not UTF-8.

    None is allowed; ArgumentError, or StudyError for the text.
    """
    listed = [] if names is None else listed_names(names)
    if listed is None:
        raise ArgumentError(
            "class_names must be a list, one name for each class, or a dictionary from "
            f"classes to names, got {names!r}."
        )
    check_text("class_names", listed)
    check_text("title", [title])


def check_images(images: Any) -> None:
    """Refuse images that are no array, no word for some, nor None (`ArgumentError`)."""
    automatic = isinstance(images, str) and images in ("auto", "files")
    if images is not None and not automatic and not _is_collection(images):
        raise ArgumentError(
            "images must be 'auto', 'files', None or an array of pictures, got "
            f"{images!r}."
        )


def check_functions(collate_fn: Any, forward: Any) -> None:
    """Refuse what is no function; None is allowed (`ArgumentError`)."""
    _check_function("collate_fn", collate_fn, "lambda items: (inputs, labels)")
    _check_function("forward", forward, "lambda model, batch: logits")


def _check_function(name: str, value: Any, form: str) -> None:
    if value is not None and not callable(value):
        raise ArgumentError(
            f"{name} must be a function, {form}, or None, got {value!r:.60}."
        )


def _read_device(device: Any) -> torch.device:
    """Find the device of this machine that a name or torch's own device stands for."""
    if not isinstance(device, (str, torch.device)):
        raise ArgumentError(
            "device must be 'auto', a name such as 'cuda' or a torch.device, "
            f"got {device!r}."
        )
    return resolve_device(device)


def _read_search(search: Any, executor: Any) -> str:
    """Check the kind of search and its executor; faiss must be installed if asked."""
    check_search(search, executor)
    if search != "exact" and find_spec("faiss") is None:
        raise DependencyError(
            f"search={search!r} needs faiss: pip install 'torch-depthviz[faiss]', or "
            "choose search='exact'."
        )
    return str(search)


def _read_projection(projection: Any) -> Any:
    """Check the method of the maps; umap-learn must be installed if asked for."""
    chosen = one_of("projection", projection, PROJECTIONS)
    if chosen == "umap-learn" and find_spec("umap") is None:
        raise DependencyError(
            "projection='umap-learn' needs umap-learn: pip install umap-learn, or "
            "choose projection='umap'."
        )
    return chosen


def _read_scratch(folder: Any) -> Path | None:
    """Check that a file can be made in the scratch folder; None leaves it to us."""
    if folder is None:
        return None
    place = local_path(folder, name="scratch")
    try:
        check_takes_files(place)
    except OSError as error:
        raise ArgumentError(
            "scratch must be a folder that takes files; in "
            f"{str(place)!r} none can be made: {error.strerror}."
        ) from error
    return place


def _is_collection(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, (str, bytes))

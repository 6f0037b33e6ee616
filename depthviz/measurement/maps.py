"""The maps of a study, made after everything else.

UMAP needs nothing but a study's neighbors, so a study is complete without its maps:
they are made at the end of a measurement, or when they are first looked at. How far
they can be trusted is judged by ranks that the measurement kept.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray

from depthviz.checks import one_of, whole_number
from depthviz.errors import DependencyError, DiskError, MemoryLimitError, StudyError
from depthviz.machine.ambient import neutral_state
from depthviz.machine.console import print_line, progress_bar
from depthviz.machine.exhaustion import explained_memory
from depthviz.machine.seeds import kept_random_state
from depthviz.measurement.map_ranks import Ranks, sample_rows, trust_maps
from depthviz.measurement.probe_arrays import drop_self
from depthviz.measurement.progress import announced_compilation
from depthviz.projections import neighbors_kept, umap_layers, umap_learn_layers
from depthviz.study.container import Study
from depthviz.study.rows import MEASURED_ROW, NEIGHBOR_ROW, count_measured
from depthviz.study.storage.later_maps import (
    MAP_RANK,
    add_later_maps,
    keep_maps,
    maps_are_awaited,
)
from depthviz.study.storage.reading.opening import with_maps_now

__all__ = ["HOW_LATER", "add_maps", "map_variables", "try_maps", "with_maps"]

HOW_LATER = "depthviz.add_maps(study) makes them, as does the first look at it."
HOW_TO_KEEP = "What study = depthviz.add_maps(study) gives is saved with them."

MAP_NEIGHBORS = 15
METHODS = {"umap": umap_layers, "umap-learn": umap_learn_layers}
PROBE = ("probe",)
OF_MAPS = (
    "projection",
    "neighbors_kept",
    "trustworthiness",
    "continuity",
    "point_trustworthiness",
    "point_continuity",
)
Variables = dict[str, tuple[tuple[str, ...], NDArray[Any], dict[str, Any]]]

_completed: WeakKeyDictionary[Study, Study] = WeakKeyDictionary()


@explained_memory()
@neutral_state()
def add_maps(
    study: Study,
    *,
    method: Literal["umap", "umap-learn"] | None = None,
    seed: int | None = None,
    progress: bool = True,
) -> Study:
    """Make the maps of a study from its neighbors.

    Args:
        study: A whole study, with or without maps.
        method: See `measure`; by default what the study was measured for, else "umap".
        seed: Decides the maps, in 0..2**32 - 1; by default the study's.
        progress: Whether to show a bar.

    Returns:
        A study with maps; trustworthiness and continuity where the study kept the ranks
        for them, which is where it has waited for its maps.

    Raises:
        ArgumentError: If method or seed is not as described.
        DependencyError: If a library is missing.
        StudyError: If the study has no neighbors, or is a part that lost some.

    Example:
        >>> from depthviz.measurement import measure
        >>> net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Linear(4, 2))
        >>> points, labels = np.eye(4, 2, dtype=np.float32), np.array([0, 1, 0, 1])
        >>> options = {"k": 2, "projection": None, "progress": False}
        >>> study = measure(net, (points, labels), **options)
        >>> add_maps(study, progress=False).dataset["projection"].shape
        (3, 4, 2)
    """
    if method is None and seed is None and study in _completed:
        return _completed[study]  # a view has made them
    data = study.dataset
    wanted = data.attrs.get("projection")
    chosen = wanted if method is None and wanted in METHODS else (method or "umap")
    name = str(one_of("method", chosen, tuple(METHODS)))
    start = data.attrs.get("seed", 0) if seed is None else seed
    start = start if isinstance(start, int | np.integer) else 0
    number = whole_number("seed", start, least=0, below=2**32)
    with kept_random_state(torch.device("cpu")):
        maps = _make(data, name, number, progress=progress)
    found = add_later_maps(data.drop_vars(OF_MAPS, errors="ignore"), maps)
    return Study(found.assign_attrs(projection=name))


def with_maps(study: Study, *, progress: bool = True) -> Study:
    """Give a study the maps that it waits for.

    They are added to the folder that it was opened from, unless somebody else has done
    so by now; where that cannot be written, a line says so, and they are kept in memory
    as long as the study is.

    Args:
        study: Any.
        progress: Whether to show a bar, and the line.

    Returns:
        The same study if it waits for none, else always the same one for it.

    Raises:
        DependencyError: If a library is missing.
    """
    if not maps_are_awaited(study.dataset) or _lost_neighbors(study.dataset):
        return study
    if study not in _completed:
        there = with_maps_now(study.dataset)
        waits = maps_are_awaited(there)
        _completed[study] = _made(study, progress) if waits else Study(there)
    return _completed[study]


def try_maps(make: Callable[..., Study], study: Study, *, progress: bool) -> Study:
    """Give a study the maps that it waits for; where that fails, warn and go on.

    A study of hours is there without them, too.

    Args:
        make: `add_maps`, or `with_maps` to keep them in the study's folder.
        study: It waits for its maps.
        progress: Whether to show a bar, and how the maps are kept.

    Returns:
        The study, with maps if they could be made.
    """
    try:
        return make(study, progress=progress)
    except (DependencyError, MemoryLimitError) as error:
        text = f"The study is there, without its maps: {error} {HOW_LATER}"
        warnings.warn(text, stacklevel=3)
    return study


def map_variables(
    points: NDArray[np.float32],
    neighbors: NDArray[np.integer],
    *,
    references: int,
    ranks: Ranks | None,
    method: str,
) -> Variables:
    """Describe maps, and how far each can be trusted.

    Args:
        points: Shape `(P, N, 2)`.
        neighbors: Nearest in the embeddings, itself not among them, `(P, N, K)`.
        references: How many examples, from the first, can be neighbors.
        ranks: By which they are judged; None where these are not known.
        method: By which they were made.

    Returns:
        Variables of a study.
    """
    pairs = zip(points, neighbors, strict=True)
    kept = [
        neighbors_kept(positions, nearest, k=MAP_NEIGHBORS, references=references)
        for positions, nearest in pairs
    ]
    k = min(MAP_NEIGHBORS, neighbors.shape[2])
    trust = {} if ranks is None else trust_maps(ranks, points, neighbors, k=k)
    places = ("probe", "example", "map_axis")
    return {
        "projection": (places, points, {"method": method}),
        "neighbors_kept": (PROBE, np.array(kept, np.float32), {"k": k}),
        **trust,
    }


def _made(study: Study, progress: bool) -> Study:
    """Make the maps, and keep them where the study lies."""
    found = add_maps(study, progress=progress)
    why = _keep(study, found)
    if progress and why:
        print_line(f"The maps are in memory alone: {why} {HOW_TO_KEEP}")
    return found


def _make(data: xr.Dataset, method: str, seed: int, *, progress: bool) -> xr.Dataset:
    _check_neighbors(data)
    # As measured: those that can be neighbors first.
    order = data["split"].values.argsort(kind="stable")
    neighbors, distances = _neighbors(data, order)
    bars = progress_bar(total=len(neighbors), desc="Maps", show=progress)
    with bars as bar, announced_compilation("the maps", show=progress):
        points = METHODS[method](
            neighbors,
            distances,
            seed=seed,
            neighbors=MAP_NEIGHBORS,
            progress=bar.update,
        )
    references = int((data["split"].values == 0).sum())
    ranks = _ranks(data, references)
    made = map_variables(
        points, neighbors, references=references, ranks=ranks, method=method
    )
    return xr.Dataset(made).isel(example=order.argsort())


def _check_neighbors(data: xr.Dataset) -> None:
    if not {"neighbor_index", "neighbor_distance", "split"} <= set(data.variables):
        raise StudyError(
            "Maps are made of neighbors, and this study has none. Measure it with "
            "depthviz.measure."
        )
    if _lost_neighbors(data):
        raise StudyError(
            "Maps are made of neighbors, and this part of a study lost some of its "
            "own. Make the maps of the whole study, and take the part of that: "
            "depthviz.add_maps(study).subset(examples)."
        )


def _lost_neighbors(data: xr.Dataset) -> bool:
    """Whether a study is a part, of which some neighbors are not among it."""
    return NEIGHBOR_ROW in data and bool((data["neighbor_index"].values < 0).any())


def _neighbors(
    data: xr.Dataset, order: NDArray[np.intp]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Take the neighbors that are not the example itself, and their distances."""
    place = order.argsort().astype(np.int32)
    index = place[data["neighbor_index"].values[:, order]]
    distance = data["neighbor_distance"].values[:, order]
    if data.attrs.get("include_self"):
        return drop_self(index, distance)
    return index, distance


def _ranks(data: xr.Dataset, references: int) -> Ranks | None:
    """Find the ranks that the measurement kept, unless the rows are others by now."""
    count = data.sizes["example"]
    measured = data[MEASURED_ROW].values
    moved = not np.array_equal(measured, np.arange(count_measured(data)))
    if MAP_RANK not in data or moved:
        return None
    return Ranks(sample_rows(count, references), data[MAP_RANK].values)


def _keep(study: Study, found: Study) -> str:
    """Add maps to the study's folder; say why they are not there, if so."""
    maps = xr.Dataset(
        {
            name: variable.variable
            for name, variable in found.dataset.data_vars.items()
            if name in OF_MAPS
        }
    )
    try:
        kept = keep_maps(study.dataset, maps)
    except DiskError as error:
        return str(error)
    return "" if kept else "the study lies in no folder, or another has its place."

"""A study as the browser receives it: a small manifest and named chunks of bytes.

The manifest is sent first and lists what there is; the browser then pulls each chunk
when it needs it. The same pack feeds the live widget and the offline page, so both show
the same. Knows nothing of either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.errors import StudyError
from depthviz.study import Study
from depthviz.study.measures.availability import COMPUTABLE
from depthviz.study.members import is_ensemble, shown_member
from depthviz.study.previews.sounds import has_sounds
from depthviz.study.previews.texts import TEXT, characters_read, example_texts
from depthviz.widgets.payload.chunks import Chunks, Family
from depthviz.widgets.payload.columns import pack_column, pack_ids
from depthviz.widgets.payload.details import pack_details
from depthviz.widgets.payload.ensemble import (
    describe_plane,
    error_columns,
    mark_earlier_rule,
    mark_member_columns,
    pack_errors,
)
from depthviz.widgets.payload.facts import study_facts
from depthviz.widgets.payload.map_trust import describe_trust, pack_trust
from depthviz.widgets.payload.rows import PER_ROWS, ROW_FAMILY, read_rows
from depthviz.widgets.payload.sounds import SOUND_FAMILY, Sounds
from depthviz.widgets.payload.sprites import describe_sprites
from depthviz.widgets.payload.texts import FAMILY, describe_texts, text_facts

__all__ = ["Pack", "pack_study"]

_FORMAT = 1
_NEEDED = ("label", "prediction", "depth", "probe", "class")
_MAP_STEPS = np.iinfo(np.uint16).max
_SHARE_STEPS = np.iinfo(np.uint8).max


@dataclass(frozen=True)
class Pack:
    """What a view of a study needs: `manifest` (JSON) and `chunks` (name to bytes)."""

    manifest: dict[str, Any]
    chunks: Chunks


def pack_study(study: Study, *, title: str | None = None) -> Pack:
    """Pack a study for the browser.

    Args:
        study: What to show.
        title: Heading of the view; by default the study's own title.

    Returns:
        The manifest and the chunks that it names.

    Raises:
        StudyError: If it is no study, or one without examples, or without what every
            view needs.
    """
    _check_study(study)
    data, frame = study.dataset, study.frame()
    shown = frame if example_texts(data) is None else frame.drop(columns=TEXT)
    columns, chunks = _pack_columns(shown)
    mark_member_columns(study, columns)
    mark_earlier_rule(study, columns)
    manifest: dict[str, Any] = {
        "format": _FORMAT,
        "title": title or str(data.attrs.get("title", "Example difficulty")),
        "count": len(frame),
        "probes": [str(name) for name in data["probe"].values],
        "classes": [str(name) for name in data["class"].values],
        "k": data.sizes.get("neighbor"),
        "columns": columns,
        "map": None,
        "images": None,
        "previews": [],
        "rows": None,
        "measurable": _measurable(study),
        "plane": describe_plane(study),
        "member": shown_member(data) if is_ensemble(data) else None,
        "facts": study_facts(study),
    }
    chunks |= _pack_probes(study)
    families: dict[str, Family] = {}
    if "projection" in data:
        manifest["map"] = _describe_map(study)
        chunks["map"] = _quantize_map(data["projection"].values).tobytes()
        chunks |= pack_trust(data)
    if "image" in data:
        sprites = describe_sprites(data["image"].values)
        manifest["images"] = sprites.description
        families["tile"] = Family(sprites.description["tiles"], sprites.tile)
    families |= _pack_previews(data, frame, manifest)
    details = pack_details(data, sprites=manifest["images"])
    manifest["details"] = details.manifest
    families |= details.families
    packed = Chunks(chunks, families)
    manifest |= {"chunks": packed.sizes, "families": packed.counts}
    return Pack(manifest, packed)


def _measurable(study: Study) -> list[str]:
    """Name the measures that can be computed of the study as it is."""
    known = study.available()
    return known.index[known["state"] == COMPUTABLE].tolist()


def _check_study(study: object) -> None:
    if not isinstance(study, Study):
        raise StudyError(
            f"Expected a Study, got {type(study).__name__}; open a saved one with "
            "depthviz.open_study(path)."
        )
    if not len(study):
        raise StudyError("Expected a study with examples, got one with none.")
    lacking = [name for name in _NEEDED if name not in study.dataset]
    if lacking:
        raise StudyError(
            "To be shown, a study needs the label, prediction and depth of each "
            "example, and the names of its probes and classes; this one lacks "
            f"{', '.join(map(repr, lacking))}. Measure it with depthviz.measure, or "
            "take the variables that you want from study.dataset with the rest of it: "
            "dataset.drop_vars([...]) leaves what dataset[[...]] does not."
        )


def _pack_previews(
    data: xr.Dataset, frame: pd.DataFrame, manifest: dict[str, Any]
) -> dict[str, Family]:
    """Offer what is seen of examples that are no pictures; the manifest names it."""
    families: dict[str, Family] = {}
    if has_sounds(data):
        manifest["previews"].append(SOUND_FAMILY)
        families[SOUND_FAMILY] = Family(len(frame), Sounds(data).one)
    texts, rows = example_texts(data), read_rows(data, frame)
    if texts is None and rows is not None:
        manifest["previews"].append(ROW_FAMILY)
        manifest["rows"] = rows.describe()
        families[ROW_FAMILY] = Family(-(-len(frame) // PER_ROWS), rows.chunk)
    if texts is None:
        return families
    column, count, chunk = describe_texts(texts, characters_read(data))
    manifest["columns"].append(column)
    manifest["previews"].append(TEXT)
    manifest["facts"] += text_facts(texts)
    return families | {FAMILY: Family(count, chunk)}


def _pack_columns(
    frame: pd.DataFrame,
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    ids = frame.index.to_series()
    shown = frame.drop(columns=list(error_columns(frame).values()))
    packed = [pack_ids(ids), *(pack_column(shown[name]) for name in shown)]
    chunks = {f"column/{column.description['name']}": column.data for column in packed}
    errors, error_chunks = pack_errors(frame)
    columns = [
        column.description | errors.get(column.description["name"], {})
        for column in packed
    ]
    return columns, chunks | error_chunks


def _pack_probes(study: Study) -> dict[str, bytes]:
    data, chunks = study.dataset, {}
    if "vote" in data:
        chunks["votes"] = data["vote"].values.astype("<u2").tobytes()
    if "neighbor_agreement" in data:
        shares = data["neighbor_agreement"].values * _SHARE_STEPS
        chunks["agreement"] = np.rint(shares).astype(np.uint8).tobytes()
    return chunks


def _describe_map(study: Study) -> dict[str, Any]:
    data = study.dataset
    kept: Iterable[float] = data.get("neighbors_kept", xr.DataArray([])).values
    return {
        "method": str(data.attrs.get("projection", "")),
        "neighbors_kept": [round(float(share), 4) for share in kept],
        **describe_trust(data),
    }


def _quantize_map(points: NDArray[np.floating[Any]]) -> NDArray[np.uint16]:
    """Place the points of all probes, `(P, N, 2)`, in one square of 65,536 steps.

    A point without a place, NaN, stands in the lower left corner, and moves no other.
    """
    each = points[..., 0], points[..., 1]  # together they take ten times as long
    ends = [
        (np.fmin.reduce(axis, axis=None), np.fmax.reduce(axis, axis=None))
        for axis in each
    ]
    lowest, highest = np.array(ends).T
    side = max(float((highest - lowest).max()), np.finfo(np.float32).tiny)
    corner = (lowest + highest - side) / 2
    steps = ((points - corner) / side * _MAP_STEPS).round()
    packed: NDArray[np.uint16] = np.nan_to_num(steps, copy=False).astype("<u2")
    return packed

"""Pictures of examples, small enough for a page, with what stands below them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.reports.document import Picture
from depthviz.study import Study
from depthviz.study.pictures import to_picture

__all__ = ["pictures_of"]

SIDE = 160  # pixels of the longer side at most
LOSSLESS = 64  # up to this side a PNG is as small as a JPEG, and exact
QUALITY = 85


def pictures_of(
    study: Study, rows: Sequence[int] | NDArray[np.intp], *, suggest: bool = False
) -> tuple[Picture, ...]:
    """Take some examples to look at.

    Args:
        study: The study.
        rows: Their positions.
        suggest: Whether the suggested label belongs beside the given one.

    Returns:
        One an example; without data where the study has no pictures.
    """
    data = study.dataset
    places = np.asarray(rows, np.intp)
    if not len(places):
        return ()
    images = data["image"].isel(example=places).values if "image" in data else None
    names = study.frame().index[places].astype(str)
    given = _class_names(study, "label", places)
    other = _class_names(study, "suggested_label", places) if suggest else None
    return tuple(
        Picture(
            data=None if images is None else _encode(images[at]),
            name=names[at],
            label=given[at],
            other="" if other is None or other[at] == given[at] else other[at],
        )
        for at in range(len(places))
    )


def _class_names(study: Study, name: str, places: NDArray[np.intp]) -> list[str]:
    if name not in study.dataset:
        return [""] * len(places)
    codes = study.dataset[name].values[places].astype(int)
    names = list(study.classes)
    return [names[code] if 0 <= code < len(names) else "" for code in codes]


def _encode(image: NDArray[Any]) -> bytes:
    """Write a picture of shape `(H, W, C)` as PNG or JPEG."""
    picture = to_picture(image[..., :3])
    small = max(picture.size) <= LOSSLESS
    picture.thumbnail((SIDE, SIDE))
    written = io.BytesIO()
    if small:
        picture.save(written, "PNG", optimize=True)
    else:
        picture.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()

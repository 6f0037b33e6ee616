"""Pictures of examples as charts hold them: PNG, within the chart itself."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from depthviz.errors import StudyError
from depthviz.study import Study
from depthviz.study.pictures import to_picture

__all__ = ["has_pictures", "need_pictures", "picture_addresses"]


def has_pictures(study: Study) -> bool:
    """Whether a study keeps pictures of its examples.

    Args:
        study: The study.

    Returns:
        Whether it does.
    """
    return "image" in study.dataset


def need_pictures(study: Study, what: str) -> None:
    """Refuse a study without pictures.

    Args:
        study: The study.
        what: The chart, as a sentence begins.

    Raises:
        StudyError: If it keeps none.
    """
    if not has_pictures(study):
        raise StudyError(
            f"{what} needs pictures, and this study keeps none of its examples: its "
            "inputs are no images, or it was measured without them. List the examples "
            "with study.frame()."
        )


def picture_addresses(study: Study, rows: NDArray[np.intp]) -> list[str]:
    """Write pictures as addresses that hold them, with nothing lost.

    Args:
        study: A study with pictures.
        rows: Which examples, shape `(M,)`.

    Returns:
        An address each, of a PNG.
    """
    images = study.dataset["image"].isel(example=rows).values
    return [_address(to_picture(image)) for image in images]


def _address(picture: Image.Image) -> str:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    data = base64.b64encode(written.getvalue()).decode()
    return f"data:image/png;base64,{data}"

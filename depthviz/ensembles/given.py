"""The examples of an ensemble as the user gave them: their names, those left out.

What is left out is left out before anything else, so that every process reads the same
examples, and a run that goes on later is refused where other ones are broken by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Subset

from depthviz.datasets.forms import as_examples
from depthviz.datasets.labels import KnownNames
from depthviz.datasets.metadata import listed_names
from depthviz.datasets.skipping import find_broken, take_kept
from depthviz.datasets.sources.streams import is_stream
from depthviz.ensembles.options import EnsembleOptions
from depthviz.errors import ArgumentError
from depthviz.measurement.examples.ids import check_ids
from depthviz.measurement.examples.splits import describe_broken
from depthviz.study.measures.reading import GIVEN, SKIPPED
from depthviz.training.recipe import Recipe

__all__ = ["GivenExamples", "class_words", "read_given"]


class GivenExamples(NamedTuple):
    """What members read, and what is known of it.

    Attributes:
        data: The data, without examples that are broken.
        options: The options, of the examples that are left.
        ids: Their names; None for positions.
        facts: Attributes of the study that say what was left out.
        note: The same in one line; "" for nothing.
    """

    data: Any
    options: EnsembleOptions
    ids: list[Any] | None
    facts: dict[str, Any]
    note: str = ""


def class_words(options: EnsembleOptions) -> KnownNames | None:
    """Find the names by which labels that are words are read."""
    names = listed_names(options.class_names)
    return None if names is None else KnownNames(tuple(map(str, names)))


def read_given(data: Any, options: EnsembleOptions) -> GivenExamples:
    """Leave broken examples out, and read the names of the others.

    Args:
        data: As `Ensemble` takes it.
        options: Those of the ensemble.

    Returns:
        What is left.

    Raises:
        ArgumentError: If names do not tell examples apart, or data that give their
            items in order alone are to be read in another.
        ShapeError: If names are not as many as examples.
    """
    _check_stream(data, options)
    functions, known = options.functions, class_words(options)
    examples = as_examples(
        data,
        name="data",
        collate_fn=functions.collate_fn,
        columns=functions.columns,
        known=known,
    )
    count = len(examples)
    ids = examples.ids if options.ids is None else check_ids(options.ids, count)
    broken = find_broken(examples) if options.on_error == "skip" else []
    if not broken:
        return GivenExamples(data, options, None if ids is None else list(ids), {})
    rows = [each.row for each in broken]
    kept = np.delete(np.arange(count), rows)
    names = kept.tolist() if ids is None else [ids[row] for row in kept.tolist()]
    note = describe_broken({"data": broken})
    facts = {SKIPPED: {"train": rows}, GIVEN: {"train": count}}
    return GivenExamples(
        _part(data, kept),
        _of_kept(options, kept),
        names,
        facts | {"skipped_because": note},
        note,
    )


def _check_stream(data: Any, options: EnsembleOptions) -> None:
    if not is_stream(data):
        return
    if options.on_error == "skip" or not isinstance(options.recipe, Recipe):
        raise ArgumentError(
            "data is iterable only, so a training loop of your own cannot draw its "
            "examples at random, nor can on_error='skip' read what follows an error; "
            "give a map-style data set, or list(data) where that fits into memory."
        )


def _of_kept(options: EnsembleOptions, kept: NDArray[np.intp]) -> EnsembleOptions:
    """Take what was given for each example of those that are left."""
    images = options.shown_options["images"]
    pictures = images is not None and not isinstance(images, str)
    labels = options.labels
    return replace(
        options,
        labels=None if labels is None else take_kept(labels, kept),
        shown_options={
            **options.shown_options,
            "images": take_kept(images, kept) if pictures else images,
        },
    )


def _part(data: Any, kept: NDArray[np.intp]) -> Any:
    """Take some of the examples, in the form in which all were given."""
    pair = isinstance(data, (tuple, list)) and len(data) == 2
    if pair and (hasattr(data[0], "shape") or isinstance(data[0], Mapping)):
        return take_kept(data[0], kept), take_kept(data[1], kept)
    if isinstance(data, Mapping) or hasattr(data, "iloc"):
        return take_kept(data, kept)
    select = getattr(data, "select", None)  # a Dataset of Hugging Face
    if callable(select) and hasattr(data, "column_names"):
        return select(kept)
    return Subset(data, kept.tolist())

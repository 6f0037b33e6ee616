"""From what a person gives to `explore` to the desk of a study."""

from __future__ import annotations

import os
import warnings

from depthviz.annotations import Annotations
from depthviz.annotations import open as open_store
from depthviz.annotations.events import LONGEST_NAME
from depthviz.annotations.opening import place_beside
from depthviz.annotations.schema import read_schema
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study
from depthviz.widgets.annotating.desk import Desk

__all__ = ["open_desk"]


def open_desk(
    study: Study,
    annotations: object,
    *,
    annotator: str | None = None,
    schema: object = None,
    blind: bool = False,
) -> Desk | None:
    """Open the desk of a study.

    Args:
        study: The study.
        annotations: True, a path, a URL, or a store; None or False for none.
        annotator: Whose decisions are recorded; by default that of a store that is
            given, else the page asks.
        schema: What may be decided; see `read_schema`.
        blind: Whether what could influence a decision is hidden until it is made.

    Returns:
        The desk; None where nobody annotates.

    Raises:
        ArgumentError: If one of them is none of this, or says how to annotate where
            nobody does.
        StudyError: If an example has an id that no store takes.
    """
    if annotations is None or annotations is False:
        _check_unused(annotator=annotator, schema=schema, blind=blind or None)
        return None
    if not isinstance(blind, bool):
        raise ArgumentError(f"blind must be True or False, got {blind!r:.80}.")
    read = read_schema(schema)
    _check_annotator(annotator)
    _check_ids(study)
    if isinstance(annotations, Annotations):
        store, named = annotations, annotations.annotator
    elif annotations is True or isinstance(annotations, str | os.PathLike):
        place = place_beside(study) if annotations is True else annotations
        store, named = open_store(place, annotator=annotator), ""
    else:
        raise ArgumentError(
            "annotations must be True for a file beside the study, a path, the URL of "
            "a database, or what depthviz.annotations.open gave, got "
            f"{type(annotations).__name__}."
        )
    if schema is not None:
        store.use_schema(read)
    name = annotator or named
    desk = Desk(study, store, schema=read, annotator=name, blind=blind)
    differences = desk.differences()
    if differences:
        warnings.warn(differences, stacklevel=3)
    return desk


def _check_ids(study: Study) -> None:
    """Say now what would otherwise be found out when the first decision is refused."""
    ids = study.dataset["example_id"].values
    for each in [] if ids.dtype.kind in "iu" else map(str, ids.tolist()):
        if not 0 < len(each) <= LONGEST_NAME or "\0" in each:
            raise StudyError(
                f"The example {each!r:.80} cannot be annotated: its id must have 1 to "
                f"{LONGEST_NAME:,} characters, and no NUL."
            )


def _check_unused(**given: object) -> None:
    named = [name for name, value in given.items() if value is not None]
    if named:
        raise ArgumentError(
            f"{named[0]} says how to annotate, and nothing is annotated: give "
            "annotations=True or a path as well."
        )


def _check_annotator(annotator: object) -> None:
    if annotator is None:
        return
    if not isinstance(annotator, str) or not annotator.strip():
        raise ArgumentError(f"annotator must be a name, got {annotator!r:.80}.")
    if annotator != annotator.strip():
        raise ArgumentError(
            f"annotator {annotator!r:.80} begins or ends with a space, which nobody "
            "would see."
        )

"""What charts read: of a study or a view of one, of several; and what it must have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.checks import one_of
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study
from depthviz.study.members import is_ensemble, shown_member

__all__ = [
    "Parts",
    "Read",
    "Source",
    "Sources",
    "View",
    "need",
    "of_member",
    "parts_of",
    "read_source",
    "read_sources",
    "some_examples",
    "table_of_each",
]

BY = (None, "class", "split", "correct", "group")
HOW = {
    "class": ("label", "Measure it with depthviz.measure."),
    "split": ("split", "Measure training and validation examples."),
    "correct": ("correct", "Measure it with depthviz.measure."),
    "group": ("group", "Run depthviz.Ensemble to measure several networks."),
}


MOST_STUDIES = 12
SEEN = ("shown", "selected")


class View(Protocol):
    """A view of a study, such as an Explorer: what it shows, and what is selected."""

    @property
    def study(self) -> Study:
        """The study."""

    @property
    def shown(self) -> pd.DataFrame:
        """The rows of its table that pass the filters."""

    @property
    def selected(self) -> pd.DataFrame:
        """The rows of its table that are selected."""


Source: TypeAlias = Study | View
Sources: TypeAlias = Study | View | Mapping[str, Study | View]


class Read(NamedTuple):
    """One study that is drawn.

    Attributes:
        study: The study.
        examples: Which of it, as a person gives them; None for all.
        name: What it is called beside others; "" of a lone one.
    """

    study: Study
    examples: Any
    name: str = ""


class Parts:
    """Examples sorted into named parts.

    Args:
        names: Of the parts, in their order.
        codes: Part of each example, shape `(N,)`, -1 for none.
    """

    def __init__(self, names: list[str], codes: NDArray[np.int64]) -> None:
        self.names = names
        self.codes = codes

    @property
    def counts(self) -> NDArray[np.int64]:
        """Examples of each part, shape `(C,)`."""
        known = self.codes[self.codes >= 0]
        return np.bincount(known, minlength=len(self.names))


def read_source(source: Source, examples: Any = None) -> tuple[Study, Any]:
    """Find the study that is meant, and which examples of it.

    Args:
        source: A study, or a view of one, such as an Explorer.
        examples: Their ids, a mask, or rows of the table. Of a view also "selected" or
            "shown"; by default what is selected, or if nothing is, what its filters
            show.

    Returns:
        The study, and examples as `some_examples` takes them; None for all.

    Raises:
        ArgumentError: If source is none of these, or has no view of what is asked for.
        StudyError: If nothing is selected, and that is asked for.
    """
    seen = isinstance(examples, str)
    if isinstance(source, Study):
        if seen:
            raise ArgumentError(
                f"examples={examples!r} needs a view of a study, such as "
                "depthviz.explore(study) returns, and got a study. Of a study choose "
                "by ids, a mask or rows of study.frame()."
            )
        return source, examples
    if not _is_view(source):
        several = isinstance(source, Mapping) and "One study is drawn at a time here. "
        raise ArgumentError(
            f"{several or ''}Expected a study, as measure or an ensemble's run return "
            f"it, or an Explorer; got {type(source).__name__}."
        )
    if examples is not None and not seen:
        return source.study, examples
    return source.study, _seen(source, examples)


def read_sources(source: Sources, examples: Any = None) -> list[Read]:
    """Find the studies that are meant, and which examples of each.

    Args:
        source: As for `read_source`, or several of these by their names.
        examples: As for `read_source`, the same of each; or a mapping by these names.

    Returns:
        One each; a lone one has no name.

    Raises:
        ArgumentError: As for `read_source`; if there is no study, more than 12, or one
            has no name; if examples name other studies.
        StudyError: As for `read_source`.
    """
    if not isinstance(source, Mapping):
        return [Read(*read_source(source, examples))]
    if not 0 < len(source) <= MOST_STUDIES:
        raise ArgumentError(
            f"From 1 to {MOST_STUDIES} studies are drawn side by side, got "
            f"{len(source)}."
        )
    for name, one in source.items():
        if not isinstance(name, str | int | float) or not str(name).strip():
            raise ArgumentError(f"Studies side by side need names, got {name!r}.")
        if not isinstance(one, Study) and not _is_view(one):
            raise ArgumentError(
                f"Studies side by side are a mapping of names and studies; "
                f"{name!r} is no study but {type(one).__name__}."
            )
    chosen = (
        examples if isinstance(examples, Mapping) else dict.fromkeys(source, examples)
    )
    if unknown := [name for name in chosen if name not in source]:
        listed = ", ".join(map(repr, source))
        raise ArgumentError(f"No study is named {unknown[0]!r}; there are: {listed}.")
    return [
        Read(*read_source(one, chosen.get(name)), str(name))
        for name, one in source.items()
    ]


def table_of_each(
    table: Callable[..., pd.DataFrame], source: Sources, examples: Any, **options: Any
) -> pd.DataFrame:
    """Make the table of a chart for one study, or for each of several.

    Args:
        table: Makes it of a study, `examples` and options.
        source: As for `read_sources`.
        examples: As for `read_sources`.
        options: What else the table takes.

    Returns:
        The table; of several studies all below each other, with their names in the
        first column, `study`.

    Raises:
        ArgumentError: As for `read_sources`.
        StudyError: As for `read_sources`, or as the table raises it; names the study.
    """
    found = []
    for study, some, name in read_sources(source, examples):
        if not name:
            return table(study, examples=some, **options)
        try:
            own = table(study, examples=some, **options)
        except StudyError as error:
            raise StudyError(f"Of {name!r}: {error}") from error
        own.insert(0, "study", name)
        found.append(own)
    return pd.concat(found, ignore_index=True)


def of_member(study: Study) -> str:
    """Say which network a chart is about, where there are several.

    Args:
        study: The study.

    Returns:
        A few words; "" where there is but one.
    """
    if not is_ensemble(study.dataset):
        return ""
    return f"of member {shown_member(study.dataset)}, the one that is shown"


def some_examples(study: Study, examples: Any) -> Study:
    """Take the examples that are to be drawn.

    Args:
        study: All of them.
        examples: Their ids, a mask, or rows of `study.frame()`; None for all.

    Returns:
        A study of them.

    Raises:
        StudyError: If none is left.
        DataError: If examples are not those of the study.
    """
    found = study if examples is None else study.subset(examples)
    if not len(found):
        raise StudyError("No example is left to draw: none was chosen.")
    return found


def need(study: Study, what: str, *names: str, how: str) -> None:
    """Refuse a study that lacks what a chart draws.

    Args:
        study: The study.
        what: The chart, as a sentence begins.
        names: Variables that it needs.
        how: What brings them.

    Raises:
        StudyError: If one is missing; names it.
    """
    missing = [name for name in names if name not in study.dataset]
    if missing:
        raise StudyError(
            f"{what} needs {' and '.join(missing)}, which this study lacks. {how}"
        )


def parts_of(study: Study, by: str | None) -> Parts:
    """Sort the examples of a study.

    Args:
        study: The study.
        by: "class" (of the given label), "split", "correct" or "group"; None for one
            part.

    Returns:
        The parts, empty ones too.

    Raises:
        ArgumentError: If by is something else.
        StudyError: If the study lacks it.
    """
    one_of("by", by, BY)
    if by is None:
        return Parts(["all"], np.zeros(len(study), np.int64))
    name, how = HOW[by]
    frame = study.frame()
    if name not in frame:
        raise StudyError(f"This study has no {name}, so it cannot be sorted so. {how}")
    if by == "class":
        return Parts(list(study.classes), frame["label"].to_numpy(np.int64))
    if by == "correct":
        right = frame["correct"].to_numpy(bool)
        return Parts(["right", "wrong"], np.where(right, 0, 1))
    sorted_ = pd.Categorical(frame[name])
    return Parts(
        list(map(str, sorted_.categories)), np.asarray(sorted_.codes, np.int64)
    )


def _is_view(source: Any) -> bool:
    return all(hasattr(type(source), name) for name in ("study", *SEEN))


def _seen(view: View, examples: str | None) -> Any:
    """The rows that a view selects or shows; None for all."""
    if examples is None:
        chosen = view.selected
        rows = chosen if len(chosen) else view.shown
    else:
        rows = (
            view.selected
            if one_of("examples", examples, SEEN) == SEEN[1]
            else view.shown
        )
    if not len(rows):
        what = "selected" if examples == SEEN[1] else "shown"
        raise StudyError(f"No example is left to draw: none is {what} in the view.")
    return None if len(rows) == len(view.study) else rows

"""Single views, each in a cell of its own and linked to all others of its study.

They share filters, selection, probe and the example in focus with each other and with
an Explorer of the same study in the same page, and sit in boxes of ipywidgets.
"""

from depthviz.errors import DataError
from depthviz.study import Study
from depthviz.widgets.base import StudyView

__all__ = ["ExampleGrid", "GroupFilter", "Histogram", "Inspector", "ProbeMap"]


class ExampleGrid(StudyView):
    """Examples with their pictures, hardest first.

    Args:
        study: What to show.
        height: Height in pixels.
    """

    def __init__(self, study: Study, *, height: int = 480) -> None:
        super().__init__(study, view="grid", height=height)


class ProbeMap(StudyView):
    """The map of all examples, and the axis of probes along which it changes.

    Args:
        study: What to show.
        height: Height in pixels.
    """

    def __init__(self, study: Study, *, height: int = 520) -> None:
        super().__init__(study, view="map", height=height)


class GroupFilter(StudyView):
    """The groups with their plane, the labels and other categories, as filters.

    Args:
        study: What to show.
        height: Height in pixels.
    """

    def __init__(self, study: Study, *, height: int = 480) -> None:
        super().__init__(study, view="groups", height=height)


class Histogram(StudyView):
    """The histogram of one column, which filters by a brush.

    Args:
        study: What to show.
        column: A column of `study.frame()`; by default the depth, or both depths.
        height: Height in pixels.

    Raises:
        DataError: If the study has no such column of numbers or categories.
    """

    def __init__(
        self, study: Study, *, column: str = "depth", height: int = 260
    ) -> None:
        super().__init__(
            study, view="histogram", height=height, options={"column": column}
        )
        known = [
            one["name"]
            for one in self._pack.manifest["columns"]
            if one["kind"] not in ("id", "text")
        ]
        if column not in known:
            raise DataError(
                f"Unknown column {column!r}. A histogram can show: "
                f"{', '.join(map(repr, known))}."
            )


class Inspector(StudyView):
    """All about the example in focus: its picture, its neighbors, how it is decided.

    Args:
        study: What to show.
        height: Height in pixels.
    """

    def __init__(self, study: Study, *, height: int = 620) -> None:
        super().__init__(study, view="inspector", height=height)

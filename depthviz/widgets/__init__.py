"""A study as linked views: one Explorer or single views, in a notebook or a page."""

from depthviz.widgets.explorer import Explorer, explore
from depthviz.widgets.pages.page import write_page
from depthviz.widgets.payload.pack import Pack, pack_study
from depthviz.widgets.single_views import (
    ExampleGrid,
    GroupFilter,
    Histogram,
    Inspector,
    ProbeMap,
)

__all__ = [
    "ExampleGrid",
    "Explorer",
    "GroupFilter",
    "Histogram",
    "Inspector",
    "Pack",
    "ProbeMap",
    "explore",
    "pack_study",
    "write_page",
]

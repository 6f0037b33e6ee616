"""The Explorer: a study as linked views, in a notebook and in one offline page."""

from depthviz.widgets.ensemble import (
    failed_members,
    held_out_accuracy,
    is_ensemble,
)
from depthviz.widgets.explorer import Explorer, explore
from depthviz.widgets.packing import Pack, pack_study
from depthviz.widgets.page import write_page

__all__ = [
    "Explorer",
    "Pack",
    "explore",
    "failed_members",
    "held_out_accuracy",
    "is_ensemble",
    "pack_study",
    "write_page",
]

"""How hard an example is: depth, suspicion of its label, and the kinds of difficulty.

Arrays in, arrays out. `MEASURES` tells for every measure which end is the hard one; it
loads without torch, so that a study is shown without it. The rest loads on first use
(PEP 562).
"""

from importlib import import_module
from typing import TYPE_CHECKING

from depthviz.difficulty.measures import MEASURES, Measure

if TYPE_CHECKING:
    from depthviz.difficulty.depth import prediction_depth
    from depthviz.difficulty.groups import (
        GROUP_NAMES,
        Boundaries,
        Groups,
        difficulty_groups,
    )
    from depthviz.difficulty.suspicion import label_suspicion

__all__ = [
    "GROUP_NAMES",
    "MEASURES",
    "Boundaries",
    "Groups",
    "Measure",
    "difficulty_groups",
    "label_suspicion",
    "prediction_depth",
]

_HOMES = {
    "GROUP_NAMES": "groups",
    "Boundaries": "groups",
    "Groups": "groups",
    "difficulty_groups": "groups",
    "label_suspicion": "suspicion",
    "prediction_depth": "depth",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"depthviz.difficulty.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'depthviz.difficulty' has no attribute {name!r}")

"""How hard an example is: depth, suspicion of its label, and the kinds of difficulty.

Arrays in, arrays out. `MEASURES` tells for every measure which end is the hard one.
"""

from depthviz.difficulty.depth import prediction_depth
from depthviz.difficulty.groups import (
    GROUP_NAMES,
    Boundaries,
    Groups,
    difficulty_groups,
)
from depthviz.difficulty.measures import MEASURES, Measure
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

"""How hard an example is: depth, suspicion of its label, and the kinds of difficulty.

Arrays in, arrays out. `MEASURES` tells for every measure which end is the hard one; it
loads without torch, so that a study is shown without it. The rest loads on first use
(PEP 562).
"""

from importlib import import_module
from typing import TYPE_CHECKING

from depthviz.difficulty.measures import MEASURES, Measure

if TYPE_CHECKING:
    from depthviz.difficulty.averages import MemberMean, member_mean
    from depthviz.difficulty.bootstrap import group_confidence
    from depthviz.difficulty.consensus import (
        c_score,
        consensus_class,
        consistency,
        vote_entropy,
    )
    from depthviz.difficulty.depth import prediction_depth
    from depthviz.difficulty.dynamics import DataMap, area_under_margin, data_map
    from depthviz.difficulty.groups import (
        GROUP_NAMES,
        Boundaries,
        Groups,
        difficulty_groups,
        sides,
    )
    from depthviz.difficulty.learning import forgetting_events, iteration_learned
    from depthviz.difficulty.margins import input_margin, output_margin
    from depthviz.difficulty.memorizing import Memorization, memorization
    from depthviz.difficulty.suspicion import label_suspicion

__all__ = [
    "GROUP_NAMES",
    "MEASURES",
    "Boundaries",
    "DataMap",
    "Groups",
    "Measure",
    "MemberMean",
    "Memorization",
    "area_under_margin",
    "c_score",
    "consensus_class",
    "consistency",
    "data_map",
    "difficulty_groups",
    "forgetting_events",
    "group_confidence",
    "input_margin",
    "iteration_learned",
    "label_suspicion",
    "member_mean",
    "memorization",
    "output_margin",
    "prediction_depth",
    "sides",
    "vote_entropy",
]

_HOMES = {
    "Boundaries": "groups",
    "DataMap": "dynamics",
    "GROUP_NAMES": "groups",
    "Groups": "groups",
    "MemberMean": "averages",
    "Memorization": "memorizing",
    "area_under_margin": "dynamics",
    "c_score": "consensus",
    "consensus_class": "consensus",
    "consistency": "consensus",
    "data_map": "dynamics",
    "difficulty_groups": "groups",
    "forgetting_events": "learning",
    "group_confidence": "bootstrap",
    "input_margin": "margins",
    "iteration_learned": "learning",
    "label_suspicion": "suspicion",
    "member_mean": "averages",
    "memorization": "memorizing",
    "output_margin": "margins",
    "prediction_depth": "depth",
    "sides": "groups",
    "vote_entropy": "consensus",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"depthviz.difficulty.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'depthviz.difficulty' has no attribute {name!r}")

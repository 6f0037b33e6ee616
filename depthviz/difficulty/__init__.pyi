"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.difficulty.averages import MemberMean as MemberMean
from depthviz.difficulty.averages import member_mean as member_mean
from depthviz.difficulty.bootstrap import group_confidence as group_confidence
from depthviz.difficulty.consensus import c_score as c_score
from depthviz.difficulty.consensus import consensus_class as consensus_class
from depthviz.difficulty.consensus import consistency as consistency
from depthviz.difficulty.consensus import vote_entropy as vote_entropy
from depthviz.difficulty.depth import prediction_depth as prediction_depth
from depthviz.difficulty.dynamics import DataMap as DataMap
from depthviz.difficulty.dynamics import area_under_margin as area_under_margin
from depthviz.difficulty.dynamics import data_map as data_map
from depthviz.difficulty.groups import GROUP_NAMES as GROUP_NAMES
from depthviz.difficulty.groups import Boundaries as Boundaries
from depthviz.difficulty.groups import Groups as Groups
from depthviz.difficulty.groups import difficulty_groups as difficulty_groups
from depthviz.difficulty.learning import forgetting_events as forgetting_events
from depthviz.difficulty.learning import iteration_learned as iteration_learned
from depthviz.difficulty.margins import input_margin as input_margin
from depthviz.difficulty.margins import output_margin as output_margin
from depthviz.difficulty.measures import MEASURES as MEASURES
from depthviz.difficulty.measures import Measure as Measure
from depthviz.difficulty.memorizing import Memorization as Memorization
from depthviz.difficulty.memorizing import memorization as memorization
from depthviz.difficulty.suspicion import label_suspicion as label_suspicion

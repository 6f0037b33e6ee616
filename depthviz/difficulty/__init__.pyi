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
from depthviz.difficulty.evidence import ClassShares as ClassShares
from depthviz.difficulty.evidence import LabelEvidence as LabelEvidence
from depthviz.difficulty.evidence import ProbeWeights as ProbeWeights
from depthviz.difficulty.evidence import class_shares as class_shares
from depthviz.difficulty.evidence import label_evidence as label_evidence
from depthviz.difficulty.evidence import probe_weights as probe_weights
from depthviz.difficulty.groups import GROUP_NAMES as GROUP_NAMES
from depthviz.difficulty.groups import Boundaries as Boundaries
from depthviz.difficulty.groups import Groups as Groups
from depthviz.difficulty.groups import difficulty_groups as difficulty_groups
from depthviz.difficulty.kept_classes import KeptClasses as KeptClasses
from depthviz.difficulty.kept_classes import all_probabilities as all_probabilities
from depthviz.difficulty.kept_classes import all_shares as all_shares
from depthviz.difficulty.kept_classes import keep_classes as keep_classes
from depthviz.difficulty.learning import forgetting_events as forgetting_events
from depthviz.difficulty.learning import iteration_learned as iteration_learned
from depthviz.difficulty.margins import input_margin as input_margin
from depthviz.difficulty.margins import output_margin as output_margin
from depthviz.difficulty.memorizing import Memorization as Memorization
from depthviz.difficulty.memorizing import influence as influence
from depthviz.difficulty.memorizing import memorization as memorization
from depthviz.difficulty.neighbor_labels import neighbor_margin as neighbor_margin
from depthviz.difficulty.outputs.confident_learning import (
    label_quality as label_quality,
)
from depthviz.difficulty.outputs.entropy import entropy_gradient as entropy_gradient
from depthviz.difficulty.outputs.entropy import entropy_step as entropy_step
from depthviz.difficulty.outputs.entropy import informativeness as informativeness
from depthviz.difficulty.outputs.entropy import predictive_entropy as predictive_entropy
from depthviz.difficulty.presentations.errors import error_norm as error_norm
from depthviz.difficulty.presentations.errors import training_loss as training_loss
from depthviz.difficulty.presentations.second_split import (
    second_split_forgetting as second_split_forgetting,
)
from depthviz.difficulty.presentations.windows import dual_score as dual_score
from depthviz.difficulty.presentations.windows import (
    dynamic_uncertainty as dynamic_uncertainty,
)
from depthviz.difficulty.registry.measure import INPUTS as INPUTS
from depthviz.difficulty.registry.measure import NEEDS as NEEDS
from depthviz.difficulty.registry.measure import Measure as Measure
from depthviz.difficulty.registry.registering import MEASURES as MEASURES
from depthviz.difficulty.registry.registering import find_measure as find_measure
from depthviz.difficulty.registry.registering import (
    register_measure as register_measure,
)
from depthviz.difficulty.registry.wording import first_in_words as first_in_words
from depthviz.difficulty.registry.wording import is_falling as is_falling
from depthviz.difficulty.spaces.directions import (
    neighborhood_confidence as neighborhood_confidence,
)
from depthviz.difficulty.spaces.directions import purity as purity
from depthviz.difficulty.spaces.prototypes import (
    prototype_distance as prototype_distance,
)
from depthviz.difficulty.spaces.queries import first_query_score as first_query_score
from depthviz.difficulty.spaces.queries import query_input as query_input
from depthviz.difficulty.spaces.queries import query_score as query_score
from depthviz.difficulty.spaces.queries import ranking_loss as ranking_loss

"""Many networks trained on many splits: two depths of every example, and the groups.

Imports run from `training` to here, not the other way round: a member is trained by the
loop that trains any network.
"""

from depthviz.ensembles.analysis.group_accuracy import accuracy_by_group
from depthviz.ensembles.analysis.probe_choice import ProbeChoice, best_probe
from depthviz.ensembles.ensemble import Ensemble

__all__ = ["Ensemble", "ProbeChoice", "accuracy_by_group", "best_probe"]

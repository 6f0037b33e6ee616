"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.ensembles.analysis.group_accuracy import (
    accuracy_by_group as accuracy_by_group,
)
from depthviz.ensembles.analysis.probe_choice import ProbeChoice as ProbeChoice
from depthviz.ensembles.analysis.probe_choice import best_probe as best_probe
from depthviz.ensembles.ensemble import Ensemble as Ensemble

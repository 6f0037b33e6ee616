"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.selection.choosing import select as select
from depthviz.selection.curriculum import Curriculum as Curriculum
from depthviz.selection.curves.curve import KeepCurve as KeepCurve
from depthviz.selection.curves.keeping import keep_curve as keep_curve
from depthviz.selection.curves.trainer import SubsetTrainer as SubsetTrainer
from depthviz.selection.methods.beta import BetaDensity as BetaDensity
from depthviz.selection.methods.beta import beta_density as beta_density
from depthviz.selection.methods.beta import beta_weights as beta_weights
from depthviz.selection.methods.centers import k_center_order as k_center_order
from depthviz.selection.methods.facilities import (
    facility_location_order as facility_location_order,
)
from depthviz.selection.methods.graphs import Graph as Graph
from depthviz.selection.methods.graphs import cosine_graph as cosine_graph
from depthviz.selection.methods.graphs import nearest_graph as nearest_graph
from depthviz.selection.methods.messages import (
    message_passing_order as message_passing_order,
)
from depthviz.selection.methods.neighborhoods import (
    neighborhood_order as neighborhood_order,
)
from depthviz.selection.methods.picked import Method as Method
from depthviz.selection.methods.strata import stratum_budgets as stratum_budgets
from depthviz.selection.methods.table import METHODS as METHODS
from depthviz.selection.result import Selection as Selection

"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.charts.confusion import confusion_by_group as confusion_by_group
from depthviz.charts.confusion import (
    confusion_by_group_table as confusion_by_group_table,
)
from depthviz.charts.correlations import rank_correlations as rank_correlations
from depthviz.charts.correlations import (
    rank_correlations_table as rank_correlations_table,
)
from depthviz.charts.curves import probe_curves as probe_curves
from depthviz.charts.curves import probe_curves_table as probe_curves_table
from depthviz.charts.diagnosis.decoding import decodability as decodability
from depthviz.charts.diagnosis.decoding import decodability_table as decodability_table
from depthviz.charts.diagnosis.failures import risk_coverage as risk_coverage
from depthviz.charts.diagnosis.failures import (
    risk_coverage_table as risk_coverage_table,
)
from depthviz.charts.evidence import evidence_by_probe as evidence_by_probe
from depthviz.charts.evidence import evidence_table as evidence_table
from depthviz.charts.flows import vote_flow as vote_flow
from depthviz.charts.flows import vote_flow_table as vote_flow_table
from depthviz.charts.groups import group_accuracy as group_accuracy
from depthviz.charts.groups import group_accuracy_table as group_accuracy_table
from depthviz.charts.heatmaps import agreement_heatmap as agreement_heatmap
from depthviz.charts.heatmaps import agreement_heatmap_table as agreement_heatmap_table
from depthviz.charts.histograms import depth_histogram as depth_histogram
from depthviz.charts.histograms import depth_histogram_table as depth_histogram_table
from depthviz.charts.history import accuracy_over_training as accuracy_over_training
from depthviz.charts.history import (
    accuracy_over_training_table as accuracy_over_training_table,
)
from depthviz.charts.look.options import ChartOptions as ChartOptions
from depthviz.charts.maps import map_by_probe as map_by_probe
from depthviz.charts.maps import map_by_probe_table as map_by_probe_table
from depthviz.charts.output.saving import save as save
from depthviz.charts.output.tables import save_table as save_table
from depthviz.charts.planes import depth_plane as depth_plane
from depthviz.charts.planes import depth_plane_table as depth_plane_table
from depthviz.charts.sheets import contact_sheet as contact_sheet
from depthviz.charts.sheets import contact_sheet_table as contact_sheet_table
from depthviz.charts.suspects import suspect_precision as suspect_precision
from depthviz.charts.suspects import suspect_precision_table as suspect_precision_table
from depthviz.charts.trends import accuracy_by_depth as accuracy_by_depth
from depthviz.charts.trends import accuracy_by_depth_table as accuracy_by_depth_table
from depthviz.charts.trends import learning_by_depth as learning_by_depth
from depthviz.charts.trends import learning_by_depth_table as learning_by_depth_table

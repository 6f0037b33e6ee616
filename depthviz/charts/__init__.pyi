"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.charts.curves import probe_curves as probe_curves
from depthviz.charts.curves import probe_curves_table as probe_curves_table
from depthviz.charts.evidence import evidence_by_probe as evidence_by_probe
from depthviz.charts.evidence import evidence_table as evidence_table
from depthviz.charts.histograms import depth_histogram as depth_histogram
from depthviz.charts.histograms import depth_histogram_table as depth_histogram_table
from depthviz.charts.look.options import ChartOptions as ChartOptions
from depthviz.charts.maps import map_by_probe as map_by_probe
from depthviz.charts.maps import map_by_probe_table as map_by_probe_table
from depthviz.charts.output.saving import save as save
from depthviz.charts.planes import depth_plane as depth_plane
from depthviz.charts.planes import depth_plane_table as depth_plane_table

"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.charts.evidence import evidence_by_probe as evidence_by_probe
from depthviz.charts.evidence import evidence_table as evidence_table
from depthviz.charts.look.options import ChartOptions as ChartOptions
from depthviz.charts.output.saving import save as save

"""Public names, each loaded on first use; `__init__.py` reads this."""

from depthviz.reports.offline import report as report
from depthviz.reports.tables import group_table as group_table
from depthviz.reports.tables import member_table as member_table
from depthviz.reports.tables import probe_table as probe_table
from depthviz.reports.tables import provenance_table as provenance_table

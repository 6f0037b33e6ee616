"""A study as a document that anybody can open."""

from depthviz.reports.offline import report
from depthviz.reports.tables import (
    group_table,
    member_table,
    probe_table,
    provenance_table,
)

__all__ = [
    "group_table",
    "member_table",
    "probe_table",
    "provenance_table",
    "report",
]

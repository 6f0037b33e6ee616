"""A study as a document that anybody can open."""

from depthviz.reports.offline import probe_table, provenance_table, report

__all__ = ["probe_table", "provenance_table", "report"]

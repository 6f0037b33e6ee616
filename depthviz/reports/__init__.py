"""A study as a document that anybody can open."""

from depthviz.reports.offline import report

__all__ = ["report"]

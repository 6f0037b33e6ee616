"""The command line: `depthviz demo`, `depthviz report`, `depthviz info`."""

from depthviz.cli.commands import main

__all__ = ["main"]

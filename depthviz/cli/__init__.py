"""The command line: `depthviz demo`, `report`, `info`, `figure` and `completion`."""

from depthviz.cli.commands import main

__all__ = ["main"]

"""From a trained network and its data to a study."""

from depthviz.measurement.pipeline import measure

__all__ = ["measure"]

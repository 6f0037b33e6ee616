"""From a trained network and its data to a study."""

from depthviz.measurement.maps import add_maps
from depthviz.measurement.pipeline import measure

__all__ = ["add_maps", "measure"]

"""From a trained network and its data to a study."""

from depthviz.measurement.maps import add_maps
from depthviz.measurement.pipeline import measure
from depthviz.measurement.sensitivity import convention_sensitivity

__all__ = ["add_maps", "convention_sensitivity", "measure"]

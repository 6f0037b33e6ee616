"""How many depths hang on a convention, with the network at hand or without it."""

from depthviz.measurement.sensitivity.pools import convention_sensitivity

__all__ = ["convention_sensitivity"]

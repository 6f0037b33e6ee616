"""Training: a plain loop, for networks that are not trained yet."""

from depthviz.training.loop import fit

__all__ = ["fit"]

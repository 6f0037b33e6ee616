"""Training: a plain loop by a recipe, for networks that are not trained yet."""

from depthviz.training.loop import fit
from depthviz.training.recipe import Recipe

__all__ = ["Recipe", "fit"]

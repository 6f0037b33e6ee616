"""Networks to start with."""

from depthviz.models.convolutional import small_cnn

__all__ = ["small_cnn"]

"""Networks to start with, and those of the paper.

They are not trained. Each comes with a seed, or draws its weights from torch's global
random state, as the members of an ensemble do.
"""

from depthviz.models.convolutional import small_cnn
from depthviz.models.dense import mlp
from depthviz.models.reference import resnet18, vgg16

__all__ = ["mlp", "resnet18", "small_cnn", "vgg16"]

"""Examples: what goes into a network, and the label that each was given."""

from depthviz.datasets.digits import Digits, load_digits
from depthviz.datasets.examples import Examples, check_labels
from depthviz.datasets.forms import as_examples
from depthviz.datasets.pictures import picture_range, to_images

__all__ = [
    "Digits",
    "Examples",
    "as_examples",
    "check_labels",
    "load_digits",
    "picture_range",
    "to_images",
]

"""Labels as whole numbers: of an array at once, or of one item of a data set.

A label is a class by its number. What stands for one beyond doubt is read as one: truth
values, floats that are whole, one-hot rows, and words by the names of the classes. The
rest is refused with how to make it one: which of several ways is right, its owner
knows.
"""

from depthviz.datasets.labels.of_arrays import Classes, read_classes, read_labels
from depthviz.datasets.labels.of_items import is_scalar, read_label
from depthviz.datasets.labels.renumbering import (
    describe_values,
    find_values,
    renumber,
)
from depthviz.datasets.labels.words import KnownNames

__all__ = [
    "Classes",
    "KnownNames",
    "describe_values",
    "find_values",
    "is_scalar",
    "read_classes",
    "read_label",
    "read_labels",
    "renumber",
]

"""Examples: what goes into a network, and the label that each was given.

`load_digits` gives a set to try things on. `examples`, `forms`, `arrays` and `items`
read what a user hands over; `pictures` makes images of it.
"""

from depthviz.datasets.digits import Digits, load_digits

__all__ = ["Digits", "load_digits"]

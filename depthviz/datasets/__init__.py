"""Examples: what goes into a network, and the label that each was given.

`load_digits` gives a set to try things on, and `PictureFiles` makes one of files.
`examples`, `forms`, `arrays` and `items` read what a user hands over; `pictures` makes
images of it.
"""

from depthviz.datasets.digits import Digits, load_digits
from depthviz.datasets.picture_files import PictureFiles

__all__ = ["Digits", "PictureFiles", "load_digits"]

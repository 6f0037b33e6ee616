"""Corrected labels from a study: what to change, and how much of it will be right.

Reads what a study holds and measures nothing. Names are listed in `__init__.pyi` and
load on first use.
"""

from depthviz.lazy import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__)

"""A study as a document that anybody can open.

Names are listed in `__init__.pyi` and load on first use.
"""

from depthviz.lazy import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__)

"""A study as linked views: one Explorer or single views, in a notebook or a page.

Names are listed in `__init__.pyi` and load on first use.
"""

from depthviz.lazy import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__, renamed={"LayerMap": "ProbeMap"})

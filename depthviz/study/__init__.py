"""The study: everything that was measured, one row per example.

Names are listed in `__init__.pyi` and load on first use: a study is opened, charted and
shown without torch, which what measures or counts again needs.
"""

from depthviz.lazy import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__)

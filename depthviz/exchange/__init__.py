"""A study in the formats of other libraries: Parquet, Arrow, Hugging Face, cleanlab.

Names are listed in `__init__.pyi` and load on first use.
"""

from depthviz.lazy import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__)

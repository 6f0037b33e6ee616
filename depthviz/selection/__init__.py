"""Which examples to keep: selections by the methods of the field, in one form.

Reads what a study holds, and embeddings where they are given. Names are listed in
`__init__.pyi` and load on first use.
"""

from depthviz.lazy import lazy_names

__getattr__, __dir__, __all__ = lazy_names(__name__)

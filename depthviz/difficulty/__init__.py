"""How hard an example is: depth, suspicion of its label, and the kinds of difficulty.

Arrays in, arrays out. `MEASURES` says for every measure which end is the hard one.
Names are listed in `__init__.pyi` and load on first use: `MEASURES` loads without
torch, so that a study is shown without it.
"""

from depthviz.lazy import lazy_names

__getattr__, __dir__, __all__ = lazy_names(
    __name__, renamed={"label_suspicion": "neighbor_margin"}
)

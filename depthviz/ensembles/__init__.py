"""Many networks trained on many splits: two depths of every example, and the groups.

Imports run from `training` to here, not the other way round: a member is trained by the
loop that trains any network. Names are listed in `__init__.pyi` and load on first use.
"""

from depthviz.lazy import lazy_names

__getattr__, __dir__, __all__ = lazy_names(
    __name__, renamed={"choose_probe": "best_probe"}
)

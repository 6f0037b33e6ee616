"""Example difficulty in deep networks: which examples are hard, and at which layer.

Names are listed in `__init__.pyi` and load on first use, so that `import depthviz`
takes milliseconds although torch takes seconds.
"""

from depthviz.lazy import lazy_names
from depthviz.version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy_names(
    __name__, renamed={"LayerMap": "ProbeMap", "choose_probe": "best_probe"}
)

"""Whether the compiled loops can be used, and where they are.

Numba comes with UMAP, so it is nearly always there; a bare machine that runs the
numerics alone may lack it, or have one that does not know its NumPy yet. Then the
search goes by tensor operations, to the same result.
"""

import os
from functools import cache
from types import ModuleType
from typing import Any

__all__ = ["kernels"]


@cache
def _load() -> ModuleType | None:
    if os.environ.get("DEPTHVIZ_COMPILE", "1") == "0":
        return None
    try:
        from depthviz.neighbors import kernels as module
    except ImportError as error:
        # "Numba needs NumPy 2.2 or less", say, names no module.
        if error.name not in (None, "numba"):
            raise
        return None
    except RuntimeError as error:
        if "locator" not in str(error):
            raise
        return None  # no folder to keep what is compiled, and no time to do it anew
    return module


def kernels() -> Any:
    """Find the compiled loops.

    Returns:
        The module `depthviz.neighbors.kernels`; None without Numba, or where the
        environment says `DEPTHVIZ_COMPILE=0`.
    """
    return _load()

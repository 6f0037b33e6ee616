"""The text of the widget's JavaScript module, as the package build left it.

There are two of one source: the second one can annotate.
"""

from functools import cache
from pathlib import Path

from depthviz.errors import DependencyError

__all__ = ["read_bundle"]

_FOLDER = Path(__file__).parents[1] / "static"


@cache
def read_bundle(*, annotating: bool = False) -> str:
    """Read a bundle.

    Args:
        annotating: Whether it is the one that can annotate.

    Returns:
        One ES module without imports.

    Raises:
        DependencyError: If this is a source tree that was never built.
    """
    file = _FOLDER / ("annotate.js" if annotating else "widget.js")
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DependencyError(
            f"Expected the widget's bundle at {file}; this source tree was not "
            "built. Build it with: python -m pip install -e ."
        ) from None

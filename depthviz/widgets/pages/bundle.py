"""The text of the widget's JavaScript module, as the package build left it."""

from functools import cache
from pathlib import Path

from depthviz.errors import DependencyError

__all__ = ["read_bundle"]

_BUNDLE = Path(__file__).parents[1] / "static" / "widget.js"


@cache
def read_bundle() -> str:
    """Read the bundle.

    Returns:
        One ES module without imports.

    Raises:
        DependencyError: If this is a source tree that was never built.
    """
    try:
        return _BUNDLE.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DependencyError(
            f"Expected the widget's bundle at {_BUNDLE}; this source tree was not "
            "built. Build it with: python -m pip install -e ."
        ) from None

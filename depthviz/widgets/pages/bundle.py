"""The text of the widget's JavaScript module, as the package build left it.

There are two of one source: the second one can annotate, and shows examples that are no
pictures. A report has a script besides.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from depthviz.errors import DependencyError

__all__ = ["bundle_for", "read_bundle", "read_script"]

_FOLDER = Path(__file__).parents[1] / "static"


def bundle_for(manifest: Mapping[str, Any], *, annotating: bool) -> str:
    """Read the bundle that a study needs.

    Args:
        manifest: The study's.
        annotating: Whether it is annotated.

    Returns:
        One ES module without imports.

    Raises:
        DependencyError: If this is a source tree that was never built.
    """
    return read_bundle(annotating=annotating or bool(manifest["previews"]))


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
    return _read("annotate.js" if annotating else "widget.js")


@cache
def read_script(name: str) -> str:
    """Read a script that stands in a page after a bundle.

    Args:
        name: Which: "report".

    Returns:
        A script that exports nothing.

    Raises:
        DependencyError: If this is a source tree that was never built.
    """
    return _read(f"{name}.js")


def _read(name: str) -> str:
    file = _FOLDER / name
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DependencyError(
            f"Expected the widget's bundle at {file}; this source tree was not "
            "built. Build it with: python -m pip install -e ."
        ) from None

"""What vl-convert does: from a chart to a drawing, from a drawing to pixels or a page.

It runs Vega in a thread of its own. A process that was forked has no such thread and
would wait for it forever, so there it is refused at once. Whether a process that had
loaded vl-convert before this module was forked since, Linux alone tells.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import altair as alt

from depthviz.errors import DependencyError, TaskError

__all__ = [
    "bundled",
    "check_drawing",
    "runtime",
    "to_pdf",
    "to_png",
    "to_svg",
    "version",
]

PER_INCH = 72  # pixels of a chart, as points of a page
_FORKED_ONLY = 0x40  # of the flags of a process: forked, and no program started since
_SELF = Path("/proc/self")


def _note_fork() -> None:
    """Remember that the thread of vl-convert, if it ran, was left behind."""
    global _forked  # noqa: PLW0603  # a fact about the process
    _forked = "vl_convert" in sys.modules


def _lost_its_thread() -> bool:
    """Whether others had loaded vl-convert, and this process was forked since."""
    if "vl_convert" not in sys.modules:
        return False
    with suppress(OSError, ValueError, IndexError):
        fields = (_SELF / "stat").read_text("utf-8", "replace").rpartition(")")[2]
        if int(fields.split()[6]) & _FORKED_ONLY:
            names = (path.read_text("utf-8") for path in _SELF.glob("task/*/comm"))
            return not any(name.startswith("V8 ") for name in names)
    return False


_forked = _lost_its_thread()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_note_fork)


def check_drawing() -> None:
    """Ask whether anything can be drawn in this process.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If it cannot run in this process.
    """
    _vl_convert()


def to_svg(spec: dict[str, Any]) -> str:
    """Draw a chart.

    Args:
        spec: As Vega-Lite takes it.

    Returns:
        An SVG.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If it cannot run in this process.
    """
    drawn: str = _vl_convert().vegalite_to_svg(spec, vl_version=_vega_lite())
    return drawn


def to_png(svg: str, *, dpi: float) -> bytes:
    """Turn a drawing into pixels.

    Args:
        svg: The drawing, on a ground of its own.
        dpi: Pixels for 72 of the chart's.

    Returns:
        A PNG.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If it cannot run in this process.
    """
    drawn: bytes = _vl_convert().svg_to_png(svg, scale=1, ppi=dpi)
    return drawn


def to_pdf(svg: str) -> bytes:
    """Turn a drawing into a page.

    Args:
        svg: The drawing.

    Returns:
        A PDF in which a pixel of the chart is a point.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If it cannot run in this process.
    """
    drawn: bytes = _vl_convert().svg_to_pdf(svg)
    return drawn


def runtime() -> str:
    """Read the scripts that draw a chart in a browser.

    Returns:
        JavaScript that offers `vegaEmbed`.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If it cannot run in this process.
    """
    _vl_convert()
    return _bundle()


def bundled(script: str) -> str:
    """Put a script for a browser together with what draws a chart.

    Args:
        script: JavaScript that may use `vegaEmbed`.

    Returns:
        A module without imports.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If it cannot run in this process.
    """
    found: str = _vl_convert().javascript_bundle(script, vl_version=_vega_lite())
    return found


def version() -> tuple[int, ...]:
    """Read the version of vl-convert, its first two numbers."""
    numbers = _vl_convert().__version__.split(".")[:2]
    return tuple(int(one) for one in numbers if one.isdigit())


def _vl_convert() -> ModuleType:
    try:
        import vl_convert
    except ImportError as error:
        raise DependencyError(
            "Charts become pictures, PDF and pages with vl-convert, which is not "
            " installed: pip install 'torch-depthviz[figures]'. As JSON they are "
            "written without it."
        ) from error
    if _forked:
        raise TaskError(
            "vl-convert cannot draw in a process that was forked from one that had "
            "loaded it. Write charts in the first process, or start others with "
            "multiprocessing.get_context('spawn')."
        )
    return vl_convert


@lru_cache(maxsize=1)
def _bundle() -> str:
    script: str = _vl_convert().javascript_bundle(vl_version=_vega_lite())
    return script


def _vega_lite() -> str:
    """The version that Altair's charts are written for, as "6.1"."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])

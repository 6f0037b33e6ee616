"""What a view is where a kernel runs only to convert a notebook: no widget.

A notebook that nbconvert executes keeps the state of its widgets, and the page then
draws those in place of their pictures: with scripts of another host, and of a kernel
that has ended, so there is nothing to be seen. Knows nothing of widgets.
"""

import html
import os
import sys
from functools import lru_cache
from pathlib import Path

__all__ = ["is_conversion", "names_converter", "show_picture"]

_CONVERTERS = {"nbconvert", "jupyter-nbconvert", "jupyter-execute", "papermill"} | {
    "sphinx", "sphinx-build", "jupyter-book", "jb"
}  # fmt: skip
_FIRST = 4  # words of a command that may name the program: python -m nbconvert


def is_conversion() -> bool:
    """Tell whether a program that only executes notebooks has started this kernel."""
    return "ipykernel" in sys.modules and names_converter(_parent_command(os.getppid()))


def show_picture(png: str, title: str) -> str:
    """Write the HTML of a view's picture, and how to have the view itself.

    Args:
        png: The picture in base64.
        title: The view's heading.

    Returns:
        A figure that needs no script.
    """
    name = html.escape(title)
    return (
        f'<figure style="margin:0"><img alt="{name}, as a picture" '
        f'style="max-width:100%" src="data:image/png;base64,{png}">'
        f"<figcaption>A picture of {name}. Run this cell in Jupyter to explore it, or "
        "write a page that needs no kernel with <code>to_html</code>."
        "</figcaption></figure>"
    )


def names_converter(command: tuple[str, ...]) -> bool:
    """Tell whether a command runs such a program.

    Args:
        command: Its words, the program first.

    Returns:
        True where one of the first words is its name, with or without a folder.

    Example:
        >>> names_converter(("python", "/usr/bin/jupyter-nbconvert", "--execute"))
        True
        >>> names_converter(("python", "/usr/bin/jupyter-lab", "nbconvert.ipynb"))
        False
    """
    return any(_program(word) in _CONVERTERS for word in command[:_FIRST])


def _program(word: str) -> str:
    path = Path(word.replace("\\", "/"))
    return path.stem if path.suffix in {".exe", ".py"} else path.name


@lru_cache(maxsize=1)
def _parent_command(parent: int) -> tuple[str, ...]:
    try:
        import psutil  # with ipykernel
    except ModuleNotFoundError:
        return ()
    try:
        return tuple(psutil.Process(parent).cmdline())
    except psutil.Error:
        return ()

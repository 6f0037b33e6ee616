"""An offline page within another page: one element of HTML, without a file beside it.

The page stands in the element's `srcdoc`, as one line without anything that Markdown
would read. The frame is sandboxed: its script reaches neither the page around it nor
what that keeps, keys that are pressed in it stay there, and it asks for nothing.
"""

import html
from typing import Any

__all__ = ["Frame", "picture_below"]

_ESCAPED = str.maketrans(
    {"&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;", "\n": "&#10;", "\r": ""}
)
_FRAME = (
    '<iframe title="Explorer: {title}" loading="lazy" allow="clipboard-write" '
    'sandbox="allow-scripts allow-downloads" style="width:100%;height:{height}px;'
    'border:0" srcdoc="{page}"></iframe>'
)
_PICTURE = (
    "<details><summary>{title} as a picture</summary>"
    '<img alt="{title}, as a picture" style="max-width:100%" '
    'src="data:image/png;base64,{png}"></details>'
)


class Frame:
    """A page that can stand in another one; a notebook shows it.

    Args:
        page: The page.
        title: Its title.
        height: In pixels.
        png: A picture of it, in base64.

    Attributes:
        html: The element that holds the page, to be put into another page.
    """

    def __init__(self, page: str, *, title: str, height: int, png: str) -> None:
        self._title, self._png = title, png
        self.html = _FRAME.format(
            title=html.escape(title),
            height=height,
            page=page.translate(_ESCAPED),
        )

    def __str__(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<Frame of {self._title!r}, {len(self.html):,} bytes>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """The frame, and a picture for what shows no frames."""
        return {
            "text/html": self.html + picture_below(self._png, self._title),
            "image/png": self._png,
            "text/plain": repr(self),
        }


def picture_below(png: str, title: str) -> str:
    """Write a picture that is folded, for a place that takes a frame away.

    Args:
        png: The picture in base64.
        title: What it is of.

    Returns:
        HTML that needs no script.
    """
    return _PICTURE.format(title=html.escape(title), png=png)

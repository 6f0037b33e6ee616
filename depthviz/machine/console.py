"""Lines and bars on whatever console there is.

Windows writes output that goes to a file in cp1252, some servers in ASCII, and a
program without a window has no console at all. A line must not stop hours of work: a
letter that the console cannot write is written by others that mean the same.
"""

from __future__ import annotations

import codecs
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

from depthviz.machine.interrupts import restoring
from depthviz.machine.letters import PLAIN_LETTERS

__all__ = ["plain_console", "print_line", "progress_bar", "written_for"]

_HANDLER = "depthviz.plain"


def print_line(line: str) -> None:
    """Print a line above the bars; nothing where there is no console.

    Args:
        line: What is printed.
    """
    if sys.stdout is None:
        return
    from tqdm.auto import tqdm

    tqdm.write(written_for(line, sys.stdout))


def progress_bar(*, show: bool, **options: Any) -> Any:
    """Make a bar of tqdm: a context manager with `update`.

    Args:
        show: Whether it is seen; where there is no console it never is.
        **options: Those of tqdm.

    Returns:
        The bar.
    """
    from tqdm.auto import tqdm

    return tqdm(disable=not show or sys.stderr is None, **options)


@restoring
def plain_console() -> Iterator[None]:
    """Let all that is printed meanwhile go to any console.

    Yields:
        Nothing.
    """
    both = (sys.stdout, sys.stderr)
    streams = [each for each in both if hasattr(each, "reconfigure")]
    before = [stream.errors for stream in streams]
    try:
        for stream in streams:
            stream.reconfigure(errors=_HANDLER)
        yield
    finally:
        for stream, errors in zip(streams, before, strict=True):
            stream.reconfigure(errors=errors)


def written_for(text: str, stream: Any) -> str:
    """Write a text with letters that a stream can encode.

    Args:
        text: Any text.
        stream: A text stream; one without an encoding takes every letter.

    Returns:
        The text, other letters for those that the stream cannot encode.

    Example:
        >>> import io
        >>> written_for("depth 3 → 4 …", io.TextIOWrapper(io.BytesIO(), "ascii"))
        'depth 3 -> 4 ...'
    """
    encoding = getattr(stream, "encoding", None)
    if not encoding:
        return text
    return text.encode(encoding, _HANDLER).decode(encoding)


def _replace(error: UnicodeError) -> tuple[str, int]:
    """Give the letters in place of those that cannot be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(map(_plain, lost)), error.end


def _plain(letter: str) -> str:
    """Write a letter in ASCII: a likeness, its letter without accents, or "?"."""
    if letter in PLAIN_LETTERS:
        return PLAIN_LETTERS[letter]
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if part.isascii()) or "?"


codecs.register_error(_HANDLER, _replace)

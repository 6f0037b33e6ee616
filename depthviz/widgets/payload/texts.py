"""The texts of the examples, 256 to a chunk, for a page that fetches what is in sight.

A list in JSON with one entry an example: its text; where that is too long, its
beginning and how many characters there are; where the network was given less than all,
its beginning, all characters, and how many of them the network was given; null where a
page does not carry it.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.study.previews.texts import TEXT

__all__ = [
    "FAMILY",
    "LONGEST",
    "PER_TEXTS",
    "describe_texts",
    "pack_texts",
    "text_facts",
]

FAMILY = "text"
PER_TEXTS = 256
LONGEST = 20_000  # characters; a chunk then has 5 MB of plain letters at most


class Texts(NamedTuple):
    """The description of the column for the manifest, and what makes a chunk of it."""

    column: dict[str, Any]
    chunks: int
    chunk: Callable[[int], bytes]


def describe_texts(
    texts: NDArray[np.object_], read: NDArray[np.float64] | None = None
) -> Texts:
    """Lay texts out in chunks, in order.

    Args:
        texts: One an example, shape `(N,)`.
        read: How many characters of each the network was given, shape `(N,)`, where
            that is known.

    Returns:
        The description, and the chunks, each made when it is asked for.
    """
    column = {
        "name": TEXT,
        "kind": "text",
        "dtype": "text",
        "title": "Text",
        "per_block": PER_TEXTS,
        "usual_length": int(np.quantile([*map(len, texts)], 0.9)),
    }

    def chunk(number: int) -> bytes:
        span = slice(number * PER_TEXTS, (number + 1) * PER_TEXTS)
        return pack_texts(texts[span], read=None if read is None else read[span])

    return Texts(column, -(-len(texts) // PER_TEXTS), chunk)


def pack_texts(
    texts: NDArray[np.object_],
    *,
    read: NDArray[np.float64] | None = None,
    longest: int = LONGEST,
    carried: NDArray[np.bool_] | None = None,
) -> bytes:
    """Pack the texts of one chunk.

    Args:
        texts: At most 256, shape `(B,)`.
        read: How many characters of each the network was given, shape `(B,)`; NaN where
            that is not known.
        longest: Characters after which a text is cut.
        carried: Whether each goes along, shape `(B,)`; by default all do.

    Returns:
        JSON in UTF-8.

    Example:
        >>> pack_texts(np.array(["so", "", "so long"], object), longest=4)
        b'["so","",["so l",7]]'
    """
    known = np.full(len(texts), np.nan) if read is None else read
    pairs = zip(texts, known, strict=True)
    entries = [_entry(text, seen, longest) for text, seen in pairs]
    if carried is not None:
        both = zip(entries, carried, strict=True)
        entries = [entry if here else None for entry, here in both]
    packed = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return packed.encode("utf-8", "replace")


def text_facts(texts: NDArray[np.object_]) -> list[list[str]]:
    """State what no page shows of the texts; nothing where that is nothing."""
    count = sum(len(text) > LONGEST for text in texts)
    if not count:
        return []
    which = "1 is" if count == 1 else f"{count:,} are"
    return [["Texts", f"{which} cut after {LONGEST:,} characters in this view"]]


def _entry(text: str, read: float, longest: int) -> Any:
    if read < len(text):
        return [text[:longest], len(text), int(max(0, read))]
    return text if len(text) <= longest else [text[:longest], len(text)]

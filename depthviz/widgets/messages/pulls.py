"""Answers to the browser, which pulls the chunks of a study piece by piece."""

from collections.abc import Mapping
from typing import Any

from depthviz.errors import DataError, DepthvizError

__all__ = ["answer_pull"]

_LARGEST_PIECE = 4 * 2**20


def answer_pull(
    chunks: Mapping[str, bytes], message: object
) -> tuple[dict[str, Any], list[memoryview]] | None:
    """Answer a pull of a piece of a chunk.

    Args:
        chunks: Bytes by name.
        message: What the browser sent: `type` "pull", `id`, `name` and `offset`.

    Returns:
        The answer and its buffers, of type "chunk", or "refused" with the reason; None
        for a message that is no pull.
    """
    if not isinstance(message, dict) or message.get("type") != "pull":
        return None
    request = {key: message.get(key) for key in ("id", "name", "offset")}
    try:
        total, piece = _piece(chunks, request["name"], request["offset"])
    except (DepthvizError, OSError) as error:  # the study's folder may be gone
        return {"type": "refused", "reason": str(error), **request}, []
    return {"type": "chunk", "total": total, **request}, [piece]


def _piece(
    chunks: Mapping[str, bytes], name: object, offset: object
) -> tuple[int, memoryview]:
    """Cut the piece of a chunk that begins at an offset, and measure the chunk."""
    if not isinstance(name, str) or name not in chunks:
        raise DataError(f"Unknown chunk {name!r}.")
    chunk = memoryview(chunks[name])
    if not isinstance(offset, int) or not 0 <= offset <= len(chunk):
        raise DataError(
            f"Chunk {name!r} has {len(chunk)} bytes; none is at {offset!r}."
        )
    return len(chunk), chunk[offset : offset + _LARGEST_PIECE]

"""Which chunks fit into the bytes that `page_payload` gives a page.

A chunk takes more of a page than its own bytes: it is deflated where that makes it
shorter, written in base64, and named three times. Knows nothing of studies.
"""

import zlib
from collections.abc import Callable
from math import inf

import numpy as np
from numpy.typing import NDArray

__all__ = ["SizeBudget", "deflate", "size_in_page"]

Make = Callable[[NDArray[np.intp]], dict[str, bytes]]

_COMPRESSED = ("tile/", "original/")  # pictures
_FIRST_GUESS, _TRIES = 64, 6
_FULL, _MARGIN = 0.93, 0.97


class SizeBudget:
    """The chunks of a page, and how many bytes are left for more.

    Args:
        used: Bytes that the page has without any chunk.

    Attributes:
        limit: Bytes that the whole page may have.
        used: Bytes that it has.
        chunks: Bytes by name, as they are sent: some deflated.
        deflated: Names of those.
        sizes: Bytes of each chunk before it was deflated.
    """

    def __init__(self, used: int = 0) -> None:
        self.limit: float = inf
        self.used = used
        self.chunks: dict[str, bytes] = {}
        self.deflated: list[str] = []
        self.sizes: dict[str, int] = {}

    @property
    def left(self) -> float:
        """Bytes that are left."""
        return self.limit - self.used

    def add(self, chunks: dict[str, bytes]) -> bool:
        """Add chunks, all or none; returns whether they fit."""
        packed = {name: deflate(name, data) for name, data in chunks.items()}
        size = sum(size_in_page(name, data) for name, data in packed.items())
        if size > self.left:
            return False
        self.used += size
        self.chunks |= packed
        self.deflated += [
            name for name in packed if len(packed[name]) < len(chunks[name])
        ]
        self.sizes |= {name: len(data) for name, data in chunks.items()}
        return True

    def fill(self, order: NDArray[np.intp], make: Make, *, share: float) -> int:
        """Add the chunks of as many of the first examples as fit.

        Args:
            order: Positions of the examples, the most wanted first.
            make: Makes the chunks of some examples.
            share: Of the bytes that are left, in [0, 1].

        Returns:
            How many examples it took.
        """
        room, most = self.left * share, len(order)
        few = min(most, _FIRST_GUESS)
        count = min(most, int(few * room / max(1, _total(make(order[:few])))))
        best: dict[str, bytes] = {}
        taken, too_many = 0, most + 1
        for _ in range(_TRIES):
            if not taken < count < too_many:
                break
            chunks = make(order[:count])
            size = _total(chunks)
            if size <= room:
                best, taken = chunks, count
                if size > _FULL * room:
                    break
            else:
                too_many = count
            count = min(most, int(count * _MARGIN * room / size))
        self.add(best)
        return taken


def deflate(name: str, data: bytes) -> bytes:
    """Deflate a chunk, where that makes it shorter; pictures are compressed already."""
    if name.startswith(_COMPRESSED):
        return data
    shorter = zlib.compress(data, 6, -zlib.MAX_WBITS)
    return shorter if len(shorter) < len(data) else data


def size_in_page(name: str, data: bytes) -> int:
    """Count the bytes of a chunk in a page: base64, its name three times, its size."""
    return 4 * -(-len(data) // 3) + 3 * len(name) + 40


def _total(chunks: dict[str, bytes]) -> int:
    return sum(size_in_page(name, deflate(name, data)) for name, data in chunks.items())

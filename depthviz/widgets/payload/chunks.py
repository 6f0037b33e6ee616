"""The named pieces of bytes that a view pulls: ready ones, and families made on demand.

A table of 60,000 examples has pictures and neighbors that nobody may ever look at. What
comes as a numbered family is made when one of it is asked for, and kept for a while.
Knows nothing of studies.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

__all__ = ["Chunks", "Family"]

_KEPT_BYTES = 64 * 2**20
_DIGITS = 12  # of a number in a name; Python refuses to read very long ones


class Family(NamedTuple):
    """Chunks `NAME/0` to `NAME/(size - 1)`, each made by its number."""

    size: int
    make: Callable[[int], bytes]


class Chunks(Mapping[str, bytes]):
    """Bytes by name.

    Args:
        ready: Chunks that exist already.
        families: Chunks that are made on demand, by the name of their family.
    """

    def __init__(
        self, ready: Mapping[str, bytes], families: Mapping[str, Family]
    ) -> None:
        self._ready = dict(ready)
        self._families = dict(families)
        self._made: OrderedDict[str, bytes] = OrderedDict()

    @classmethod
    def over(cls, others: "Chunks", ready: Mapping[str, bytes]) -> "Chunks":
        """Put ready chunks beside those of others, in the place of any of their names.

        Args:
            others: Other chunks.
            ready: Bytes by name.

        Returns:
            All of them.
        """
        return cls({**others._ready, **ready}, others._families)

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of each ready chunk."""
        return {name: len(chunk) for name, chunk in self._ready.items()}

    @property
    def counts(self) -> dict[str, int]:
        """Number of chunks of each family."""
        return {name: family.size for name, family in self._families.items()}

    def __getitem__(self, name: str) -> bytes:
        if name in self._ready:
            return self._ready[name]
        if name in self._made:
            self._made.move_to_end(name)
            return self._made[name]
        family, number = self._member(name)
        self._made[name] = family.make(number)
        self._forget(but=name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        try:
            return name in self._ready or bool(self._member(str(name)))
        except KeyError:
            return False

    def __iter__(self) -> Iterator[str]:
        yield from self._ready
        for name, family in self._families.items():
            yield from (f"{name}/{number}" for number in range(family.size))

    def __len__(self) -> int:
        return len(self._ready) + sum(self.counts.values())

    def _member(self, name: str) -> tuple[Family, int]:
        """Find the family and the number that a name stands for."""
        family, _, number = name.rpartition("/")
        known = self._families.get(family)
        if known is None or not (number.isascii() and number.isdecimal()):
            raise KeyError(name)
        if len(number) > _DIGITS or str(int(number)) != number:
            raise KeyError(name)
        if int(number) >= known.size:
            raise KeyError(name)
        return known, int(number)

    def _forget(self, but: str) -> None:
        size = sum(map(len, self._made.values()))
        for name in list(self._made):
            if size <= _KEPT_BYTES or name == but:
                return
            size -= len(self._made.pop(name))

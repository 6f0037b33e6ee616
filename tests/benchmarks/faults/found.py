"""What a series of provoked faults found."""

from typing import NamedTuple

__all__ = ["Found"]


class Found(NamedTuple):
    """Number of tries, and a line for each that did not hold.

    Attributes:
        tried: How many faults were provoked.
        notes: One line for each whose result was not as it must be.
    """

    tried: int
    notes: list[str]

    @property
    def held(self) -> int:
        """How many ended as they must."""
        return self.tried - len(self.notes)

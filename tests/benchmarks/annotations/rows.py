"""A row of the benchmark's table."""

from typing import NamedTuple

__all__ = ["HEADER", "Row"]

HEADER = (
    *("what", "store", "acknowledged", "there"),
    *("longest call, s", "events in a second"),
)


class Row(NamedTuple):
    """What was told, and what is there.

    Attributes:
        what: What was tried.
        store: SQLite or PostgreSQL.
        acknowledged: Events that `record` returned, or a reader has to see.
        there: How many of them are there.
        longest: Seconds of the longest call.
        rate: Events in a second.
    """

    what: str
    store: str
    acknowledged: int
    there: int
    longest: float | None = None
    rate: float | None = None

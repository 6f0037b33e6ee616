"""A place in a network, before it has a name."""

from typing import Literal, NamedTuple

__all__ = ["Place"]


class Place(NamedTuple):
    """Where a probe may stand.

    Attributes:
        path: Of the module.
        time: When the network comes by, on the clock of its calls.
        call: Which call of the module; the last where it is None.
        at: Side of the call.
        block: Path of what the place is named after, if not the module.
    """

    path: str
    time: int
    call: int | None = None
    at: Literal["output", "input"] = "output"
    block: str | None = None

"""Identifiers that sort by time: UUIDs of version 7.

Two made in one process never share an order, also when its clock goes backwards. Knows
nothing of events.

References:
    RFC 9562, section 5.7.
"""

import secrets
import threading
import time
from uuid import UUID

__all__ = ["can_follow", "is_identifier", "new_identifier"]

_COUNTER_BITS = 12
_RANDOM_BITS = 62
_VERSION = 7
_LATEST = 2**41 - 2**20  # milliseconds, in 2039: the last that a page makes
_lock = threading.Lock()
_last = [0]  # milliseconds and counter of the last one made here


def new_identifier(*, after: str | None = None) -> str:
    """Make an identifier that is larger than every earlier one of this process.

    Args:
        after: An identifier of any process that it must be larger than, too, if that
            `can_follow`; later ones need not be, so that a clock that runs ahead
            elsewhere moves none here.

    Returns:
        The UUID as text, 36 characters.
    """
    now = time.time_ns() // 1_000_000 << _COUNTER_BITS
    with _lock:
        made = _last[0] = max(now, _last[0] + 1)
    if after is not None and can_follow(after):
        made = max(made, _order(after) + 1)
    milliseconds, counter = divmod(made, 1 << _COUNTER_BITS)
    head = milliseconds << 80 | 7 << 76 | counter << 64 | 2 << 62
    return str(UUID(int=head | secrets.randbits(_RANDOM_BITS)))


def can_follow(identifier: str) -> bool:
    """Whether a later identifier can be made: it sorts by time, and by a clock's."""
    return (
        UUID(identifier).version == _VERSION
        and _order(identifier) < _LATEST << _COUNTER_BITS
    )


def is_identifier(text: object) -> bool:
    """Whether something is a UUID in its usual form, of any version."""
    if not isinstance(text, str):
        return False
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _order(identifier: str) -> int:
    """Milliseconds and counter of an identifier, as one number."""
    number = UUID(identifier).int
    return (number >> 80 << _COUNTER_BITS) | number >> 64 & ((1 << _COUNTER_BITS) - 1)

"""What a database's errors mean: whether to try again, and what to say.

Knows the errors of SQLite and PostgreSQL, and neither tables nor events.
"""

from __future__ import annotations

import os
import sqlite3

from sqlalchemy.exc import DBAPIError

from depthviz.errors import ArgumentError, DiskError, FormatError

__all__ = ["in_words", "may_pass"]

# Shutting down, connections, conflicts, too many at once.
_PASSING = ("57P", "08", "40001", "40P01", "53300")
_CUT = ("connection", "server closed", "terminating", "starting up")
# What a server says of who wants in, or where to, is said again as often as one asks.
_REFUSED = ("does not exist", "authentication", "password", "pg_hba", "permission")
_UNFIT = ("22", "54")  # no value of its type, more than it takes
_HELD = "55P03"
_FULL = "53100"


def may_pass(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether the same may succeed a moment later."""
    if getattr(error, "connection_invalidated", False):
        return True
    cause = getattr(error, "orig", error)
    reason = str(cause).lower()
    state = getattr(cause, "sqlstate", None) or ""
    if isinstance(cause, sqlite3.OperationalError):
        return "locked" in reason or "busy" in reason
    if state:
        return state.startswith(_PASSING)
    if any(word in reason for word in _REFUSED):
        return False
    return any(word in reason for word in _CUT)


def in_words(
    error: DBAPIError | sqlite3.Error, place: str, *, is_file: bool, patience: float
) -> Exception:
    """Say what happened to a place, as an error of ours."""
    reason = str(getattr(error, "orig", error)).strip()
    if is_file:
        return _of_file(reason, place, patience=patience)
    return _of_server(error, place, reason=reason, patience=patience)


def _of_file(reason: str, place: str, *, patience: float) -> Exception:
    low = reason.lower()
    if not os.path.lexists(place):
        return DiskError(
            f"{place} is no longer there. Nothing was recorded, and nothing was made "
            "in its place: bring it back, or open a store anew."
        )
    if "malformed" in low or "not a database" in low or "corrupt" in low:
        return FormatError(
            f"{place} is damaged: {reason}. It was left as it is; restore it from a "
            "backup, or merge what `sqlite3 FILE .recover` gives into a new store."
        )
    if "full" in low:
        return _full(place)
    if "locked" in low or "busy" in low:
        return _held(place, patience)
    return DiskError(f"{place} cannot be used: {reason}. Nothing was recorded.")


def _of_server(
    error: DBAPIError | sqlite3.Error, place: str, *, reason: str, patience: float
) -> Exception:
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if state == _HELD:
        return _held(place, patience)
    if state == _FULL:
        return _full(place)
    if state.startswith(_UNFIT):
        return ArgumentError(
            f"The database {place} cannot hold this: {reason:.300} Nothing of this "
            "step was recorded."
        )
    if may_pass(error):
        return DiskError(
            f"The database {place} did not answer: {reason:.300} Nothing of this step "
            "was acknowledged; try again when the server is back."
        )
    return DiskError(
        f"The database {place} refused this: {reason:.300} Nothing of this step was "
        "recorded."
    )


def _full(place: str) -> DiskError:
    return DiskError(
        f"{place} cannot be written: the disk is full. Nothing of this step was "
        "recorded; make room and try again."
    )


def _held(place: str, patience: float) -> DiskError:
    return DiskError(
        f"{place} was written by others for {patience:.0f} s without a pause. Nothing "
        "of this step was recorded; try again."
    )

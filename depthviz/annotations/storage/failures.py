"""What a database's errors mean: whether to try again, and what to say.

Knows the errors of SQLite and PostgreSQL, and neither tables nor events.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from depthviz.errors import DiskError, FormatError

__all__ = ["in_words", "may_pass"]


def may_pass(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether the same may succeed a moment later."""
    if getattr(error, "connection_invalidated", False):
        return True
    cause = getattr(error, "orig", error)
    reason = str(cause).lower()
    states = ("57P", "08", "40001", "40P01")  # shutting down, connection, conflicts
    state = getattr(cause, "sqlstate", None) or ""
    if isinstance(cause, sqlite3.OperationalError):
        return "locked" in reason or "busy" in reason
    cut = ("connection", "server closed", "terminating", "starting up")
    return state.startswith(states) or (
        not state and any(word in reason for word in cut)
    )


def in_words(
    error: DBAPIError | sqlite3.Error, place: str, *, is_file: bool, patience: float
) -> Exception:
    """Say what happened to a place, as an error of ours."""
    reason = str(getattr(error, "orig", error)).strip()
    if not is_file:
        return DiskError(
            f"The database {place} did not answer: {reason:.300} Nothing of this step "
            "was acknowledged; try again when the server is back."
        )
    low = reason.lower()
    if "malformed" in low or "not a database" in low or "corrupt" in low:
        return FormatError(
            f"{place} is damaged: {reason}. It was left as it is; restore it from a "
            "backup, or merge what `sqlite3 FILE .recover` gives into a new store."
        )
    if "full" in low:
        return DiskError(
            f"{place} cannot be written: the disk is full. Nothing of this step was "
            "recorded; make room and try again."
        )
    if "locked" in low or "busy" in low:
        return DiskError(
            f"{place} was written by others for {patience:.0f} s without a pause. "
            "Nothing of this step was recorded; try again."
        )
    return DiskError(f"{place} cannot be used: {reason}. Nothing was recorded.")

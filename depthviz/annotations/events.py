"""An event: one decision of one annotator about one example, as it is kept for ever.

Whatever comes in, from Python, a page or a file, is cleaned here once, so that every
store and every file gives back the same: text that UTF-8 can hold, instants in UTC, ids
as text. Knows nothing of where events are kept.
"""

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from numbers import Integral
from typing import Any

from depthviz.annotations.identifiers import is_identifier, new_identifier
from depthviz.errors import ArgumentError

__all__ = ["FIELDS", "KINDS", "Event", "make_event", "read_event", "to_record"]

FIELDS = ("verdict", "label", "tag", "note", "annotator")
KINDS = ("human", "model", "rule")
LONGEST_VALUE = 4 * 2**20
LONGEST_NAME = 1000
LONGEST_ANNOTATOR = 200  # a database finds events by it
LONGEST_CONTEXT = 2**16
LATEST = datetime(3000, 1, 1, tzinfo=UTC)  # what comes after it is no clock's
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Event:
    """One decision.

    Attributes:
        example: The id of the example, as text.
        field: "verdict", "label" (the class that it should have), "tag", "note", or
            "annotator" for a new name of an annotator.
        value: What was decided; None takes an earlier value back.
        annotator: Whose decision it is.
        kind: "human", "model" or "rule".
        id: A UUID that sorts by time.
        time: When, in UTC, to the microsecond.
        previous: The value before; of a tag that is taken off, the tag.
        data: Fingerprint of the data set.
        input: Fingerprint of the example's own input.
        context: View, probe, filters, whether blind, by name.
        latency: Seconds that the example was looked at.
        undoes: The id of the event that this one takes back.
        batch: Events of one step share it, and are undone together.
    """

    example: str
    field: str
    value: str | None
    annotator: str
    kind: str = "human"
    id: str = ""
    time: datetime = _EPOCH
    previous: str | None = None
    data: str = ""
    input: str = ""
    context: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    latency: float | None = None
    undoes: str | None = None
    batch: str | None = None


_NAMES = tuple(each.name for each in dataclasses.fields(Event))


def make_event(**given: Any) -> Event:
    """Make an event of what is given, cleaned; id and time where they are missing.

    Args:
        **given: Fields of an `Event`.

    Returns:
        The event.

    Raises:
        ArgumentError: If a field is missing, unknown, or of no value that it may have.
    """
    unknown = sorted(set(given) - set(_NAMES))
    if unknown:
        known = ", ".join(map(repr, _NAMES))
        raise ArgumentError(f"Unknown field {unknown[0]!r}. An event has: {known}.")
    for name in ("example", "field", "annotator"):
        if given.get(name) is None:
            raise ArgumentError(f"An event needs a field {name!r}.")
    _check_choice("field", given["field"], FIELDS)
    _check_choice("kind", given.get("kind", "human"), KINDS)
    made: dict[str, Any] = {
        "example": _name("example", given["example"]),
        "field": str(given["field"]),
        "value": _text("value", given.get("value"), most=LONGEST_VALUE),
        "annotator": _name("annotator", given["annotator"]),
        "kind": str(given.get("kind", "human")),
        "id": _identifier("id", given.get("id")) or new_identifier(),
        "time": _instant(given.get("time")),
        "previous": _text("previous", given.get("previous"), most=LONGEST_VALUE),
        "data": _text("data", given.get("data") or "", most=LONGEST_NAME),
        "input": _text("input", given.get("input") or "", most=LONGEST_NAME),
        "context": _context(given.get("context")),
        "latency": _seconds(given.get("latency")),
        "undoes": _identifier("undoes", given.get("undoes")),
        "batch": _identifier("batch", given.get("batch")),
    }
    return Event(**made)


def to_record(event: Event) -> dict[str, Any]:
    """Write an event as plain values, which JSON holds.

    Args:
        event: The event.

    Returns:
        Its fields; the time as microseconds since 1970 in UTC, the context as JSON.
    """
    record = {name: getattr(event, name) for name in _NAMES}
    record["time"] = microseconds(event.time)
    record["context"] = json.dumps(dict(event.context), sort_keys=True)
    return record


def read_event(record: Mapping[str, Any]) -> Event:
    """Read what `to_record` wrote, or a page, with the same care as anything given.

    Args:
        record: Plain values by name; others than those of an event are left out.

    Returns:
        The event.

    Raises:
        ArgumentError: If it is none.
    """
    given = {name: record.get(name) for name in _NAMES if record.get(name) is not None}
    time, context = given.get("time"), given.get("context")
    if isinstance(time, int | float):
        given["time"] = _from_microseconds(time)
    if isinstance(context, str):
        given["context"] = _read_context(context)
    return make_event(**given)


def check_new(event: Event) -> None:
    """Refuse what a store would suffer from; what it has already is read as it is.

    Args:
        event: One that is to be kept from now on.

    Raises:
        ArgumentError: If a name is too long, or the time is after all clocks.
    """
    names = {"annotator": event.annotator}
    if event.field == "annotator" and event.value is not None:
        names["value"] = _name("value", event.value)
    for name, text in names.items():
        if len(text) > LONGEST_ANNOTATOR:
            raise ArgumentError(
                f"{name} has {len(text):,} characters; a name has at most "
                f"{LONGEST_ANNOTATOR}."
            )
    if event.time >= LATEST:
        raise ArgumentError(
            f"time lies in the year {event.time.year}, which no clock shows; at most "
            f"{LATEST.year - 1} is kept."
        )


def microseconds(time: datetime) -> int:
    """Give an instant as microseconds since 1970."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def at(event: Event, *, time: datetime, identifier: str) -> Event:
    """The same decision at another instant, under another identifier."""
    return replace(event, time=time, id=identifier)


def _check_choice(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ArgumentError(
            f"{name} must be one of {', '.join(map(repr, known))}, got {value!r:.80}."
        )


def _name(name: str, value: object) -> str:
    """An id or a name, which must be told apart from others and so is never mended."""
    if isinstance(value, bool) or not isinstance(value, str | Integral):
        raise ArgumentError(f"{name} must be text, got {type(value).__name__}.")
    text = str(value)
    if not text or len(text) > LONGEST_NAME or text != _cleaned(text):
        raise ArgumentError(
            f"{name} must be text of 1 to {LONGEST_NAME:,} characters without NUL or "
            f"halves of a surrogate pair, got {text!r:.80}."
        )
    return text


def _text(name: str, value: object, *, most: int) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ArgumentError(f"{name} must be text, got {type(value).__name__}.")
    if len(value) > most:
        raise ArgumentError(
            f"{name} has {len(value):,} characters; at most {most:,} are kept."
        )
    return _cleaned(value)


def _cleaned(text: str) -> str:
    """Put a sign in the place of what UTF-8 or a database cannot hold."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", _REPLACEMENT)


def _identifier(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    if not is_identifier(value):
        raise ArgumentError(f"{name} must be a UUID, got {value!r:.80}.")
    return str(value)


def _instant(value: object) -> datetime:
    if value is None:
        return datetime.now(UTC)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise ArgumentError(f"time must be ISO 8601, got {value!r:.80}.") from (
                error
            )
    if not isinstance(value, datetime):
        raise ArgumentError(f"time must be a datetime, got {type(value).__name__}.")
    if value.utcoffset() is None:
        raise ArgumentError(
            f"time must have a time zone, as datetime.now(UTC) has; got {value}."
        )
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ArgumentError(f"time lies outside the calendar: {value}.") from error


def _from_microseconds(value: float) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=int(value))
    except (OverflowError, ValueError) as error:
        raise ArgumentError(f"time lies outside the calendar: {value!r:.80}.") from (
            error
        )


def _context(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ArgumentError(f"context must be a dict, got {type(value).__name__}.")
    try:
        text = json.dumps(dict(value), allow_nan=False)
        plain: dict[str, Any] = json.loads(text, object_pairs_hook=_cleaned_pairs)
    except (TypeError, ValueError, RecursionError) as error:
        raise ArgumentError(f"context must be plain values: {error}.") from error
    if len(text) > LONGEST_CONTEXT:
        raise ArgumentError(
            f"context has {len(text):,} characters as JSON; at most "
            f"{LONGEST_CONTEXT:,} are kept."
        )
    return plain


def _cleaned_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Clean names and texts of an object; JSON has escaped what is odd in them."""
    return {_cleaned(name): _cleaned_value(value) for name, value in pairs}


def _cleaned_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_cleaned_value(each) for each in value]
    return _cleaned(value) if isinstance(value, str) else value


def _read_context(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArgumentError(f"context is no JSON: {error}.") from error


def _seconds(value: object) -> float | None:
    """A length of time; what is no number, as NaN, is none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        seconds = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise ArgumentError(f"latency must be seconds, got {value!r:.80}.") from error
    return seconds if math.isfinite(seconds) and seconds >= 0 else None

"""What events amount to: which of them still hold, and what each annotator says now.

Order is that of time, then id, never that of a database, so that the same events give
the same wherever they came together. Knows nothing of databases.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from depthviz.annotations.events import Event

__all__ = [
    "Decision",
    "current",
    "effective",
    "in_order",
    "last_done",
    "last_undone",
    "names",
]


@dataclass
class Decision:
    """What one annotator says of one example now.

    Attributes:
        example: The example.
        annotator: The annotator, by the newest name.
        kind: "human", "model" or "rule".
        values: Verdict, label and note, by field.
        tags: Tags, first put on first.
        last: The newest event.
        ids: Of the events that say so, by field and value.
        events: How many events hold.
        seconds: How long the example was looked at, in all.
    """

    example: str
    annotator: str
    kind: str
    last: Event
    values: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    events: int = 0
    seconds: float = 0.0


def in_order(events: Iterable[Event]) -> list[Event]:
    """Sort events by time, then by id."""
    return sorted(events, key=lambda event: (event.time, event.id))


def effective(events: Sequence[Event]) -> list[Event]:
    """Leave out what was undone, and what undid.

    Nobody undoes what another annotator decided: such an event says nothing.

    Args:
        events: Events in any order.

    Returns:
        Those that hold, in order; what was undone and redone holds.
    """
    undone = _undone(events)
    return in_order(
        event for event in events if event.undoes is None and event.id not in undone
    )


def _undone(events: Iterable[Event]) -> set[str]:
    """Ids of what is undone, where an undoing may be undone itself."""
    undone: set[str] = set()
    events = [*events]
    authors = {event.id: event.annotator for event in events}
    renamed = names(events)  # by all renamings, also those that are undone themselves

    def is_own(event: Event) -> bool:
        pair = (event.annotator, authors.get(event.undoes or "", event.annotator))
        return len({renamed.get(name, name) for name in pair}) == 1

    # An event that undoes is younger than what it undoes, so the youngest is decided
    # first; ids that lie and form a ring are decided in the same order.
    for event in reversed(in_order(each for each in events if each.undoes is not None)):
        if event.id not in undone and event.undoes is not None and is_own(event):
            undone.add(event.undoes)
    return undone


def names(events: Iterable[Event]) -> dict[str, str]:
    """The newest name of each annotator that was renamed, by every earlier one."""
    renamed: dict[str, str] = {}
    for event in in_order(events):
        if event.field == "annotator" and event.value and event.undoes is None:
            old, new = event.annotator, event.value
            renamed = {a: new if b == old else b for a, b in renamed.items()}
            renamed[old] = new
            renamed.pop(new, None)
    return renamed


def current(events: Sequence[Event]) -> list[Decision]:
    """Fold events to what each annotator says of each example now.

    Args:
        events: All events, in any order.

    Returns:
        One decision for each pair of which anything holds, the first annotated first.
    """
    holding = effective(events)
    renamed = names(holding)
    found: dict[tuple[str, str], Decision] = {}
    for event in holding:
        if event.field == "annotator":
            continue
        annotator = renamed.get(event.annotator, event.annotator)
        key = (event.example, annotator)
        decision = found.setdefault(
            key, Decision(event.example, annotator, event.kind, event)
        )
        _apply(decision, event)
    return [each for each in found.values() if each.values or each.tags]


def _apply(decision: Decision, event: Event) -> None:
    decision.last = event
    decision.kind = event.kind
    decision.events += 1
    decision.seconds += event.latency or 0.0
    if event.value is not None:
        decision.ids[event.field, event.value] = event.id
    if event.field == "tag":
        if event.value is not None and event.value not in decision.tags:
            decision.tags.append(event.value)
        elif event.value is None and event.previous in decision.tags:
            decision.tags.remove(event.previous or "")
    elif event.value is None:
        decision.values.pop(event.field, None)
    else:
        decision.values[event.field] = event.value


def last_done(events: Sequence[Event]) -> list[Event]:
    """The newest step of one annotator that holds: an event, or its whole batch."""
    holding = effective(events)
    return _batch(holding, holding[-1]) if holding else []


def last_undone(events: Sequence[Event]) -> list[Event]:
    """The newest undoing of one annotator that holds, unless something came after.

    With it come all others of the same, which two pages may have made at once.
    """
    undone = _undone(events)
    undoings = [
        event
        for event in in_order(events)
        if event.undoes is not None and event.id not in undone
    ]
    plain = {event.id for event in events if event.undoes is None}
    undoings = [event for event in undoings if event.undoes in plain]
    if not undoings:
        return []
    newest = undoings[-1]
    later = [
        event
        for event in effective(events)
        if (event.time, event.id) > (newest.time, newest.id)
    ]
    targets = {event.undoes for event in _batch(undoings, newest)}
    return [] if later else [each for each in undoings if each.undoes in targets]


def _batch(events: Sequence[Event], last: Event) -> list[Event]:
    if last.batch is None:
        return [last]
    return [event for event in events if event.batch == last.batch]

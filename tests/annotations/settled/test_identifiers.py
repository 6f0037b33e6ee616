"""Times and ids that others made never keep an annotator from deciding."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from depthviz import annotations
from depthviz.annotations.events import make_event, to_record
from depthviz.annotations.identifiers import can_follow, new_identifier
from depthviz.annotations.storage.tables import EVENTS
from depthviz.errors import ArgumentError

MAX = "ffffffff-ffff-ffff-ffff-ffffffffffff"


@pytest.mark.parametrize(
    "foreign", [MAX, str(uuid.UUID(int=2**128 - 2**80 + (7 << 76) + (2 << 62)))]
)
def test_an_id_of_others_stops_nobody(place: str, foreign: str) -> None:
    store = annotations.open(place, annotator="ada")
    store.record("x", "verdict", "correct", id=foreign)
    before = datetime.now(UTC) - timedelta(seconds=1)
    events = [store.record(each, "verdict", "correct") for each in "abc"]
    assert [each.id for each in events] == sorted(each.id for each in events)
    for identifier in (*(each.id for each in events), new_identifier()):
        milliseconds = uuid.UUID(identifier).int >> 80
        assert uuid.UUID(identifier).version == 7
        found = datetime.fromtimestamp(milliseconds / 1000, UTC)
        assert before < found < before + timedelta(minutes=5)


def test_an_id_of_a_clock_that_runs_ahead_is_followed_there_alone(place: str) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=30)).timestamp()
    number = int(ahead * 1000) << 80 | 7 << 76 | 2 << 62
    theirs = str(uuid.UUID(int=number))
    store = annotations.open(place, annotator="ada")
    store.record("x", "verdict", "correct", id=theirs)
    many = [{"example": each, "field": "note", "value": "x"} for each in "abc"]
    rising = [theirs, *(each.id for each in store.record_many(many))]
    assert rising == sorted({*rising})
    assert new_identifier() < theirs


def test_what_label_studio_gave_leaves_ids_in_order(place: str, tmp_path: Path) -> None:
    result = {"from_name": "verdict", "value": {"choices": ["correct"]}}
    given = {"completed_by": 1, "created_at": "2026-01-01T00:00:00Z"}
    tasks = [
        {
            "data": {"example_id": str(each)},
            "annotations": [{**given, "result": [result]}],
        }
        for each in range(50)
    ]
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    store = annotations.open(place, annotator="label-studio 1")
    assert store.merge(tmp_path / "tasks.json") == 50
    before, ours = new_identifier(), store.record("x", "note", "y").id
    assert before < ours < new_identifier()
    assert not can_follow(store.events()[0][0].id)


def test_times_of_no_clock_are_refused(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    with pytest.raises(ArgumentError, match=r"in the year 9999.*at most 2999"):
        store.record("x", "note", "x", time=datetime.max.replace(tzinfo=UTC))
    far = datetime(2999, 12, 31, 23, 59, 59, 999999, UTC)
    store.record("x", "note", "x", time=far)
    assert store.record("x", "note", "y").time > far


def test_a_store_that_has_such_a_time_is_used_all_the_same(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    latest = datetime.max.replace(tzinfo=UTC)
    given = make_event(
        example="x", field="verdict", value="a", annotator="ada", time=latest
    )

    def put(connection: Connection) -> None:
        connection.execute(EVENTS.insert(), [to_record(given)])

    store._database.write(put)
    store.record("y", "verdict", "correct")
    assert len(store.undo()) == 1
    assert len(store.frame()) == 1


def test_names_are_as_long_as_a_database_finds_them(place: str) -> None:
    name = "名" * 200
    with annotations.open(place, annotator=name) as store:
        store.record("名" * 1000, "verdict", "correct")
        assert store.record("名" * 1000, "verdict", "ambiguous").previous == "correct"
        with pytest.raises(ArgumentError, match="201 characters; a name has at most"):
            store.record("x", "verdict", "correct", annotator="n" * 201)
    with pytest.raises(ArgumentError, match="201 characters"):
        annotations.open(place, annotator="n" * 201)

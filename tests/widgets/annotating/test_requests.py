"""A page asks to keep events and to read those of others; it may send anything."""

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import depthviz as dv
from depthviz.annotations.identifiers import new_identifier
from depthviz.widgets.annotating import requests as module
from tests.studies import tiny_study
from tests.widgets.annotating.annotated import Pages, event


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "s.sqlite"


@pytest.fixture
def page(place: Path) -> Pages:
    return Pages(dv.explore(dv.Study(tiny_study().dataset), annotations=place))


def test_what_a_page_sends_is_kept_once(page: Pages, place: Path) -> None:
    first, second = (
        event(),
        event(example="1", field="note", value="\0 </script>\u2028"),
    )
    answer = page.keep(first, second)
    assert "reason" not in answer
    assert page.keep(first, second, event(example="2")) | {"id": 0} == answer | {
        "id": 0
    }
    with dv.annotations.open(place) as store:
        assert len(store) == 3
        assert [each.id for each in store.events()[0][:2]] == [
            first["id"],
            second["id"],
        ]
        assert store.frame().loc[("1", "jana"), "note"] == "\ufffd </script>\u2028"


def test_the_fingerprint_of_what_was_seen_goes_along(page: Pages, place: Path) -> None:
    desk = page.view._session.desk
    assert desk is not None
    page.keep(event(data=desk.data), event(example="1", data="other data"))
    with dv.annotations.open(place) as store:
        seen, elsewhere = store.events()[0]
    picture = tiny_study().dataset["image"].values[0]
    assert seen.input == dv.annotations.fingerprints.fingerprint(picture)
    assert elsewhere.input == ""


def test_a_page_reads_what_others_recorded(page: Pages, place: Path) -> None:
    page.keep(event())
    with dv.annotations.open(place, annotator="otto") as store:
        store.record("1", "verdict", "ambiguous", context={"a": 1})
    read = page.ask(act="read", after=0)
    assert [each["annotator"] for each in read["events"]] == ["jana", "otto"]
    assert read["more"] is False
    assert page.ask(act="read", after=read["number"])["events"] == []
    mine = {**event(), **read["events"][0]}
    assert page.keep(mine) | {"id": 0} == page.keep(mine) | {"id": 0}
    with dv.annotations.open(place) as store:
        assert len(store) == 2


def test_many_events_come_in_pieces(
    page: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_EVENTS", 10)
    monkeypatch.setattr(module, "MOST_TEXT", 2500)
    for number in range(3):
        batch = [event(example=str(10 * number + each)) for each in range(10)]
        page.keep(*batch)
    page.keep(event(example="40", field="note", value="n" * 5000))
    found: list[str] = []
    number, pieces, more = 0, 0, True
    while more:
        read = page.ask(act="read", after=number)
        found += [each["example"] for each in read["events"]]
        number, more, pieces = read["number"], read["more"], pieces + 1
    assert found == [*map(str, range(30)), "40"]
    assert pieces > 3


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"act": "keep"}, "events must be a list"),
        ({"act": "keep", "events": "all"}, "events must be a list"),
        ({"act": "keep", "events": [3]}, "must be a dict with an id"),
        ({"act": "keep", "events": [{**event(), "id": ""}]}, "dict with an id"),
        ({"act": "keep", "events": [{**event(), "id": "x"}]}, "must be a UUID"),
        ({"act": "keep", "events": [{**event(), "id": 7}]}, "must be a UUID"),
        ({"act": "keep", "events": [{**event(), "field": "x"}]}, "field must be"),
        ({"act": "keep", "events": [{**event(), "more": 1}]}, "Unknown field 'more'"),
        ({"act": "keep", "events": [{**event(), "time": "soon"}]}, "ISO 8601"),
        ({"act": "keep", "events": [{**event(), "time": 3}]}, "must be a datetime"),
        ({"act": "keep", "events": [{**event(), "example": None}]}, "needs a field"),
        ({"act": "keep", "events": [{**event(), "value": ["x"]}]}, "must be text"),
        ({"act": "keep", "events": [event(), {**event(), "kind": "x"}]}, "kind must"),
        ({"act": "keep", "events": [event()] * 2001}, "at most 2,000"),
        ({"act": "read"}, "after must be a number"),
        ({"act": "read", "after": -1}, "after must be a number"),
        ({"act": "read", "after": True}, "after must be a number"),
        ({"act": "read", "after": 2**70}, "after must be a number"),
        ({"act": "drop", "after": 0}, "Unknown request 'drop'"),
        ({"act": ["x"] * 99}, "Unknown request"),
    ],
)
def test_what_can_never_be_done_is_told(
    page: Pages, place: Path, message: dict[str, Any], words: str
) -> None:
    answer = page.ask(**message)
    assert words in answer["reason"]
    assert answer["lasting"] is True
    with dv.annotations.open(place) as store:
        assert len(store) == 0


@pytest.mark.parametrize("name", [None, 3, "", "x" * 65, ["a"], {"a": 1}])
def test_what_names_no_request_gets_no_answer(page: Pages, name: object) -> None:
    page.post({"type": "annotate", "id": name, "act": "keep", "events": [event()]})
    page.wait()
    assert page.answers == []


def test_a_view_that_annotates_nothing_keeps_nothing() -> None:
    view = dv.explore(tiny_study())
    answers: list[Any] = []
    view.send = lambda content, buffers=None: answers.append(content)
    view._answer(view, {"type": "annotate", "id": "a", "act": "read", "after": 0}, [])
    assert answers == []
    assert view._annotations is None


def test_a_store_that_is_locked_is_waited_for_elsewhere(
    page: Pages, place: Path
) -> None:
    with dv.annotations.open(place) as store:
        store.record("0", "note", "x")
    held = sqlite3.connect(place, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    page.post({"type": "annotate", "id": "a", "act": "keep", "events": [event()]})
    assert time.monotonic() - began < 0.2
    time.sleep(0.5)
    assert page.answers == []  # it waits for others, and the kernel does not
    held.rollback()
    held.close()
    page.wait()
    assert "reason" not in page.answers[-1]


def test_a_store_that_cannot_be_written_may_be_another_time(
    page: Pages, place: Path
) -> None:
    desk = page.view._session.desk
    assert desk is not None
    desk.store._database.writable = False
    answer = page.keep(event())
    assert "read-only" in answer["reason"]
    assert answer["lasting"] is False
    desk.store._database.writable = True
    assert "reason" not in page.keep(event())


def test_a_store_that_was_removed_is_told(page: Pages, place: Path) -> None:
    page.keep(event())
    place.unlink()
    place.mkdir()
    answer = page.keep(event())
    assert answer["reason"]
    assert answer["lasting"] is False


def test_what_is_sent_again_while_it_is_kept_is_done_once(
    page: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = page.view._session.desk
    assert desk is not None
    begun, may_end = threading.Event(), threading.Event()
    calls = []

    def slow(records: Any) -> None:
        calls.append(len(records))
        begun.set()
        may_end.wait(10)

    monkeypatch.setattr(desk, "keep", slow)
    message = {"type": "annotate", "id": "a", "act": "keep", "events": [event()]}
    for _ in range(5):
        page.post(message)
    begun.wait(10)
    assert page.answers == []
    may_end.set()
    page.wait()
    assert (calls, len(page.answers)) == ([1], 1)
    page.post(message)
    page.wait()
    assert (calls, len(page.answers)) == ([1, 1], 2)


def test_ten_thousand_events_and_a_note_of_a_megabyte_are_kept(
    page: Pages, place: Path
) -> None:
    batch = new_identifier()
    for start in range(0, 10_000, 2000):
        piece = [
            event(example=str(number), batch=batch)
            for number in range(start, start + 2000)
        ]
        assert "reason" not in page.keep(*piece)
    assert "reason" not in page.keep(event(field="note", value="ä" * 2**20))
    with dv.annotations.open(place) as store:
        assert len(store) == 10_001
        assert len(store.undo(annotator="jana")) == 1

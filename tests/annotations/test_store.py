"""What every store of annotations does, over SQLite and PostgreSQL alike."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from depthviz import annotations
from depthviz.annotations.events import Event, make_event
from depthviz.errors import ArgumentError, DataError
from tests.annotations.postgres import Server

ODD = ["a\0b", "half \ud800", "\u2028\u202e", "</script>", "", "=1+1", "'", "x" * 2**20]


def test_what_was_recorded_is_there_for_others(place: str) -> None:
    with annotations.open(place, annotator="ada") as store:
        event = store.record("7", "verdict", "wrong label", latency=2.5, data="abc")
        store.record("7", "label", "cat")
        store.record("8", "tag", "blurry")
        store.record("8", "tag", "dark")
        store.record("8", "note", "see 7")
    with annotations.open(place, annotator="bob") as other:
        assert other.history("7")["id"].iloc[0] == event.id
        frame = other.frame()
    assert frame.loc[("7", "ada"), ["verdict", "label"]].tolist() == [
        "wrong label",
        "cat",
    ]
    assert frame.loc[("7", "ada"), "seconds"] == 2.5
    assert frame.loc[("8", "ada"), "tags"] == ("blurry", "dark")
    assert frame.loc[("8", "ada"), "note"] == "see 7"


def test_the_last_word_of_each_annotator_holds(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    store.record("7", "verdict", "correct")
    store.record("7", "verdict", "ambiguous")
    store.record("7", "verdict", "correct", annotator="bob")
    store.record("9", "note", "x")
    store.record("9", "note", None)
    store.record("7", "tag", "dark")
    store.record("7", "tag", None, previous="dark")
    verdicts = store.frame()["verdict"]
    assert verdicts.to_dict() == {("7", "ada"): "ambiguous", ("7", "bob"): "correct"}
    assert store.frame().loc[("7", "ada"), "tags"] == ()


def test_undo_and_redo_are_of_ones_own_and_outlive_a_restart(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    store.record("1", "verdict", "correct")
    batch = "00000000-0000-4000-8000-000000000001"
    store.record_many(
        {"example": each, "field": "verdict", "value": "ambiguous", "batch": batch}
        for each in "12"
    )
    store.record("1", "verdict", "not sure", annotator="bob")
    again = annotations.open(place, annotator="ada")
    assert len(again.undo()) == 2
    assert again.frame()["verdict"].to_dict() == {
        ("1", "ada"): "correct",
        ("1", "bob"): "not sure",
    }
    assert len(again.redo()) == 2
    assert again.frame()["verdict"]["2", "ada"] == "ambiguous"
    assert [len(again.undo()) for _ in range(3)] == [2, 1, 0]
    assert again.frame().index.tolist() == [("1", "bob")]
    assert [len(again.redo()) for _ in range(3)] == [1, 2, 0]
    again.undo()
    again.record("3", "verdict", "correct")
    assert again.redo() == []


def test_times_and_ids_rise_also_where_the_clock_goes_back(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = annotations.open(place, annotator="ada")
    first = store.record("1", "verdict", "correct")
    future = datetime.now(UTC) + timedelta(hours=1)
    store.record("1", "verdict", "correct", time=future)
    rising = [store.record(each, "verdict", "correct") for each in "123"]
    events = [first, *rising]
    assert [each.time for each in events] == sorted(each.time for each in events)
    assert rising[0].time > future
    assert [each.id for each in events] == sorted({each.id for each in events})


def test_instants_are_kept_whatever_their_zone(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    east = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    fold = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1)))
    for time in (east, fold):
        assert store.record("1", "note", "x", time=time).time == time
    assert store.history()["time"].tolist() == [east, fold]
    with pytest.raises(ArgumentError, match="time zone"):
        store.record("1", "note", "x", time=datetime(2026, 1, 1))


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet", "sqlite"])
def test_odd_text_comes_through_every_file(
    place: str, tmp_path: Path, ending: str
) -> None:
    store = annotations.open(place, annotator="=ada")
    for number, text in enumerate(ODD):
        store.record("007", "note", text, context={"filters": {"a": number}})
    for example in ("9007199254740993", "a/b", "-5"):
        store.record(example, "note", "x", latency=float("nan"))
    target = tmp_path / f"all.{ending}"
    written = store.backup(target) if ending == "sqlite" else store.export(target)
    other = annotations.open(tmp_path / "other.sqlite", annotator="bob")
    assert (other.merge(written), other.merge(written)) == (len(store), 0)
    pd.testing.assert_frame_equal(other.history(), store.history())
    pd.testing.assert_frame_equal(other.frame(), store.frame())
    notes = store.history("007")["value"].tolist()
    assert notes[2:] == ODD[2:]
    assert notes[:2] == ["a\ufffdb", "half \ufffd"]


def test_cells_that_a_spreadsheet_would_run_are_harmless(
    place: str, tmp_path: Path
) -> None:
    store = annotations.open(place, annotator="ada")
    for start in "=+-@\t\r":
        store.record(f"{start}x" if start not in "\t\r" else "x", "note", f"{start}1")
    cells = pd.read_csv(store.export(tmp_path / "all.csv"), dtype=str)
    for name in ("example", "value"):
        assert not cells[name].str.match(r"[=+\-@\t\r]").any()


def test_ten_thousand_events_in_one_step_are_all_there_or_none(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    many = [
        {"example": number, "field": "verdict", "value": "correct"}
        for number in range(10_000)
    ]
    with pytest.raises(ArgumentError, match="kind must be one of"):
        store.record_many([*many, {**many[0], "kind": "cat"}])
    assert len(store) == 0
    assert len(store.record_many(many)) == 10_000
    assert len(store) == len(store.frame()) == 10_000


def test_readers_go_on_from_a_number_and_miss_nothing(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    store.record("1", "note", "x")
    events, number = store.events()
    assert [each.value for each in events] == ["x"]
    writers = [
        threading.Thread(target=_write, args=(place, f"w{each}")) for each in range(3)
    ]
    for writer in writers:
        writer.start()
    seen: list[Event] = []
    while any(writer.is_alive() for writer in writers):
        some, number = store.events(after=number)
        seen += some
    some, number = store.events(after=number)
    seen += some
    assert len({event.id for event in seen}) == len(seen) == 60
    for writer in range(3):
        own = [event for event in seen if event.annotator == f"w{writer}"]
        assert [event.example for event in own] == [str(each) for each in range(20)]
        assert [event.time for event in own] == sorted(event.time for event in own)


def _write(place: str, annotator: str) -> None:
    with annotations.open(place, annotator=annotator) as store:
        for number in range(20):
            store.record(number, "verdict", "correct")


def test_a_new_name_is_for_all_that_was_said(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    store.record("1", "verdict", "correct")
    store.record("1", "verdict", "correct", annotator="bob")
    store.rename("ada", "Ada L.")
    store.record("2", "verdict", "correct")
    assert store.frame().index.tolist() == [
        ("1", "Ada L."),
        ("1", "bob"),
        ("2", "Ada L."),
    ]
    with pytest.raises(ArgumentError, match="annotator of this store already"):
        store.rename("ada", "bob")
    with pytest.raises(ArgumentError, match=r"No annotator is named 'eve'.*'Ada L\.'"):
        store.rename("eve", "x")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"example": None}, "needs a field 'example'"),
        ({"example": ""}, "example must be text of 1"),
        ({"example": "a\0"}, "without NUL"),
        ({"example": 1.5}, "example must be text, got float"),
        ({"field": "depth"}, "field must be one of 'verdict'"),
        ({"value": 3}, "value must be text, got int"),
        ({"value": "x" * (4 * 2**20 + 1)}, "at most 4,194,304 are kept"),
        ({"id": "1"}, "id must be a UUID"),
        ({"time": "soon"}, "ISO 8601"),
        ({"time": 5}, "time must be a datetime"),
        ({"context": {"a": {1}}}, "plain values"),
        ({"latency": "long"}, "latency must be seconds"),
        ({"color": "red"}, "Unknown field 'color'"),
    ],
)
def test_what_is_no_event_is_refused_in_words(
    given: dict[str, Any], words: str
) -> None:
    whole = {"example": "1", "field": "verdict", "value": "x", "annotator": "a"}
    with pytest.raises(ArgumentError, match=words):
        annotations.events.make_event(**{**whole, **given})


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.jsonl", '{"id": 1}\n', "Event 1 of .* cannot be read"),
        ("a.jsonl", "{", "Line 1 of .* is no JSON"),
        ("a.csv", "id,example\nx,1\n", "Event 1 of .* cannot be read"),
        ("a.json", "{}", "a list of tasks"),
        ("a.parquet", "x", "is no Parquet"),
    ],
)
def test_a_file_that_is_none_merges_nothing(
    place: str, tmp_path: Path, name: str, text: str, words: str
) -> None:
    store = annotations.open(place, annotator="ada")
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=words):
        store.merge(tmp_path / name)
    with pytest.raises(DataError, match="There is no file"):
        store.merge(tmp_path / "none.jsonl")
    assert len(store) == 0


def test_one_name_is_one_annotators(place: str, tmp_path: Path) -> None:
    store = annotations.open(place, annotator="ada")
    store.record("1", "verdict", "correct")
    with pytest.raises(ArgumentError, match=r"'ada' is a human .* and a model now"):
        store.record("1", "verdict", "wrong label", kind="model")
    with annotations.open(place, annotator="llm", kind="model") as model:
        model.record("1", "verdict", "wrong label")
        with pytest.raises(ArgumentError, match="'llm' is a model"):
            store.record("1", "verdict", "correct", annotator="llm", kind="rule")
    store.rename("llm", "llm 2")
    kinds = store.frame()["kind"].to_dict()
    assert kinds == {("1", "ada"): "human", ("1", "llm 2"): "model"}
    other = annotations.open(tmp_path / "other.sqlite", annotator="ada")
    other.record("1", "verdict", "ambiguous")
    with pytest.raises(ArgumentError, match=r"source is named 'bob'.*'ada'"):
        store.merge(other, names={"bob": "ada 2"})
    with pytest.raises(ArgumentError, match="annotator must be text of 1"):
        store.merge(other, names={"ada": ""})
    names = {"ada": "another ada"}
    assert (store.merge(other, names=names), store.merge(other, names=names)) == (1, 0)
    verdicts = store.frame()["verdict"].to_dict()
    assert verdicts["1", "ada"] == "correct"
    assert verdicts["1", "another ada"] == "ambiguous"


def test_two_who_bear_one_name_overwrite_nothing(place: str) -> None:
    """Nothing tells them apart, so the last word holds, and the history has both."""
    for value in ("correct", "ambiguous"):
        with annotations.open(place, annotator="ada") as store:
            store.record("1", "verdict", value)
    assert store.frame()["verdict"].tolist() == ["ambiguous"]
    assert store.history()["value"].tolist() == ["correct", "ambiguous"]


def test_both_stores_and_every_file_give_the_same(
    server: Server, tmp_path: Path
) -> None:
    """Notes, values, instants and ids of every odd kind: one frame and one history."""
    east = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    autumn = ZoneInfo("Europe/Berlin")
    folds = [datetime(2026, 10, 25, 2, 30, tzinfo=autumn, fold=each) for each in (0, 1)]
    times = [east, *folds, datetime(2026, 10, 25, 1, tzinfo=UTC)]
    events = [
        make_event(
            example=("007", "9007199254740993", "a/b", "=1")[number % 4],
            field=("note", "verdict", "tag")[number % 3],
            value=text,
            annotator=f"@{number % 2}",
            time=times[number % 4] + timedelta(microseconds=number),
            latency=(float("nan"), 1.5, None)[number % 3],
            context={"blind": True, "note": text[:20]},
        )
        for number, text in enumerate([*ODD, "plain"] * 3)
    ]
    for event in events:
        assert event.context["note"] == (event.value or "")[:20]
    stores = [
        annotations.open(tmp_path / "a.sqlite"),
        annotations.open(server.new_database()),
    ]
    for store in stores:
        store.record_many(events)
    history, frame = stores[0].history(), stores[0].frame()
    assert history["time"].tolist() == sorted(event.time for event in events)
    assert history["time"][0] == pd.Timestamp("2026-03-01T07:00Z")
    endings = ("csv", "parquet", "jsonl")
    written = [
        store.export(tmp_path / f"{number}.{ending}")
        for number, store in enumerate(stores)
        for ending in endings
    ]
    for path in [*written, stores[1].backup(tmp_path / "b.sqlite")]:
        stores.append(annotations.open(f"{path}.again.sqlite"))
        assert stores[-1].merge(path) == len(events)
    for store in stores[1:]:
        pd.testing.assert_frame_equal(store.history(), history)
        pd.testing.assert_frame_equal(store.frame(), frame)
    sizes = {path.name: path.stat().st_size for path in written}
    print(f"\n{len(events)} events equal in {len(stores)} stores; bytes: {sizes}")

"""Two people never come under one name, and one is found by every name of theirs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from depthviz import annotations
from depthviz.annotations import Annotations
from depthviz.errors import ArgumentError

New = Callable[[], str]


def of(place: str, **said: str) -> Annotations:
    """A store in which these said that example x is so."""
    store = annotations.open(place, annotator="ada")
    for annotator, verdict in said.items():
        store.record("x", "verdict", verdict, annotator=annotator)
    return store


def test_nobody_takes_the_name_of_somebody_who_has_another_now(place: str) -> None:
    store = of(place, a="correct", b="wrong label")
    store.rename("a", "team")
    for taken in ("team", "a"):
        with pytest.raises(ArgumentError, match="annotator of this store already"):
            store.rename("b", taken)
    verdicts = store.frame()["verdict"].to_dict()
    assert verdicts == {("x", "team"): "correct", ("x", "b"): "wrong label"}


def test_the_name_of_now_is_as_good_as_the_first(place: str) -> None:
    store = of(place, a="correct")
    store.rename("a", "a2")
    assert store.rename("a2", "a3").annotator == "a2"
    assert store.frame().index.tolist() == [("x", "a3")]
    with pytest.raises(ArgumentError, match=r"named 'eve'\. There are: 'a3'"):
        store.rename("eve", "x")
    store.record("y", "verdict", "correct", annotator="a3")
    assert [each.example for each in store.undo(annotator="a2")] == ["y"]
    assert [each.example for each in store.redo(annotator="a")] == ["y"]
    assert [len(store.undo(annotator=f"a{each}")) for each in (3, 3, 2)] == [1, 1, 1]
    assert store.frame().index.tolist() == [("x", "a")]
    store.rename("a", "b")
    store.rename("b", "a")  # back to a name of one's own
    assert store.frame().index.tolist() == [("x", "a")]


def test_a_program_records_under_no_name_of_a_person(place: str) -> None:
    store = of(place, a="correct")
    store.rename("a", "a2")
    for name in ("a", "a2"):
        with pytest.raises(ArgumentError, match="is a human in this store"):
            store.record("y", "verdict", "correct", annotator=name, kind="model")


def test_times_rise_whatever_somebody_is_named(place: str) -> None:
    store = of(place, a="correct")
    ahead = store.record("y", "note", "x", annotator="a").time.replace(year=2990)
    store.record("y", "note", "y", annotator="a", time=ahead)
    store.rename("a", "a2")
    assert store.record("y", "note", "z", annotator="a2").time > ahead
    assert store.frame().loc[("y", "a2"), "note"] == "z"


def test_two_writers_do_not_give_one_name_twice(place: str) -> None:
    """What was looked up before the transaction may be old."""
    one, two = of(place, a="correct", b="wrong label"), annotations.open(place)
    two.frame()
    one.rename("a", "team")
    with pytest.raises(ArgumentError, match="already"):
        two.rename("b", "team")


@pytest.mark.parametrize("new", ["", "x" * 201, "a\0"])
def test_a_new_name_is_a_name(place: str, new: str) -> None:
    store = of(place, a="correct")
    with pytest.raises(ArgumentError):
        store.rename("a", new)
    assert store.frame().index.tolist() == [("x", "a")]


def test_what_is_merged_hides_nobody(new_place: New, tmp_path: Path) -> None:
    source = of(new_place(), ada2="correct")
    source.rename("ada2", "bob")
    for target, other in (
        (of(new_place(), bob="wrong label"), source),
        (source, of(new_place(), bob="wrong label")),
    ):
        before = target.frame()
        with pytest.raises(ArgumentError, match=r"both be named 'bob'.*Nothing was"):
            target.merge(other)
        assert target.frame().equals(before)
    wanted = {("x", "bob"): "wrong label", ("x", "zoe"): "correct"}
    for name in ("bob", "ada2"):
        target = of(new_place(), bob="wrong label")
        names = {name: "zoe"}
        assert target.merge(source, names=names) == 2
        assert target.frame()["verdict"].sort_index().to_dict() == wanted
        assert target.merge(source, names=names) == 0
    with pytest.raises(ArgumentError, match=r"named 'eve'.*'ada2', 'bob'"):
        target.merge(source, names={"eve": "x"})


def test_a_store_and_its_copy_know_each_others_names(
    new_place: New, tmp_path: Path
) -> None:
    store = of(new_place(), a="correct", b="wrong label")
    copy = annotations.open(store.backup(tmp_path / "copy.sqlite"), annotator="ada")
    copy.rename("a", "anna")
    store.record("y", "verdict", "correct", annotator="a")
    assert store.merge(copy) == 1
    assert {name for _, name in store.frame().index} == {"anna", "b"}
    assert (copy.merge(store), store.merge(copy)) == (1, 0)
    copy.rename("anna", "b2")
    store.rename("b", "b2")
    with pytest.raises(ArgumentError, match="both be named 'b2'"):
        store.merge(copy)


def test_one_person_is_merged_under_a_name_of_hers(new_place: New) -> None:
    store = of(new_place(), ada="correct")
    store.rename("ada", "Ada L.")
    other = annotations.open(new_place(), annotator="Ada L.")
    other.record("y", "verdict", "correct")
    with pytest.raises(ArgumentError, match=r"names=\{'Ada L.': .*one person, 'ada'"):
        store.merge(other)
    assert store.merge(other, names={"Ada L.": "ada"}) == 1
    assert store.frame().index.tolist() == [("x", "Ada L."), ("y", "Ada L.")]


def test_nobody_undoes_what_another_decided(place: str) -> None:
    store = of(place, a="correct")
    [event] = store.events()[0]
    store.record("x", "verdict", None, annotator="b", undoes=event.id)
    assert store.frame()["verdict"].to_dict() == {("x", "a"): "correct"}
    store.rename("a", "a2")
    store.record("x", "verdict", None, annotator="a2", undoes=event.id)
    assert store.frame().empty


def test_two_undoings_of_one_event_are_redone_at_once(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    event = store.record("x", "verdict", "correct")
    store.undo()
    store.record("x", "verdict", None, undoes=event.id)  # of another page
    assert len(store.redo()) == 2
    assert store.frame()["verdict"].tolist() == ["correct"]
    assert store.redo() == []


def test_an_event_says_what_was_said_before(place: str) -> None:
    store = annotations.open(place, annotator="ada")
    one, two = "d1" * 32, "d2" * 32
    store.record("x", "verdict", "correct")
    assert store.record("x", "verdict", "ambiguous").previous == "correct"
    assert store.record("x", "verdict", "correct", annotator="bob").previous is None
    assert store.undo()[0].value == "correct"
    store.rename("ada", "ada 2")
    given = [{"example": "x", "field": "verdict", "value": each} for each in "ab"]
    found = store.record_many([*given, {**given[0], "value": None}])
    assert [each.previous for each in found] == ["correct", "a", "b"]
    assert store.record("x", "verdict", "c").previous is None
    assert store.record("x", "verdict", "d", previous="mine").previous == "mine"
    store.record("5", "verdict", "a", data=one)
    assert store.record("5", "verdict", "b", data=two).previous is None
    assert store.record("5", "verdict", "b", data=one).previous == "a"
    store.record("x", "label", "a", data=one)
    assert store.record("x", "label", "b", data=two).previous == "a"

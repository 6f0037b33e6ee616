"""What may be decided is checked before anybody decides by it."""

import json
from pathlib import Path
from typing import Any

import pytest

from depthviz.annotations.schema import USUAL, read_schema, roles_of
from depthviz.errors import ArgumentError, DataError, FormatError


def verdict(**given: Any) -> dict[str, Any]:
    return {"verdicts": [{"value": "fine", **given}]}


def test_the_usual_verdicts_have_keys_and_one_relabels() -> None:
    read = read_schema()
    assert [each["value"] for each in read["verdicts"]] == [
        *("wrong label", "correct", "ambiguous", "not sure")
    ]
    assert [each["key"] for each in read["verdicts"]] == ["1", "2", "3", "4"]
    assert [each["relabels"] for each in read["verdicts"]] == [
        True,
        False,
        False,
        False,
    ]
    assert [each["value"] for each in read["verdicts"] if each["confirms"]] == [
        "correct"
    ]
    assert read_schema(read) == read == read_schema(USUAL)


def test_the_usual_names_say_what_they_say_of_the_label() -> None:
    read = read_schema({"verdicts": ["wrong label", "correct", "fine"]})
    assert roles_of(read) == {
        "wrong label": "relabels",
        "correct": "confirms",
        "fine": "",
    }
    given = {"value": "correct", "confirms": False}
    assert roles_of(read_schema({"verdicts": [given]})) == {"correct": ""}
    given = {"value": "correct", "relabels": True}
    assert roles_of(read_schema({"verdicts": [given]})) == {"correct": "relabels"}


def test_digits_are_given_to_nine_verdicts() -> None:
    read = read_schema({"verdicts": [f"v{number}" for number in range(11)]})
    assert "".join(each["key"] for each in read["verdicts"]) == "123456789"


def test_what_is_left_out_is_filled_in() -> None:
    read = read_schema(
        {"verdicts": ["good", {"value": "bad", "key": 1}], "tags": ["x"]}
    )
    good, bad = read["verdicts"]
    assert good == {
        "value": "good",
        "title": "good",
        "key": "2",
        "color": "",
        "relabels": False,
        "confirms": False,
    }
    assert (bad["key"], read["tags"]) == ("1", ["x"])


def test_a_file_of_json_or_toml_is_the_same(tmp_path: Path) -> None:
    given = verdict(title="Fine", key="k", color="#00FF00", relabels=True)
    plain, other = tmp_path / "s.json", tmp_path / "s.toml"
    plain.write_text(json.dumps(given))
    other.write_text(
        '[[verdicts]]\nvalue = "fine"\ntitle = "Fine"\nkey = "k"\n'
        'color = "#00FF00"\nrelabels = true\n'
    )
    read = read_schema(given)
    assert read_schema(plain) == read_schema(str(other)) == read
    assert read["verdicts"][0]["color"] == "#00ff00"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (3, "must be a dict with 'verdicts'"),
        ({}, "must have 'verdicts'"),
        ({"verdicts": []}, "must have 'verdicts'"),
        ({"verdicts": "correct"}, "must have 'verdicts'"),
        ({"verdicts": [3]}, "Verdict 1 of the schema must be a dict, got int"),
        ({"verdicts": ["a"], "colour": 1}, "unknown entry 'colour'"),
        ({"verdicts": ["a"], "version": 2}, "version 2"),
        ({"verdicts": [f"v{i}" for i in range(41)]}, "can have 40 verdicts, got 41"),
        ({"verdicts": ["a"], "tags": "x"}, "'tags' of the schema must be a list"),
        ({"verdicts": ["a"], "tags": [" "]}, "A tag of the schema must be text"),
        ({"verdicts": ["a", "a"]}, "Two verdicts have the value 'a'"),
        (
            {"verdicts": [{"value": "a", "key": "k"}, {"value": "b", "key": "K"}]},
            "Two verdicts have the key 'k'",
        ),
        (verdict(value=""), "The value of verdict 1 of the schema must be text"),
        (verdict(value="a\nb"), "printable"),
        (verdict(value="x" * 201), "1 to 200"),
        (verdict(value="disputed"), "cannot have the value 'disputed'"),
        (verdict(key="ab"), "must be one character, got 'ab'"),
        (verdict(key=" "), "cannot be a space"),
        (verdict(key="\n"), "must be one character"),
        (verdict(key="r"), "The key 'r' of 'fine' has another use"),
        (verdict(key="?"), "has another use in the Explorer. Free are the digits"),
        (verdict(key=True), "must be one character, got True"),
        (verdict(color="red"), "must be like '#0a5fbf', got 'red'"),
        (verdict(color=7), "must be like"),
        (verdict(relabels="yes"), "'relabels' of 'fine' must be True or False"),
        (verdict(confirms=1), "'confirms' of 'fine' must be True or False"),
        (verdict(confirms=True, relabels=True), "cannot both confirm the label and"),
        (verdict(key="="), "The key '=' of 'fine' has another use"),
        (verdict(key="0"), "Free are the digits 1 to 9"),
        (verdict(color2="red"), "unknown entry 'color2'"),
    ],
)
def test_what_is_wrong_is_said(given: object, words: str) -> None:
    with pytest.raises(
        ArgumentError, match=words.replace("(", r"\(").replace("?", r"\?")
    ):
        read_schema(given)


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        read_schema(tmp_path / "none.json")
    damaged = tmp_path / "damaged.json"
    damaged.write_text("{")
    with pytest.raises(FormatError, match="is no JSON"):
        read_schema(damaged)
    other = tmp_path / "damaged.toml"
    other.write_text("verdicts = ")
    with pytest.raises(FormatError, match="is no TOML"):
        read_schema(other)

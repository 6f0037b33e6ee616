"""Label Studio: tasks go there with scores, and what was decided there comes back."""

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from depthviz import annotations
from depthviz.errors import ArgumentError, DataError
from tests.paths import ROOT


def test_label_studio_gets_and_gives_back_the_same(tmp_path: Path) -> None:
    store = annotations.open(tmp_path / "a.sqlite", annotator="ada")
    store.record("a", "verdict", "wrong label", latency=2.5)
    store.record("a", "label", "cat")
    store.record("b", "tag", "dark")
    frame = pd.DataFrame({"depth": [3.0, 1.0], "suspicion": [0.5, None]}, ["a", "b"])
    tasks = json.loads(
        store.to_label_studio(tmp_path / "tasks.json", frame=frame).read_text()
    )
    assert [each["data"]["example_id"] for each in tasks] == ["a", "b"]
    assert {
        each["model_version"]: each["score"] for each in tasks[0]["predictions"]
    } == {
        "suspicion": 0.5,
        "depth": 3.0,
    }
    other = annotations.open(tmp_path / "other.sqlite", annotator="bob")
    assert (
        other.merge(tmp_path / "tasks.json"),
        other.merge(tmp_path / "tasks.json"),
    ) == (
        3,
        0,
    )
    columns = ["verdict", "label", "tags", "kind", "seconds"]
    pd.testing.assert_frame_equal(other.frame()[columns], store.frame()[columns])
    assert store.merge(tmp_path / "tasks.json") == 0


def test_what_was_decided_there_comes_in_once(tmp_path: Path) -> None:
    """As Label Studio writes it: another person, another verdict, its own fields."""
    store = annotations.open(tmp_path / "a.sqlite", annotator="ada")
    store.record("a", "verdict", "correct")
    tasks = json.loads(store.to_label_studio(tmp_path / "tasks.json").read_text())
    [task] = tasks
    task["annotations"][0]["result"][0]["value"]["choices"] = ["ambiguous"]
    task["annotations"][0]["updated_at"] = "2126-03-01T12:00:00Z"
    task["annotations"].append(
        {
            "completed_by": {"id": 3, "email": "bob@example.org"},
            "created_at": "2026-03-01T12:00:00.5Z",
            "lead_time": 4.0,
            "was_cancelled": False,
            "result": [
                {"from_name": "verdict", "value": {"choices": ["wrong label"]}},
                {"from_name": "label", "value": {"choices": ["cat"]}},
                {"from_name": "tags", "value": {"choices": ["dark", "blurry"]}},
                {"from_name": "note", "value": {"text": ["</script>"]}},
                {"from_name": "a box of theirs", "value": {"x": 1}},
            ],
        }
    )
    (tmp_path / "export.json").write_text(json.dumps(tasks))
    assert store.merge(tmp_path / "export.json") == 6
    assert store.merge(tmp_path / "export.json") == 0
    frame = store.frame()
    said = frame.loc[("a", "label-studio bob@example.org")]
    assert set(said["tags"]) == {"dark", "blurry"}
    assert said[["verdict", "label", "note", "seconds"]].tolist() == [
        "wrong label",
        "cat",
        "</script>",
        4.0,
    ]
    assert said["time"] == pd.Timestamp("2026-03-01T12:00:00.5Z")
    assert frame.loc[("a", "ada"), "verdict"] == "ambiguous"


def test_scores_are_numbers_or_not_there(tmp_path: Path) -> None:
    store = annotations.open(tmp_path / "a.sqlite", annotator="ada")
    frame = pd.DataFrame(
        {
            "depth": [3, 1],
            "suspicion": [float("nan"), 0.25],
            "validation_depth": [1.5, None],
            "name": ["x", None],
        },
        index=[7, 8],
    )
    path = store.to_label_studio(tmp_path / "tasks.json", frame=frame)
    tasks = json.loads(path.read_text(), parse_constant=pytest.fail)
    assert [task["data"]["example_id"] for task in tasks] == ["7", "8"]
    scores = [
        {each["model_version"]: each["score"] for each in task["predictions"]}
        for task in tasks
    ]
    assert scores == [
        {"depth": 3, "validation_depth": 1.5},
        {"suspicion": 0.25, "depth": 1},
    ]


def test_what_json_does_not_have_is_left_out(tmp_path: Path) -> None:
    store = annotations.open(tmp_path / "a.sqlite", annotator="ada")
    for kind in ("float32", "float64"):
        values = np.array([np.inf, -np.inf, np.nan, 0.5], kind)
        frame = pd.DataFrame({"suspicion": values}, [*"abcd"])
        path = store.to_label_studio(tmp_path / "tasks.json", frame=frame)
        tasks = json.loads(path.read_text(), parse_constant=pytest.fail)
        assert [len(each["predictions"]) for each in tasks] == [0, 0, 0, 1]
        assert [each["data"]["suspicion"] for each in tasks] == [None, None, None, 0.5]


def test_what_was_skipped_there_decides_nothing(tmp_path: Path) -> None:
    store = annotations.open(tmp_path / "a.sqlite", annotator="ada")
    said = {"result": [{"from_name": "verdict", "value": {"choices": ["correct"]}}]}
    given = [
        {**said, "completed_by": 1, "was_cancelled": True},
        {**said, "completed_by": 2, "was_cancelled": False},
    ]
    tasks = [{"data": {"example_id": "a"}, "annotations": given}]
    (tmp_path / "export.json").write_text(json.dumps(tasks))
    assert store.merge(tmp_path / "export.json") == 1
    assert store.frame().index.tolist() == [("a", "label-studio 2")]


def test_the_configuration_has_the_names_that_tasks_bear(tmp_path: Path) -> None:
    store = annotations.open(tmp_path / "a.sqlite", annotator="ada")
    for field, value in (("verdict", "fine"), ("label", 'a"<b>'), ("tag", "dark")):
        store.record("a", field, value)
    store.record("a", "note", "x")
    schema = {"verdicts": ["fine", "correct"], "tags": ["dark"]}
    text = store.label_studio_config(['a"<b>', "cat"], schema=schema)
    root = ElementTree.fromstring(text)
    controls = {each.get("name"): each for each in root if each.get("toName")}
    assert {each.get("toName") for each in controls.values()} == {"example"}
    assert root.find("Text").attrib == {"name": "example", "value": "$example_id"}
    [task] = json.loads(store.to_label_studio(tmp_path / "tasks.json").read_text())
    results = task["annotations"][0]["result"]
    assert {each["from_name"] for each in results} == {*controls}
    for each in results:
        control = controls[each["from_name"]]
        assert each["type"] == control.tag.lower()
        offered = [choice.get("value") for choice in control]
        assert {*each["value"].get("choices", [])} <= {*offered}
    pictures = store.label_studio_config(shows=("image", "url"))
    assert ElementTree.fromstring(pictures).find("Image").get("value") == "$url"
    assert store.label_studio_config().count("Choices name=") == 1
    with pytest.raises(ArgumentError, match="must be one of 'text', 'image'"):
        store.label_studio_config(shows=("sound", "url"))


def test_the_guide_shows_that_configuration(tmp_path: Path) -> None:
    store = annotations.open(tmp_path / "a.sqlite", annotator="ada")
    guide = (ROOT / "notebooks/annotations.md").read_text("utf-8")
    assert store.label_studio_config(["cat", "dog"]) in guide


@pytest.mark.parametrize("text", ["[1]", '[{"data": {}}]', '[{"data": {"example_id"'])
def test_what_is_no_export_merges_nothing(tmp_path: Path, text: str) -> None:
    store = annotations.open(tmp_path / "a.sqlite", annotator="ada")
    (tmp_path / "export.json").write_text(text)
    with pytest.raises(DataError):
        store.merge(tmp_path / "export.json")
    assert len(store) == 0

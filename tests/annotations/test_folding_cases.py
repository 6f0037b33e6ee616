"""Cases of folding that the page is tested by too: `js/tests/annotations`."""

import json
from typing import Any

import pytest

from depthviz.annotations import folding
from depthviz.annotations.events import read_event
from tests.paths import ROOT

CASES: list[dict[str, Any]] = json.loads(
    (ROOT / "js/tests/annotations/folding.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_events_amount_to_what_the_page_finds(case: dict[str, Any]) -> None:
    events = [read_event(each) for each in case["events"]]
    found = [
        {
            **{name: each.values.get(name) for name in ("verdict", "label", "note")},
            "example": each.example,
            "annotator": each.annotator,
            "kind": each.kind,
            "tags": each.tags,
            "seconds": each.seconds,
        }
        for each in folding.current(events)
    ]
    assert found == case["current"]
    for annotator, step in case["steps"].items():
        own = [event for event in events if event.annotator == annotator]
        assert [event.id for event in folding.last_done(own)] == step["done"]
        assert [event.id for event in folding.last_undone(own)] == step["undone"]

"""A view that annotates, and what a page sends to it."""

from typing import Any
from uuid import uuid4

import depthviz as dv
from depthviz.annotations.identifiers import new_identifier


class Pages:
    """A page that asks a view, and waits for its answers."""

    def __init__(self, view: dv.Explorer) -> None:
        self.view = view
        self.answers: list[dict[str, Any]] = []
        view.send = self._take

    def ask(self, **message: Any) -> dict[str, Any]:
        """Send a request, and return the answer to it."""
        before = len(self.answers)
        self.post({"type": "annotate", "id": uuid4().hex, **message})
        self.wait()
        assert len(self.answers) == before + 1
        return self.answers[-1]

    def post(self, message: object) -> None:
        self.view._answer(self.view, message, [])

    def wait(self) -> None:
        """Wait until all that was asked is answered."""
        desk = self.view._session.desk
        assert desk is not None
        if desk.clerk._thread is not None:
            desk.clerk._thread.submit(int).result()

    def keep(self, *events: dict[str, Any]) -> dict[str, Any]:
        return self.ask(act="keep", events=list(events))

    def _take(self, content: dict[str, Any], buffers: object = None) -> None:
        self.answers.append(content)


def event(**given: Any) -> dict[str, Any]:
    """An event as a page makes it."""
    return {
        "id": new_identifier(),
        "time": "2026-03-01T12:00:00.000001Z",
        "annotator": "jana",
        "kind": "human",
        "example": "0",
        "field": "verdict",
        "value": "correct",
        "previous": None,
        "data": "",
        "input": "",
        "context": {"view": "explorer"},
        "latency": 1.5,
        "undoes": None,
        "batch": None,
        **given,
    }

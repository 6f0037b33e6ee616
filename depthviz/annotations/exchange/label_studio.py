"""Tasks of Label Studio, both ways: what was decided here, and what was decided there.

Depth and suspicion travel as scores of a prediction, by which Label Studio orders its
tasks. A decision of ours bears its id in the `meta` of its result, so that what comes
back as it went is not taken twice.

References:
    https://labelstud.io/guide/task_format
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import pandas as pd

from depthviz.annotations.events import Event, make_event
from depthviz.annotations.folding import Decision
from depthviz.errors import ArgumentError, DataError

__all__ = ["from_tasks", "to_config", "to_tasks"]

_FROM = {"verdict": "verdict", "label": "label", "note": "note", "tag": "tags"}
_TYPES = {
    "verdict": "choices",
    "label": "choices",
    "tag": "choices",
    "note": "textarea",
}
_OBJECTS = {"text": "Text", "image": "Image", "html": "HyperText"}
_DATA = "data_sha256"
_SCORES = ("suspicion", "depth", "validation_depth")
_SPACE = uuid.UUID("6f8a5d0e-6d0c-4d7b-9a2b-6a5d8f0e7c11")


def to_tasks(
    decisions: Iterable[Decision],
    frame: pd.DataFrame | None = None,
    *,
    data: str | None = None,
) -> list[dict[str, Any]]:
    """Write decisions as tasks, one an example.

    Args:
        decisions: What annotators say now.
        frame: `study.frame()`: its columns travel as data, its scores as predictions.
        data: Fingerprint of the data set.

    Returns:
        Plain values, which `json.dumps` writes.
    """
    tasks: dict[str, dict[str, Any]] = {}
    if frame is not None:
        for example, row in zip(frame.index, frame.to_dict("records"), strict=True):
            plain = {str(name): _plain(value) for name, value in row.items()}
            plain |= {_DATA: data} if data else {}
            tasks[str(example)] = _task(str(example), plain)
    for decision in decisions:
        task = tasks.setdefault(decision.example, _task(decision.example, {}))
        if found := data or decision.last.data:
            task["data"][_DATA] = found
        task["annotations"].append(
            {
                "result": _results(decision),
                "lead_time": decision.seconds,
                "created_at": decision.last.time.isoformat(),
                "meta": {"annotator": decision.annotator, "kind": decision.kind},
            }
        )
    return list(tasks.values())


def to_config(
    schema: Mapping[str, Any], classes: Sequence[str], *, shows: tuple[str, str]
) -> str:
    """Write the labeling configuration whose names the tasks bear.

    Args:
        schema: What may be decided, read.
        classes: Names of the classes; none where no class is asked for.
        shows: What is shown of an example, "text", "image" or "html", and the column
            of the tasks that has it.

    Returns:
        XML.

    Raises:
        ArgumentError: If what is shown is none of these.
    """
    kind, column = shows
    if kind not in _OBJECTS:
        raise ArgumentError(
            f"What is shown must be one of {', '.join(map(repr, _OBJECTS))}, got "
            f"{kind!r:.80}."
        )
    verdicts = [each["value"] for each in schema["verdicts"]]
    shown = f'  <{_OBJECTS[kind]} name="example" value={quoteattr("$" + column)}/>'
    lines = [
        shown,
        *_choices(_FROM["verdict"], verdicts, several=False),
        *_choices(_FROM["label"], classes, several=False),
        *_choices(_FROM["tag"], schema["tags"], several=True),
        f'  <TextArea name="{_FROM["note"]}" toName="example"/>',
    ]
    return "\n".join(["<View>", *lines, "</View>", ""])


def _choices(name: str, values: Sequence[str], *, several: bool) -> list[str]:
    if not values:
        return []
    choice = "multiple" if several else "single"
    return [
        f'  <Choices name="{name}" toName="example" choice="{choice}">',
        *(f"    <Choice value={quoteattr(value)}/>" for value in values),
        "  </Choices>",
    ]


def _task(example: str, plain: Mapping[str, Any]) -> dict[str, Any]:
    predictions = [
        {"model_version": name, "score": plain[name], "result": []}
        for name in _SCORES
        if isinstance(plain.get(name), int | float)
    ]
    data = {"example_id": example, **plain}
    return {"data": data, "annotations": [], "predictions": predictions}


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA:
        return None
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None  # which JSON does not have
    return value if isinstance(value, bool | int | float | str) else str(value)


def _results(decision: Decision) -> list[dict[str, Any]]:
    said = {name: [value] for name, value in decision.values.items()}
    said |= {"tag": decision.tags} if decision.tags else {}
    return [
        {
            "from_name": _FROM[name],
            "to_name": "example",
            "type": _TYPES[name],
            "value": {"text" if name == "note" else "choices": values},
            "meta": {"ids": {each: decision.ids[name, each] for each in values}},
        }
        for name, values in said.items()
    ]


def from_tasks(text: str) -> list[Event]:
    """Read tasks that Label Studio exported as JSON.

    Args:
        text: The file's.

    Returns:
        An event for each decision in it; the same file gives the same ids.

    Raises:
        DataError: If it is none.
    """
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"The tasks are no JSON: {error}.") from error
    if not isinstance(tasks, list):
        raise DataError("An export of Label Studio is a list of tasks.")
    events = []
    for number, task in enumerate(tasks, 1):
        try:
            events += _read_task(task)
        except (ArgumentError, AttributeError, KeyError, TypeError) as error:
            raise DataError(
                f"Task {number:,} cannot be read: {error!s:.200} Nothing was merged."
            ) from error
    return events


def _read_task(task: Any) -> list[Event]:
    example = task["data"]["example_id"]
    about = {"example": str(example), "data": str(task["data"].get(_DATA) or "")}
    return [
        event
        for annotation in task.get("annotations") or []
        if not annotation.get("was_cancelled")  # skipped, whatever was clicked before
        for event in _read_annotation(about, annotation)
    ]


def _read_annotation(
    about: Mapping[str, str], annotation: Mapping[str, Any]
) -> list[Event]:
    meta = annotation.get("meta") or {}
    by = annotation.get("completed_by")
    by = by.get("email") or by.get("id") if isinstance(by, Mapping) else by
    annotator = meta.get("annotator") or f"label-studio {by}"
    fields = {there: here for here, there in _FROM.items()}
    when = annotation.get("updated_at") or annotation.get("created_at")
    seconds = annotation.get("lead_time")
    read: list[Event] = []
    for result in annotation.get("result") or []:
        field = fields.get(result.get("from_name"))
        if field is None:
            continue
        ids = (result.get("meta") or {}).get("ids") or {}
        for value in _values(result["value"]):
            same = json.dumps([about["example"], annotator, field, value, when])
            read.append(
                make_event(
                    id=ids.get(value) or str(uuid.uuid5(_SPACE, same)),
                    **about,
                    field=field,
                    value=value,
                    annotator=annotator,
                    kind=meta.get("kind", "human"),
                    time=when.replace("Z", "+00:00") if when else None,
                    latency=None if read else seconds,  # once, however much was said
                )
            )
    return read


def _values(value: Mapping[str, Any]) -> Sequence[str]:
    found = value.get("choices") or value.get("text") or []
    return [found] if isinstance(found, str) else list(found)

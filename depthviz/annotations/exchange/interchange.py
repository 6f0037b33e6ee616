"""Events as files that others read, and back: JSON Lines, CSV, Parquet, a page's log.

What is written reads back equal. In CSV, a text that a spreadsheet would take for a
formula bears an apostrophe in front, which is taken off again.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from depthviz.annotations.events import Event, read_event, to_record
from depthviz.annotations.exchange import label_studio
from depthviz.errors import ArgumentError, DataError, DependencyError
from depthviz.machine.disk.failures import reading, writing
from depthviz.machine.files import write_atomically
from depthviz.machine.paths import local_path

__all__ = ["read_file", "to_table", "write_file", "write_text"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_STORES = (".sqlite", ".sqlite3", ".db")
_HEADER = b"SQLite format 3\0"
_ENDINGS = (".jsonl", ".csv", ".parquet")
_TEXTS = ("example", "field", "value", "annotator", "kind", "previous", "data", "input")


def to_table(events: Sequence[Event]) -> pd.DataFrame:
    """Put events into a table, one row each, with the fields of an `Event`."""
    names = list(Event.__dataclass_fields__)
    table = pd.DataFrame(
        {name: [getattr(event, name) for event in events] for name in names},
        dtype=object,
    )
    table["time"] = pd.to_datetime(table["time"], utc=True)
    table["latency"] = table["latency"].astype(float)
    return table


def write_file(events: Sequence[Event], path: str | os.PathLike[str]) -> Path:
    """Write events to a file of the kind that its name ends in."""
    target = local_path(path)
    writers: dict[str, Callable[[Sequence[Event]], str | bytes]] = {
        ".jsonl": _to_lines,
        ".csv": _to_csv,
        ".parquet": _to_parquet,
    }
    if target.suffix not in writers:
        raise ArgumentError(
            f"The name must end in one of {', '.join(_ENDINGS)}, got {target.name!r}."
        )
    with writing(target):
        write_atomically(target, writers[target.suffix](events))
    return target


def write_text(text: str, path: str | os.PathLike[str]) -> Path:
    """Write text to a file, as a whole."""
    target = local_path(path)
    with writing(target):
        write_atomically(target, text)
    return target


def read_file(
    path: str | os.PathLike[str], *, open_store: Callable[..., Any]
) -> list[Event]:
    """Read events from a store, or from a file of any kind that is written here.

    Args:
        path: The file.
        open_store: Opens a store by its path.

    Returns:
        Its events.

    Raises:
        DataError: If it holds no events, or one that is none.
    """
    source = local_path(path)
    with reading(source):
        if not source.is_file():
            raise DataError(f"There is no file {source}.")
        if source.suffix in _STORES or _is_store(source):
            with open_store(source) as store:
                events: list[Event] = store.events()[0]
                return events
        if source.suffix == ".parquet":
            records: Iterable[Mapping[str, Any]] = _from_parquet(source)
        else:
            text = source.read_bytes().decode("utf-8-sig", "replace")
            if source.suffix == ".json":
                return label_studio.from_tasks(text)
            read = _from_csv if source.suffix == ".csv" else _from_lines
            records = read(text, source)
    return [_read(record, number, source) for number, record in enumerate(records, 1)]


def _is_store(source: Path) -> bool:
    """Whether a file is a database, whatever its name ends in."""
    with source.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def _read(record: Any, number: int, source: Path) -> Event:
    try:
        if not isinstance(record, Mapping) or not record.get("id"):
            raise ArgumentError("it is no event with an id.")
        return read_event(record)
    except ArgumentError as error:
        raise DataError(
            f"Event {number:,} of {source} cannot be read: {error} Nothing was merged."
        ) from error


def _plain(event: Event) -> dict[str, Any]:
    """An event as values of a file, the instant in ISO 8601."""
    return to_record(event) | {"time": event.time.isoformat()}


def _to_lines(events: Sequence[Event]) -> str:
    return "".join(
        json.dumps({**_plain(event), "context": dict(event.context)}) + "\n"
        for event in events
    )


def _from_lines(text: str, source: Path) -> list[Any]:
    lines = [line for line in text.split("\n") if line.strip()]
    records = []
    for number, line in enumerate(lines, 1):
        try:
            records.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise DataError(
                f"Line {number:,} of {source} is no JSON: {error}. Nothing was merged."
            ) from error
    return records


def _to_csv(events: Sequence[Event]) -> str:
    held = io.StringIO()
    writer = csv.writer(held, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(Event.__dataclass_fields__)
    for event in events:
        writer.writerow([_cell(*item) for item in _plain(event).items()])
    return held.getvalue()


def _cell(name: str, value: object) -> str:
    """None is an empty cell, and empty text an apostrophe alone."""
    if value is None:
        return ""
    text = str(value)
    if name in _TEXTS and (text == "" or text.startswith((*_FORMULA, "'"))):
        return f"'{text}"
    return text


def _from_csv(text: str, source: Path) -> list[dict[str, Any]]:
    csv.field_size_limit(2**27)
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        names = next(rows, [])
        return [dict(zip(names, map(_value, row), strict=False)) for row in rows if row]
    except csv.Error as error:
        raise DataError(f"{source} is no CSV: {error}. Nothing was merged.") from error


def _value(cell: str) -> str | None:
    if cell == "":
        return None
    return cell[1:] if cell.startswith("'") else cell


def _to_parquet(events: Sequence[Event]) -> bytes:
    held = io.BytesIO()
    names = list(Event.__dataclass_fields__)
    table = pd.DataFrame([_plain(event) for event in events], columns=names)
    table["time"] = pd.to_datetime(table["time"], utc=True, format="ISO8601")
    try:
        table.to_parquet(held, index=False)
    except ImportError as error:
        raise DependencyError("Parquet needs pyarrow: pip install pyarrow.") from error
    return held.getvalue()


def _from_parquet(source: Path) -> list[dict[str, Any]]:
    try:
        table = pd.read_parquet(source)
    except ImportError as error:
        raise DependencyError("Parquet needs pyarrow: pip install pyarrow.") from error
    except (ValueError, OSError) as error:
        raise DataError(f"{source} is no Parquet: {error}.") from error
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [
        {
            str(name): value.isoformat() if isinstance(value, pd.Timestamp) else value
            for name, value in row.items()
        }
        for row in rows
    ]

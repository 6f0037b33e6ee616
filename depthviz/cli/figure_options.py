"""From the words of `depthviz figure` to what a chart takes by keyword."""

import argparse
import csv
import inspect
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pandas as pd

from depthviz.cli.figure_words import LOOK
from depthviz.errors import ArgumentError
from depthviz.machine.disk.failures import reading
from depthviz.study import Study

__all__ = ["read_chart_options", "read_look"]

TRUTH = {"true": True, "yes": True, "false": False, "no": False}
NONE = "none"
MOST_SHOWN = 40


def read_look(options: argparse.Namespace) -> dict[str, Any]:
    """Take the options that every chart has.

    Args:
        options: As the parser reads them.

    Returns:
        Those that were given.
    """
    return {
        name: value for name in LOOK if (value := getattr(options, name)) is not None
    }


def read_chart_options(
    options: argparse.Namespace,
    function: Callable[..., Any],
    study: Study | Mapping[str, Study],
) -> dict[str, Any]:
    """Read what this chart or table takes besides its look.

    Args:
        options: As the parser reads them.
        function: A chart, or the table of one.
        study: What it is drawn of; several by their names.

    Returns:
        Keyword arguments.

    Raises:
        ArgumentError: If it does not take one, or a value is none for it.
    """
    hints = get_type_hints(function)
    known = {
        name: hints[name]
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    found: dict[str, Any] = {}
    for name, text in _given(options).items():
        if name not in known:
            listed = ", ".join(known) or "nothing"
            raise ArgumentError(
                f"{options.name} takes no {name!r}; besides its look it takes: "
                f"{listed}."
            )
        found[name] = (
            text if isinstance(text, list) else _value(name, text, known[name])
        )
    if "examples" in found:
        which = found["examples"]
        found["examples"] = (
            _examples(study, which)
            if isinstance(study, Study)
            else {name: _examples(one, which) for name, one in study.items()}
        )
    return found


def _given(options: argparse.Namespace) -> dict[str, str | list[str]]:
    names = ("examples", "by", "classes")
    given = {
        name: value for name in names if (value := getattr(options, name)) is not None
    }
    for pair in options.set:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise ArgumentError(f"--set takes OPTION=VALUE, got {pair!r}.")
        if name in LOOK:
            way = name.replace("_", "-")
            raise ArgumentError(f"Every chart has {name!r}: give it as --{way}.")
        given[name.replace("-", "_")] = text
    return given


def _value(name: str, text: str, hint: Any) -> Any:
    """Read one value as the annotation says; "none" where there may be none."""
    kinds = get_args(hint) if type(None) in get_args(hint) else (hint,)
    if text.lower() == NONE and type(None) in kinds:
        return None
    kind = next(one for one in kinds if one is not type(None))
    try:
        if kind is bool:
            return TRUTH[text.lower()]
        if kind in (int, float):
            return kind(text)
    except (ValueError, KeyError):
        wanted = {bool: "true or false", int: "a whole number", float: "a number"}
        raise ArgumentError(f"{name} must be {wanted[kind]}, got {text!r}.") from None
    several = isinstance(get_origin(kind), type) and hasattr(
        get_origin(kind), "__iter__"
    )
    return _names(name, text) if several else text


def _names(name: str, text: str) -> list[str]:
    if not text.startswith("["):
        return next(csv.reader([text], skipinitialspace=True))
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ArgumentError(f'{name} must be as a,b or ["a", "b"], got {text!r}.')
    return found


def _examples(study: Study, which: str) -> Any:
    """Read which examples: ids of a file, else a query."""
    path = Path(which)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    return _ids(study, path) if is_file else _mask(study, which)


def _ids(study: Study, path: Path) -> list[Any]:
    with reading(path):
        text = path.read_text("utf-8-sig")
    lines = list(csv.reader(text.splitlines()))
    if lines and "example_id" in lines[0]:
        column = lines[0].index("example_id")
        names = [line[column] for line in lines[1:] if len(line) > column]
    else:
        names = [line.strip() for line in text.splitlines() if line.strip()]
    known = {str(one): one for one in study.dataset["example_id"].values.tolist()}
    for name in names:
        if name not in known:
            raise ArgumentError(
                f"{path} names {name!r}, which is the id of no example of this study. "
                "It must hold an id a line, or be a CSV with a column example_id."
            )
    return [known[name] for name in dict.fromkeys(names)]


def _mask(study: Study, query: str) -> Any:
    frame = study.frame()
    try:
        found = frame.eval(query, engine="python", local_dict={}, global_dict={})
        if isinstance(found, pd.Series) and found.dtype in ("bool", "boolean"):
            return found.fillna(value=False).to_numpy(bool)
        why = "it does not say of each example whether it is one"
    except Exception as error:  # of pandas and of Python's own parser, of many kinds
        why = " ".join(str(error).split()) or type(error).__name__
    listed = ", ".join(map(str, frame.columns[:MOST_SHOWN]))
    more = "…" if len(frame.columns) > MOST_SHOWN else ""
    raise ArgumentError(
        f"--examples {query!r} is no file, and cannot be read as a query: {why}. "
        f"Columns: {listed}{more}."
    )

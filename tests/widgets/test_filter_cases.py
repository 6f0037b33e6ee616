"""Filters mean the same in Python, in the code that a view writes, and in the page.

The cases are shared: `js/tests/store/filters/filter_cases.test.ts` holds the page's
store to the same file.
"""

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import depthviz as dv
from depthviz.study.table import DERIVED, SPLITS
from depthviz.widgets.payload.pack import pack_study
from tests.paths import ROOT
from tests.widgets.code_runner import run

CASES = ROOT / "js" / "tests" / "store" / "filters" / "filters.json"
STUDIES: list[dict[str, Any]] = json.loads(CASES.read_text("utf-8"))
EACH = [
    pytest.param(number, case, id=f"{number}-{case['what']}")
    for number, study in enumerate(STUDIES)
    for case in study["cases"]
]


@cache
def explorer_of(number: int) -> dv.Explorer:
    return dv.explore(study_of(number))


@cache
def study_of(number: int) -> dv.Study:
    """The study that the file describes, with members where it has groups."""
    described = STUDIES[number]
    columns = {
        column["name"]: variable_of(column, described)
        for column in described["columns"]
        if column["name"] not in DERIVED
    }
    coordinates = {
        "example_id": columns.pop("example_id"),
        "probe": described["probes"],
        "class": described["classes"],
    }
    if described["plane"]:
        columns["member_failed"] = xr.DataArray([-1, -1], dims="member")
    return dv.Study(xr.Dataset(columns, coordinates))


def variable_of(column: dict[str, Any], described: dict[str, Any]) -> xr.DataArray:
    values, attributes = column["values"], {}
    if column["kind"] == "class":
        values = [-1 if value is None else value for value in values]
    elif column["kind"] == "number" and not column.get("integer"):
        depth = np.float32 if column["name"].endswith("_depth") else float
        values = np.array([np.nan if v is None else v for v in values], depth)
    elif column["name"] == "split":
        values = np.array(list(map(SPLITS.index, values)), np.uint8)
    elif column["name"] == "group":
        attributes = described["plane"]
        names = [*attributes["names"], None]
        values = np.array([names.index(value) for value in values], np.uint8)
    elif column["kind"] == "text" or isinstance(values[0], str):
        values = np.array(values, object)
    return xr.DataArray(values, dims="example", attrs=attributes)


@pytest.mark.parametrize("number", range(len(STUDIES)))
def test_the_page_has_the_columns_of_the_cases(number: int) -> None:
    pack = pack_study(study_of(number))
    infos = {column["name"]: column for column in pack.manifest["columns"]}
    names = {column["name"] for column in STUDIES[number]["columns"]}
    numbered = all(name.isdecimal() for name in study_of(number).classes)
    named = "label" in study_of(number).dataset and not numbered
    assert set(infos) == (names | {"label_name"} if named else names)
    for column in STUDIES[number]["columns"]:
        info = infos[column["name"]]
        for key in ("kind", "categories", "integer", "truth"):
            assert info.get(key) == column.get(key), (column["name"], key)
        assert pack.chunks[f"column/{column['name']}"] == bytes_of(column)


def bytes_of(column: dict[str, Any]) -> bytes:
    """What vitest makes of the column, made by the obvious rule."""
    values, names = column["values"], column.get("categories")
    if column["kind"] == "number":
        return np.array([np.nan if v is None else v for v in values], "<f4").tobytes()
    if column["kind"] == "class":
        codes = [65535 if value is None else value for value in values]
        return np.array(codes, "<u2").tobytes()
    if column["kind"] == "category":
        truth = column.get("truth")
        texts = [names[v] if truth else None if v is None else str(v) for v in values]
        return bytes([255 if text is None else names.index(text) for text in texts])
    if isinstance(values[0], int):
        return np.array(values, "<i4").tobytes()
    texts = ["" if value is None else value for value in values]
    return json.dumps(texts, ensure_ascii=False).encode()


@pytest.mark.parametrize(("number", "case"), EACH)
def test_what_is_shown_and_what_the_code_finds(
    number: int, case: dict[str, Any]
) -> None:
    explorer = explorer_of(number)
    plane = STUDIES[number]["plane"] or {"boundaries": None}
    boundaries = case.get("boundaries", plane["boundaries"])
    explorer.ui_state = {"filters": case["filters"], "boundaries": boundaries}
    assert explorer.shown.index.tolist() == case["shown"]
    found = run(explorer.code(), explorer.study)
    pd.testing.assert_index_equal(found.index, explorer.shown.index)
    if "boundaries" not in case:
        pd.testing.assert_frame_equal(found, explorer.shown)


@pytest.mark.parametrize(("number", "case"), EACH)
def test_filters_are_read_and_written_as_a_person_does(
    number: int, case: dict[str, Any]
) -> None:
    explorer = explorer_of(number)
    explorer.ui_state = {"filters": case["filters"]}
    kept = case.get("kept", case["filters"])
    named = explorer.filters
    if "named" in case:
        assert named == case["named"]
    assert list(named) == list(kept)
    explorer.filters = {}
    explorer.filters = named
    assert explorer.ui_state["filters"] == kept
    assert explorer.filters == named

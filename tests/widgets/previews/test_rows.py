"""Rows reach the page a field a line, what differs most from the neighbors first."""

import json

import numpy as np
import pandas as pd

import depthviz as dv
from depthviz.study import Study
from depthviz.widgets.pages.page_payload import fit_payload
from depthviz.widgets.payload.pack import pack_study
from tests.studies import repeated, vector_study

DRAW = np.random.default_rng(0)


def tabled(count: int = 12, columns: int = 4) -> Study:
    table = pd.DataFrame({f"c{i}": DRAW.normal(size=count) for i in range(columns)})
    table["kind"] = ["red"] * (count - 1) + ["white"]
    table["bold"] = [row == 3 for row in range(count)]
    table["number"] = [1_000 + row if row else None for row in range(count)]
    return vector_study(count).with_preview(table)


def test_the_field_that_differs_most_stands_first() -> None:
    study = tabled()
    pack = pack_study(study)
    assert pack.manifest["previews"] == ["row"]
    assert pack.manifest["rows"] == {"per_block": 256, "fields": 7}
    entries = json.loads(pack.chunks["row/0"])
    assert len(entries) == 12
    for entry in entries:
        far = [field[3] for field in entry["row"]]
        assert far == sorted(far, reverse=True)
        assert len(far) == 7
    fields = {name: rest for name, *rest in entries[11]["row"]}
    assert fields["kind"][:2] == ["white", "red"]
    assert fields["kind"][2] == 3
    assert fields["bold"][0] == "no"
    assert {name: value for name, value, *_ in entries[0]["row"]}["number"] == "missing"


def test_columns_stay_columns_that_filter_and_sort() -> None:
    pack = pack_study(tabled())
    assert {"column/c0", "column/kind"} <= set(pack.chunks)


def test_a_page_that_is_too_small_keeps_the_fields_that_differ_most() -> None:
    data = repeated(vector_study(40).dataset, 2_000)
    wide = {f"column {i}": DRAW.normal(size=2_000) for i in range(40)}
    study = Study(data).with_preview(wide)
    pack = pack_study(study)
    whole = fit_payload(study, pack)
    small = fit_payload(study, pack, max_bytes=700_000)
    assert whole.left_out == ""
    assert "fields that differ most of 40" in small.left_out
    assert sum(map(len, small.chunks.values())) < 700_000


def test_texts_come_before_rows() -> None:
    study = tabled().assign(text=["so"] * 12)
    assert pack_study(study).manifest["previews"] == ["text"]
    assert dv.explore(tabled())._esm == dv.explore(study)._esm


def test_infinite_numbers_leave_a_chunk_that_browsers_read() -> None:
    ratio = [np.inf, -np.inf, np.nan, *range(9)]
    study = vector_study().with_preview({"ratio": ratio, "all": [np.inf] * 12})

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    chunk = pack_study(study).chunks["row/0"]
    entries = json.loads(chunk, parse_constant=refuse)
    fields = [{name: value for name, value, *_ in one["row"]} for one in entries]
    assert [one["ratio"] for one in fields[:4]] == ["inf", "-inf", "missing", "0"]


def test_numbers_are_written_as_people_write_them() -> None:
    table = {"area": [12_345.6] * 12, "count": [41_000, None] * 6, "half": [0, 1] * 6}
    chunk = pack_study(vector_study().with_preview(table)).chunks["row/0"]
    fields = {name: value for name, value, *_ in json.loads(chunk)[0]["row"]}
    assert fields == {"area": "12,346", "count": "41,000", "half": "0"}

"""The report states what the study holds."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import depthviz as dv
from depthviz.errors import DataError
from depthviz.reports import probe_table, provenance_table
from tests.studies import tiny_study, vector_study


def test_probe_table_counts_every_decided_example_once() -> None:
    study = tiny_study()
    table = probe_table(study)
    assert table["probe"].tolist() == list(study.probes)
    decided = (~study.frame()["undecided"]).mean()
    np.testing.assert_allclose(table["settled"].sum(), decided)
    assert table["agreement"].between(0, 1).all()


def test_report_states_the_findings(tmp_path: Path) -> None:
    study = tiny_study()
    text = dv.report(study, tmp_path / "report.html").read_text(encoding="utf-8")
    undecided = int(study.frame()["undecided"].sum())
    assert "80 examples" in text
    assert f"{undecided} (" in text
    wrong = (~study.frame()["correct"]).groupby(study.frame()["split"]).sum()
    assert f"for {wrong['train']} of 60 train examples" in text
    assert f"and {wrong['validation']} of 20 validation examples" in text
    assert study.dataset.attrs["data_sha256"] in text


def test_report_says_which_examples_its_shares_are_over(tmp_path: Path) -> None:
    held_out = dv.report(tiny_study(), tmp_path / "a.html").read_text("utf-8")
    assert "over the validation examples" in held_out
    all_trained = dv.report(vector_study(), tmp_path / "b.html").read_text("utf-8")
    assert "over the train examples" in all_trained


def test_own_words_and_tables_stand_in_the_page_escaped(tmp_path: Path) -> None:
    table = pd.DataFrame({"score": ["a & b"], "AUROC": ["0.991"], "share": [0.25]})
    text = dv.report(
        tiny_study(),
        tmp_path / "report.html",
        introduction="3 < 4 of them.",
        notes={"What <we> found": ["Two & two.", table], "More": []},
    ).read_text("utf-8")
    above, below = text.split("<div data-depthviz-mount>")
    assert ">3 &lt; 4 of them.</p>" in above
    assert above.index("3 &lt; 4") < above.index("Findings</h2>")
    head = below.index("<h3>What &lt;we&gt; found</h3>\n<p>Two &amp; two.</p>")
    assert head < below.index("How this was measured")
    assert "<th>AUROC</th>" in below
    assert "<td>a &amp; b</td><td>0.991</td>" in below
    assert "25.0%" in below


def test_provenance_lists_whatever_a_study_carries() -> None:
    study = tiny_study()
    tagged = dv.Study(study.dataset.assign_attrs(tags=["a", "b"]))
    table = provenance_table(tagged).set_index("what")["value"]
    assert table["tags"] == "a, b"
    assert table["probes"].startswith("input, conv1 (norm1), conv2 (norm2)")


def test_provenance_says_the_side_and_the_call_of_each_probe() -> None:
    study = tiny_study()
    probes = [dict(each) for each in study.dataset.attrs["probes"]]
    probes[1] |= {"module": probes[1]["name"], "at": "input"}
    probes[2] |= {"module": "c.d", "at": "input", "call": 2, "pool": "mean"}
    told = dv.Study(study.dataset.assign_attrs(probes=probes))
    facts = provenance_table(told).set_index("what")["value"]
    said = "conv1 (into conv1), conv2 (into call 2 of c.d, pooled: mean)"
    assert said in facts["probes"]


def test_what_was_on_the_disk_and_how_it_was_searched_is_listed() -> None:
    facts = provenance_table(vector_study()).set_index("what")["value"]
    assert facts["search"] == "exact"
    assert facts["on disk"] == "none"
    assert facts["scratch type"] == "float32"
    spilled = provenance_table(vector_study(memory_limit=1)).set_index("what")["value"]
    assert spilled["on disk"] == "input, softmax"


def test_the_recall_of_an_approximate_search_stands_next_to_each_probe(
    tmp_path: Path,
) -> None:
    study = vector_study()
    assert "search_recall" not in probe_table(study)
    assert "Search recall" not in dv.report(study, tmp_path / "a.html").read_text(
        "utf-8"
    )
    recall = ("probe", np.array([0.75, 1.0], np.float32))
    approximate = dv.Study(study.dataset.assign(search_recall=recall))
    assert probe_table(approximate)["search_recall"].tolist() == [0.75, 1.0]
    page = dv.report(approximate, tmp_path / "b.html").read_text("utf-8")
    assert "75.0%" in page
    assert "Search recall: share of the nearest neighbors" in page


def test_report_escapes_its_title(tmp_path: Path) -> None:
    path = dv.report(tiny_study(), tmp_path / "r.html", title="<script>alert(1)")
    text = path.read_text(encoding="utf-8")
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_report_of_a_study_without_pictures_or_map(tmp_path: Path) -> None:
    assert dv.report(vector_study(), tmp_path / "r.html").stat().st_size > 10_000


def test_report_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="got the folder"):
        dv.report(tiny_study(), tmp_path)

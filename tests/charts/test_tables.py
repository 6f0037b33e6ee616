"""Tables as files: every text literal, numbers as people read them (E1)."""

import csv
import errno
import html
import io
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from depthviz import charts, reports
from depthviz.charts import save_table
from depthviz.charts.output.table_cells import to_latex
from depthviz.errors import ArgumentError, DataError, DiskError
from depthviz.machine import files
from tests.charts.studies import study_named
from tests.charts.test_hostile import HOSTILE

KINDS = ("tex", "html", "md", "csv")
TEX = r"a\b~c^d_%&#$"
ESCAPED = (
    r"a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d\_\%\&\#\$"  # as expected
)


def table_of(text: str) -> pd.DataFrame:
    """Make a table with a text as its column, its cell and that of a number."""
    return pd.DataFrame({text: [text, "cat"], "share": [0.25, np.nan]})


def written(table: pd.DataFrame, path: Path, **options: object) -> str:
    return save_table(table, path, **options).read_text("utf-8")  # type: ignore[arg-type]


def test_latex_escapes_what_it_would_obey(tmp_path: Path) -> None:
    text = written(table_of(TEX), tmp_path / "a.tex", caption=TEX)
    assert text.count(ESCAPED) == 3
    assert to_latex("<{}> | `--` …") == (
        r"\textless{}\{\}\textgreater{} \textbar{} "
        r"\textasciigrave{}-{}-\textasciigrave{} \ldots{}"
    )


def test_a_row_that_begins_with_a_bracket_is_no_option_of_the_row_before(
    tmp_path: Path,
) -> None:
    text = written(pd.DataFrame({"[a]": ["[1]", "*"]}), tmp_path / "a.tex")
    assert re.findall(r"(?m)^\{.*", text) == [
        r"{[}a] \\",
        r"{[}1] \\",
        r"{*} \\",
    ]


def test_latex_is_booktabs_with_numbers_at_the_right(tmp_path: Path) -> None:
    table = reports.group_table(study_named("ensemble"))
    text = written(table, tmp_path / "a.tex", caption="Groups", label="tab:groups")
    numbers = sum(kind.kind in "if" for kind in table.dtypes)
    assert f"\\begin{{tabular}}{{l{'r' * numbers}}}\n\\toprule\nGroup & " in text
    assert text.startswith("% Needs \\usepackage{booktabs}\n\\begin{table}\n\\center")
    assert text.index("\\caption{Groups}") < text.index("\\label{tab:groups}")
    assert text.count(" \\\\\n") == 1 + len(table)
    assert text.endswith("\\bottomrule\n\\end{tabular}\n\\end{table}\n")
    bare = written(table, tmp_path / "a.tex")
    assert "\\begin{table}" not in bare


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs LaTeX")
def test_latex_compiles(tmp_path: Path) -> None:
    for name, table in {
        "odd": table_of(TEX + HOSTILE),
        "brackets": pd.DataFrame(
            {"[a]": ["[1]", "*", "", "- -- ?`"], "n": [1, -2, 3, 4]}
        ),
        "groups": reports.group_table(study_named("ensemble")),
    }.items():
        text = written(table, tmp_path / "a.tex", caption=TEX, label=f"tab:{name}")
        page = "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n"
        (tmp_path / f"{name}.tex").write_text(f"{page}{text}\\end{{document}}\n")
        done = subprocess.run(
            ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", name],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-600:].decode("latin-1")


def test_html_shows_names_literally_and_loads_nothing(tmp_path: Path) -> None:
    text = written(table_of(HOSTILE), tmp_path / "a.html", caption=HOSTILE)
    assert "<script" not in text
    assert "<img" not in text
    assert text.count(html.escape(HOSTILE)) == 4  # title, caption, column, cell
    assert "default-src &#x27;none&#x27;" in text
    assert "http://" not in text.replace("http-equiv", "")
    assert "color-scheme: light dark" in text
    assert '<td class="number">25.0%</td>' in text
    assert '<td class="number">\N{EN DASH}</td>' in text
    assert '<th scope="col" class="number">Share</th>' in text


def test_markdown_shows_names_literally(tmp_path: Path) -> None:
    text = written(table_of("<b>a|b*c</b>"), tmp_path / "a.md")
    assert text.splitlines()[2] == r"| &lt;b&gt;a\|b\*c&lt;/b&gt; | 25.0% |"


def test_csv_holds_the_numbers_and_no_formula(tmp_path: Path) -> None:
    names = ["=1+1", "@x", "+cmd|' /C calc'", "-1", "a,b", 'say "a"', "\tx", "é\n2"]
    table = pd.DataFrame({"=name": names, "share": np.linspace(0, 1, 8) / 3})
    path = save_table(table, tmp_path / "a.csv")
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["'=name", "share"]
    assert [row[0] for row in rows] == [
        f"'{name}" if name[0] in "=@+\t" else name for name in names
    ]
    assert [float(row[1]) for row in rows] == table["share"].tolist()


def test_a_table_of_each_chart_and_report_is_written_in_each_kind(
    tmp_path: Path,
) -> None:
    study = study_named("planted labels")
    tables = [
        reports.group_table(study),
        reports.member_table(study),
        reports.probe_table(study),
        reports.provenance_table(study),
        charts.group_accuracy_table(study),
        charts.suspect_precision_table(study),
        study.frame().head(),
    ]
    for table in tables:
        for kind in KINDS:
            text = written(table, tmp_path / f"a.{kind}")
            assert "nan" not in text.lower().replace("provenance", "")
    found = pd.read_csv(io.StringIO(text))
    assert found["example_id"].tolist() == study.frame().index[:5].tolist()


def cells(table: pd.DataFrame, tmp_path: Path, **options: object) -> list[str]:
    text = written(table, tmp_path / "a.md", **options)
    return next(line.strip("| ").split(" | ") for line in text.splitlines()[2:])


def test_shares_are_percentages_and_what_is_none_is_not(tmp_path: Path) -> None:
    row = {"share": 0.125, "low": 0.1, "train_depth": 1.5, "aum": -12.345, "n": 12345}
    assert cells(pd.DataFrame([row]), tmp_path) == [
        "12.5%",
        "10.0%",
        "1.50",
        "\N{MINUS SIGN}12.3",
        "12,345",
    ]
    entropy = pd.DataFrame([{"measure": "entropy", "value": 0.5, "low": np.inf}])
    assert cells(entropy, tmp_path) == ["entropy", "0.500", "∞"]
    accuracy = entropy.assign(measure="accuracy", low=0.25)
    assert cells(accuracy, tmp_path) == ["accuracy", "50.0%", "25.0%"]
    mine = pd.DataFrame({"mine": [0.5]})
    assert cells(mine, tmp_path, percents=["mine"]) == ["50.0%"]
    assert cells(mine.assign(share=1.0), tmp_path, percents=[]) == ["0.500", "1"]
    truth = pd.DataFrame({"ok": [True], "none": [None], "code": pd.array([7], "Int64")})
    assert cells(truth, tmp_path) == ["yes", "\N{EN DASH}", "7"]


def test_settings_of_pandas_change_no_table(tmp_path: Path) -> None:
    table = charts.group_accuracy_table(study_named("ensemble"))
    plain = [written(table, tmp_path / f"a.{kind}") for kind in KINDS]
    with pd.option_context("display.max_rows", 2, "display.precision", 1):
        assert [written(table, tmp_path / f"a.{kind}") for kind in KINDS] == plain


def test_what_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": [1]})
    with pytest.raises(DiskError) as caught:
        save_table("no table", tmp_path / "nowhere" / "a.tex")  # type: ignore[arg-type]
    assert caught.value.errno == errno.ENOENT
    (tmp_path / "folder.tex").mkdir()
    with pytest.raises(DataError, match="got the folder"):
        save_table(table, tmp_path / "folder.tex")
    for path, options, said in (
        ("a.xlsx", {}, r"ends in \.csv, \.tex, \.html, \.md; got 'a\.xlsx'"),
        ("a.tex", {"label": "a}"}, "label must be of letters"),
        ("a.tex", {"percents": ["b"]}, r"Unknown column 'b'\. This table has: 'a'"),
    ):
        with pytest.raises(ArgumentError, match=said):
            save_table(table, tmp_path / path, **options)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="Nobody reads a table of 10,001 rows"):
        save_table(pd.DataFrame({"a": range(10_001)}), tmp_path / "a.html")
    assert [one.name for one in tmp_path.iterdir()] == ["folder.tex"]


def test_a_failure_leaves_the_earlier_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.tex"
    path.write_text("before")

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(DiskError):
        save_table(pd.DataFrame({"a": [1]}), path)
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.tex"]

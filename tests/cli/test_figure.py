"""`depthviz figure` writes each chart, its table, and says what a study lacks."""

import csv
import json
import warnings
from pathlib import Path

import pytest

from depthviz import charts
from depthviz.cli import main
from depthviz.cli.named_charts import chart_names
from depthviz.study import open_study
from tests.charts.studies import ensemble, study_named
from tests.measurement.small import measured

Said = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensemble().save(tmp_path_factory.mktemp("figure") / "study.zarr")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows_of(path: Path) -> list[dict[str, object]]:
    sets = json.loads(path.read_text("utf-8"))["datasets"]
    rows: list[dict[str, object]] = next(iter(sets.values()))
    return rows


def test_every_chart_has_its_name_here() -> None:
    names = chart_names()
    assert {"depth_histogram", "evidence_by_probe", "suspect_precision"} <= set(names)
    assert not {"save", "save_table", "ChartOptions", "evidence_table"} & set(names)
    assert all(callable(getattr(charts, name)) for name in names)


@pytest.mark.parametrize("name", chart_names())
def test_a_chart_is_the_one_of_python(name: str, saved: Path, tmp_path: Path) -> None:
    if name == "suspect_precision":
        pytest.skip("needs planted labels")
    path = tmp_path / "a.json"
    assert main(["figure", str(saved), name, "-o", str(path)]) == 0
    drawn = getattr(charts, name)(open_study(saved)).to_dict()
    assert json.loads(path.read_text("utf-8")) == json.loads(json.dumps(drawn))
    table = tmp_path / "a.csv"
    assert main(["figure", str(saved), name, "-o", str(table)]) == 0
    assert len(table.read_text("utf-8").splitlines()) > 1


def test_looks_and_choices_are_given_by_words(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    study = open_study(saved)
    chosen = study.classes[:2]
    words = ["--theme", "dark", "--width", "140", "--title", "Mine", "--by", "class"]
    words += ["--classes", *chosen, "--set", "depth=train_depth"]
    command = ["figure", str(saved), "depth_histogram", "-o", str(path)]
    assert main([*command, *words]) == 0
    want = charts.depth_histogram(
        study,
        by="class",
        classes=chosen,
        depth="train_depth",
        theme="dark",
        width=140.0,
        title="Mine",
    )
    assert json.loads(path.read_text("utf-8")) == json.loads(want.to_json())


def test_options_of_a_chart_alone_are_set(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    command = ["figure", str(saved), "agreement_heatmap", "-o", str(path)]
    assert main([*command, "--set", "rows=4"]) == 0
    study = open_study(saved)
    assert len(rows_of(path)) == 4 * len(study.probes)
    probes = f"probes={study.probes[0]}, {study.probes[2]}"
    command = ["figure", str(saved), "map_by_probe", "-o", str(path), "--set"]
    assert main([*command, probes, "by=none"]) == 0
    found = {row["probe"] for row in rows_of(path)}
    assert found == {study.probes[0], study.probes[2]}
    assert main([*command, f"probes={json.dumps([study.probes[1]])}"]) == 0
    assert {row["probe"] for row in rows_of(path)} == {study.probes[1]}


def test_examples_are_ids_of_a_file_or_a_query(saved: Path, tmp_path: Path) -> None:
    ids = open_study(saved).frame().index[3:9]
    listed, table, path = (tmp_path / name for name in ("a.txt", "a.csv", "a.json"))
    listed.write_text("\n".join(map(str, ids)) + "\n")
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([["x", "example_id"], *([0, one] for one in ids)])
    command = ["figure", str(saved), "depth_histogram", "-o", str(path), "--examples"]
    for which in (str(listed), str(table), f"example_id in {list(ids)}"):
        assert main([*command, which]) == 0
        assert sum(row["examples"] for row in rows_of(path)) == 6  # type: ignore[misc]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope", "-o", "a.png"], "Unknown chart 'nope'. There are: accuracy_by_"),
        (["-o", "a.png"], "Name a chart. There are: "),
        (["depth_plane"], "Say where to write: -o FILE."),
        (["depth_plane", "-o", "-"], "to a file that ends in .png, .svg, .pdf"),
        (["depth_plane", "-o", "a.gif"], ".csv, .tex, .html, .md; got 'a.gif'"),
        (["depth_plane", "-o", "a.png", "--table"], "A table is written to a file"),
        (["depth_plane", "-o", "a.csv", "--theme", "dark"], "--theme is for a chart"),
        (["depth_plane", "-o", "a.png", "--label", "x"], "--label is for a table"),
        (["depth_plane", "-o", "a.png", "--by", "class"], "takes no 'by'; besides"),
        (["depth_plane", "-o", "a.png", "--set", "rows"], "--set takes OPTION=VALUE"),
        (["depth_plane", "-o", "a.png", "--set", "font=A"], "give it as --font"),
        (
            ["agreement_heatmap", "-o", "a.png", "--set", "rows=x"],
            "rows must be a whole number, got 'x'",
        ),
        (
            ["depth_histogram", "-o", "a.png", "--by", "colour"],
            "by must be one of None, 'class'",
        ),
        (
            ["depth_plane", "-o", "a.png", "--examples", "suspicon > 0"],
            "cannot be read as a query: name 'suspicon' is not defined. Columns: split",
        ),
        (
            ["depth_plane", "-o", "a.png", "--examples", "depth"],
            "it does not say of each example",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_said_in_a_line_and_leaves_no_file(
    words: list[str], said: str, saved: Path, elsewhere: Path, capsys: Said
) -> None:
    assert main(["figure", str(saved), *words]) == 2
    caught = capsys.readouterr()
    assert said in caught.err
    assert caught.err.count("\n") == 1
    assert caught.out == ""
    assert list(elsewhere.iterdir()) == []


def test_an_unknown_id_is_named(saved: Path, tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "ids.txt").write_text("nobody\n")
    words = ["depth_plane", "-o", str(tmp_path / "a.png"), "--examples"]
    assert main(["figure", str(saved), *words, str(tmp_path / "ids.txt")]) == 2
    assert "names 'nobody', which is the id of no example" in capsys.readouterr().err


def test_the_list_says_what_can_be_drawn_and_what_is_missing(
    tmp_path: Path, capsys: Said
) -> None:
    path = study_named("no pictures").save(tmp_path / "study.zarr")
    assert main(["figure", str(path), "--list"]) == 0
    can, cannot = capsys.readouterr().out.split("It cannot draw:\n")
    assert can.startswith("It can draw:\n  ")
    listed = [line.split(maxsplit=1) for line in cannot.splitlines()]
    assert all(said.endswith(".") for _, said in listed)
    names = [line.split()[0] for line in can.splitlines()[1:]]
    assert sorted(names + [name for name, _ in listed]) == sorted(chart_names())
    assert "depth_histogram" in names
    assert "depth_plane" in dict(listed)


def test_a_table_in_each_kind_has_its_caption(saved: Path, tmp_path: Path) -> None:
    command = ["figure", str(saved), "group_accuracy", "-o"]
    words = ["--caption", "50 % & more", "--label", "tab:groups"]
    assert main([*command, str(tmp_path / "a.tex"), *words]) == 0
    text = (tmp_path / "a.tex").read_text("utf-8")
    assert "\\caption{50 \\% \\& more}\n\\label{tab:groups}" in text
    assert main([*command, str(tmp_path / "a.html"), "--table", *words]) == 0
    assert "<caption>50 % &amp; more</caption>" in (tmp_path / "a.html").read_text()
    assert main([*command, str(tmp_path / "b.html")]) == 0
    assert "vegaEmbed" in (tmp_path / "b.html").read_text("utf-8")


def test_a_warning_is_a_line(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    def warn(*_: object, **__: object) -> None:
        warnings.warn("No font has it.", stacklevel=2)

    monkeypatch.setattr(charts, "save", warn, raising=False)
    words = ["depth_plane", "-o", str(tmp_path / "a.png")]
    assert main(["figure", str(saved), *words]) == 0
    assert capsys.readouterr().err == "depthviz: No font has it.\n"


def test_studies_stand_beside_each_other_by_their_names(
    saved: Path, tmp_path: Path, capsys: Said
) -> None:
    path, other = tmp_path / "a.json", tmp_path / "other.zarr"
    study_named("planted labels").save(other)
    command = ["figure", str(saved), "probe_curves", "-o", str(path), "--beside"]
    assert main([*command, f"second run={other}"]) == 0
    both = {"study": open_study(saved), "second run": open_study(other)}
    want = charts.probe_curves(both).to_json()
    assert json.loads(path.read_text("utf-8")) == json.loads(want)
    table = tmp_path / "a.csv"
    command[4] = str(table)
    assert main([*command, str(other), "--examples", "depth > 0"]) == 0
    rows = csv.DictReader(table.read_text("utf-8").splitlines())
    assert {row["study"] for row in rows} == {"study", "other"}
    assert main([*command, str(saved)]) == 2
    assert "The same study is given twice" in capsys.readouterr().err
    command[2] = "map_by_probe"
    assert main([*command, str(other)]) == 2
    assert "One study is drawn at a time here" in capsys.readouterr().err


def test_maps_are_made_for_a_chart_that_draws_them_alone(elsewhere: Path) -> None:
    place = measured(projection="later").save(elsewhere / "study.zarr")
    assert main(["figure", str(place), "depth_histogram", "-o", "a.json"]) == 0
    assert "projection" not in open_study(place).dataset
    assert main(["figure", str(place), "map_by_probe", "-o", "a.json"]) == 0
    assert "projection" in open_study(place).dataset

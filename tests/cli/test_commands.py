"""The command line as its user meets it."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

import depthviz as dv
from depthviz.cli import main
from tests.paths import ROOT
from tests.studies import ensemble_study, tiny_study

MINUTES = "about two minutes on two processor cores"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    tiny_study().save(tmp_path / "study.zarr")
    return tmp_path / "study.zarr"


def test_report_writes_the_page(saved: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert main(["report", str(saved), "-o", str(page)]) == 0
    assert "data-depthviz-page" in page.read_text(encoding="utf-8")


def test_report_takes_sections_a_title_and_what_people_decided(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, place = tmp_path / "page.html", tmp_path / "a.sqlite"
    with dv.annotations.open(place, annotator="ann") as store:
        store.record(tiny_study().frame().index[0], "verdict", "wrong label")
    asked = ["report", str(saved), "-o", str(page), "--title", "One <of> them"]
    chosen = ["--sections", "annotations, provenance", "--annotations", str(place)]
    assert main([*asked, *chosen]) == 0
    text = page.read_text("utf-8")
    assert "<h1>One &lt;of&gt; them</h1>" in text
    assert "1 of 80 examples were judged, by 1 person" in text
    assert "data-depthviz-page" not in text
    assert main([*asked, "--annotations", str(tmp_path / "typo.sqlite")]) == 2
    assert "there is no" in capsys.readouterr().err
    assert not (tmp_path / "typo.sqlite").exists()
    assert main([*asked, "--sections", "plots"]) == 2
    assert "'findings'" in capsys.readouterr().err


def test_export_writes_the_table_as_parquet(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "study.parquet"
    asked = ["export", str(saved), "-o", str(file)]
    assert main(asked) == 0
    assert capsys.readouterr().out == f"Wrote {file}\n"
    table = pd.read_parquet(file)
    assert table["depth"].tolist() == tiny_study().frame()["depth"].tolist()
    assert "image" in table
    assert main([*asked, "--no-thumbnails"]) == 0
    assert "image" not in pd.read_parquet(file)
    assert main([*asked[:-1], str(tmp_path)]) == 2


def test_info_shows_what_a_study_holds(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", str(saved)]) == 0
    said = capsys.readouterr().out
    assert "80 examples" in said
    assert "data sha256" in said


def test_info_of_many_networks_titles_its_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ensemble_study().save(tmp_path / "study.zarr")
    assert main(["info", str(tmp_path / "study.zarr")]) == 0
    said = capsys.readouterr().out
    assert "\nProbes of member 0, the one that is shown\n" in said
    assert "\nGroups\n" in said
    assert "\nMembers\n" in said
    assert "1 of them failed" in said


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("demo", ["report.html", "(default: depthviz-demo)", "decides", MINUTES]),
        ("report", ["the page to write", "folder that study.save wrote"]),
        ("export", ["the .parquet to write", "leave the pictures out"]),
        ("info", ["how it was measured", "folder that study.save wrote"]),
        ("figure", ["an id a line", "default: light", "OPTION=VALUE"]),
    ],
)
def test_every_command_explains_itself(
    command: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize("command", [["info"], ["report", "-o", "page.html"]])
def test_a_missing_study_is_one_line_and_code_2(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, str(tmp_path / "nowhere.zarr")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("depthviz: ")
    assert "nowhere.zarr" in said
    assert said.count("\n") == 1


def test_an_interruption_ends_with_130(
    saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("depthviz.cli.info.open_study", interrupt)
    assert main(["info", str(saved)]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_readme_and_help_give_the_demo_the_same_time() -> None:
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"The demo takes {MINUTES}." in readme


def test_no_command_shows_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([])
    assert "usage: depthviz" in capsys.readouterr().err


def test_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "depthviz", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"depthviz {dv.__version__}\n"


def test_demo_finds_planted_labels_and_writes_three_files(
    demo: tuple[Path, str],
) -> None:
    out, said = demo
    study = dv.open_study(out / "study.zarr")
    table = pd.read_csv(out / "examples.csv", index_col="example_id")
    assert len(table) == len(study.frame()) == 1797
    assert (out / "report.html").stat().st_size > 100_000
    suspicious = study.frame().nlargest(90, "suspicion_rank")
    assert table["suspicion_rank"].is_monotonic_decreasing
    found = int(suspicious["planted"].sum())
    assert f"hold {found} of the 90 planted wrong labels" in said
    assert found >= 54
    assert sorted(path.name for path in out.iterdir()) == [
        "by-heart-seed-0.zarr",
        "examples.csv",
        "report.html",
        "run-seed-0",
        "study.zarr",
    ]


def test_demo_reads_a_network_that_knows_its_labels_by_heart(
    demo: tuple[Path, str],
) -> None:
    out, said = demo
    frame = dv.open_study(out / "by-heart-seed-0.zarr").frame()
    planted, count = frame["planted"], int(frame["planted"].sum())
    found = planted[frame.nlargest(count, "suspicion").index].sum()
    by_loss = planted[frame.nsmallest(count, "label_probability").index].sum()
    area = roc_auc_score(planted, frame["suspicion"])
    assert frame["correct"].mean() > 0.98
    row = ["suspicion,", "from", "its", "hidden", "probes", f"{area:.3f}", str(found)]
    assert row in [line.split() for line in said.splitlines()]
    assert found > 1.3 * by_loss


def test_what_the_demo_found_stands_in_its_page(demo: tuple[Path, str]) -> None:
    out, said = demo
    page = (out / "report.html").read_text("utf-8")
    above, below = page.split("<div data-depthviz-mount>")
    areas = re.findall(r"^\S.*\s{2}(\d\.\d{3})  \d", said, re.MULTILINE)
    assert len(areas) == 7
    table = below.split("A network that knows its labels by heart")[1]
    assert [area for area in areas if f"<td>{area}</td>" not in table] == []
    assert f"AUROC of {areas[0]} (" in above
    for words in ("The planted labels, over all networks", "drawn anew"):
        assert words in table


def test_demo_spreads_examples_over_both_depths_and_all_groups(
    demo: tuple[Path, str],
) -> None:
    frame = dv.open_study(demo[0] / "study.zarr").frame()
    settled_at_once = (frame["train_depth"] < 1) & (frame["validation_depth"] < 1)
    assert settled_at_once.mean() < 0.65
    assert frame["group"].value_counts(normalize=True).min() > 0.02


def test_demo_sorts_planted_labels_into_their_group(demo: tuple[Path, str]) -> None:
    frame = dv.open_study(demo[0] / "study.zarr").frame()
    different = frame[frame["group"] == "looks like a different class"]
    assert different["planted"].mean() >= 3 * frame["planted"].mean()
    assert f"of the {len(different)} digits in the group" in demo[1]
    assert f"It holds {different['planted'].sum()} of the 90." in demo[1]
    assert {"train_depth", "validation_depth"} <= set(frame)


def test_demo_finds_planted_labels_under_another_seed(tmp_path: Path) -> None:
    from depthviz.cli.demo import most_suspicious, run_digits
    from depthviz.training import Recipe

    study = run_digits(
        tmp_path / "run",
        seed=1,
        members=2,
        holdout=0.5,
        recipe=Recipe(epochs=10),
        projection=None,
        progress=False,
    )
    assert most_suspicious(study.frame(), 90)["planted"].sum() >= 54

"""What a report's sentences say is in the tables, and each form of it is whole."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import depthviz as dv
from depthviz import charts
from depthviz.errors import ArgumentError, DataError, DependencyError, DiskError
from depthviz.reports.contents.asking import Ask
from depthviz.reports.contents.assembling import SECTIONS, assemble
from depthviz.reports.contents.caveats import caveats_of
from depthviz.reports.contents.figures import figures_of
from depthviz.reports.contents.numbers import percent
from depthviz.reports.document import Document, Figure, Group, Statement, Table
from depthviz.reports.writers.drawings import color_rules, inline_drawing
from depthviz.study import Study
from tests.charts.studies import STUDIES, ensemble, one_class, synthetic
from tests.relabeling.suspects import one
from tests.studies import ensemble_study, repeated, tiny_study

HOSTILE = "</script><script>window.x=1</script><img src=x onerror=window.x=2>"


def document_of(study: Study, **ask: object) -> Document:
    return assemble(study, Ask(**{"no_drawings": "none here", **ask}))  # type: ignore[arg-type]


def figures(study: Study) -> dict[str, Figure]:
    return {found.name: found for found in figures_of(study, draw=False)}


@pytest.mark.parametrize("make", STUDIES.values(), ids=STUDIES)
def test_every_study_has_a_report(make: Callable[[], Study], tmp_path: Path) -> None:
    study = make()
    path = dv.report(study, tmp_path / "r.md")
    text = path.read_text("utf-8")
    assert text.startswith("# ")
    assert not re.search(r"\bnan\b(?! for)", text.split("How this was measured")[0])
    for name in re.findall(r"\]\((r_files/[^)]*)\)", text):
        assert (tmp_path / name).stat().st_size > 0


def test_the_sentence_of_votes_is_that_of_the_table() -> None:
    study = ensemble()
    table = charts.probe_curves_table(study)
    held = table[(table["measure"] == "accuracy") & (table["over"] == "held out")]
    weight = held["value"] * held["examples"]
    share = weight.groupby(held["probe"], sort=False).sum()
    share /= held.groupby("probe", sort=False)["examples"].sum()
    says = figures(study)["probe_curves"].says
    assert f"{percent(share.iloc[0])} at {share.index[0]}" in says


def test_the_sentence_of_depths_is_that_of_the_table() -> None:
    read = {"train_depth": synthetic(), "depth": one()}
    for name, study in read.items():
        view = figures(study)["depth_histogram"].view
        assert view is not None
        assert view.state["sort"] == view.state["color"] == name
        table = charts.depth_histogram_table(study)
        counts = table.groupby("probe", sort=False)["examples"].sum()
        share = (counts / counts.sum()).drop("undecided", errors="ignore")
        says = figures(study)["depth_histogram"].says
        assert f"at {share.idxmax()}" in says
        assert percent(share.max()) in says


def test_the_sentence_of_suspected_labels_names_the_commonest_pair() -> None:
    study = one()
    frame = study.frame()
    doubted = frame[(frame["suspicion"] > 0)]
    doubted = doubted[doubted["suggested_label"] != doubted["label"]]
    pairs = doubted.groupby(["label", "suggested_label"]).size()
    says = figures(study)["confusion_by_group"].says
    count = int(re.findall(r"suggested, ([\d,]+) times", says)[0].replace(",", ""))
    assert count == pairs.max()
    given, other = pairs.idxmax()
    assert f"{study.classes[given]} given" in says
    assert f"{study.classes[other]} suggested" in says


def test_the_sentence_of_precision_is_calibrated() -> None:
    study = synthetic()
    table = charts.suspect_precision_table(study)
    says = figures(study)["suspect_precision"].says
    assert f"first {table['examples'].iloc[0]:,}, " in says
    assert percent(float(table["share"].iloc[0])) in says


def test_groups_stand_with_their_numbers() -> None:
    study = ensemble()
    groups = [
        part
        for section in document_of(study).sections
        for part in section.parts
        if isinstance(part, Group)
    ]
    frame = study.frame()
    assert groups
    for group in groups:
        rows = frame[frame["group"] == group.name]
        assert group.words[0].startswith(f"{len(rows):,}")
        assert f"{rows['train_depth'].mean():.1f} trained on" in group.words[1]
        names = {picture.name for picture in group.gallery.pictures}
        assert names <= set(map(str, rows.index))


def test_caveats_are_those_that_apply() -> None:
    assert any("one label" in each for each in caveats_of(one_class()))
    assert any("failed" in each for each in caveats_of(ensemble_study()))
    data = ensemble_study().dataset
    whole = Study(data.assign(member_failed=data["member_failed"] * 0 - 1))
    assert not any("failed" in each for each in caveats_of(whole))
    part = ensemble_study().subset(np.arange(len(ensemble_study())) < 20)
    assert any("This is a part" in each for each in caveats_of(part))
    split = tiny_study().dataset["split"]
    alone = Study(tiny_study().dataset.assign(split=split * 0 + int(split.min())))
    assert any("trained on" in each for each in caveats_of(alone))
    assert not any(
        "All examples were trained on" in e for e in caveats_of(tiny_study())
    )


def test_sections_are_chosen_and_ordered() -> None:
    chosen = document_of(ensemble(), sections=["tables", "findings"])
    assert [section.key for section in chosen.sections] == ["tables", "findings"]
    with pytest.raises(ArgumentError, match=r"'figures'.*got 'plots'"):
        document_of(ensemble(), sections=["plots"])
    with pytest.raises(ArgumentError, match="each once"):
        document_of(ensemble(), sections=["tables", "tables"])
    with pytest.raises(ArgumentError, match="what a store holds"):
        document_of(ensemble(), sections=["annotations"])
    assert "annotations" not in [one.key for one in document_of(ensemble()).sections]
    with pytest.raises(ArgumentError, match="a list of names"):
        document_of(ensemble(), sections="tables")
    assert list(SECTIONS)[-1] == "provenance"


def test_sections_are_checked_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("The work was begun.")

    monkeypatch.setattr("depthviz.reports.offline.assemble", never)
    monkeypatch.setattr("depthviz.reports.offline.pack_study", never)
    with pytest.raises(ArgumentError, match="got 'plots'"):
        dv.report(one(), tmp_path / "r.html", sections=["explorer", "plots"])
    with pytest.raises(ArgumentError, match=r"not \.md, and no other section"):
        dv.report(one(), tmp_path / "r.md", sections=["explorer"])


def test_suspicious_labels_are_a_table_and_a_download() -> None:
    study = one()
    table = next(
        part
        for section in document_of(study).sections
        for part in section.parts
        if isinstance(part, Table) and part.file
    )
    assert table.whole is not None
    frame = study.frame()
    names = np.array(study.classes)
    for name, row in table.whole.iterrows():
        assert row["given"] == names[frame.loc[name, "label"]]
        assert row["suggested"] == names[frame.loc[name, "suggested_label"]]
    assert len(table.rows) == len(table.pictures) == min(50, len(table.whole))


def test_what_people_decided_stands_in_a_report(tmp_path: Path) -> None:
    study = tiny_study()
    data = study.dataset.attrs["data_sha256"]
    ids = study.frame().index
    with dv.annotations.open(tmp_path / "a.sqlite") as store:
        told = {"data": data}
        for name in ids[:4]:
            store.record(name, "verdict", "wrong label", annotator="ann", **told)
            store.record(name, "verdict", "wrong label", annotator="ben", **told)
        store.record(ids[4], "verdict", "fine", annotator="ann", **told)
        store.record(ids[4], "verdict", "wrong label", annotator="ben", **told)
        found = document_of(study, annotations=store, sections=["annotations"])
        says, *tables = found.sections[0].parts
        assert isinstance(says, Statement)
        assert says.says == "5 of 80 examples were judged, by 2 people"
        assert "agree for 80 %" in says.more
        assert isinstance(tables[0], Table)
        counts = tables[0].rows.set_index("verdict")["decisions"]
        assert counts.to_dict() == {"wrong label": 9, "fine": 1}
    with dv.annotations.open(tmp_path / "b.sqlite") as empty:
        nobody = document_of(study, annotations=empty, sections=["annotations"])
        assert "Nobody has decided" in nobody.sections[0].parts[0].says  # type: ignore[union-attr]


def test_text_of_a_study_stays_text_in_markdown(tmp_path: Path) -> None:
    classes = [HOSTILE, "a|b", "*c* [d](e) `f`"]
    study = Study(one().dataset.assign_coords({"class": classes}))
    text = dv.report(study, tmp_path / "r.md", title="# $x_1$ <b>").read_text("utf-8")
    assert "<" not in re.sub(r"\\<|&lt;", "", text)
    assert "\\# \\$x\\_1\\$ &lt;b&gt;" in text
    assert re.search(r"(?<!\\)a\|b", text) is None


def test_a_folder_of_pictures_loses_nothing_of_others(tmp_path: Path) -> None:
    dv.report(one(), tmp_path / "r.md")
    dv.report(one(), tmp_path / "r.md", sections=["findings"])
    assert not list((tmp_path / "r_files").glob("figure-*"))
    (tmp_path / "r_files" / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match=r"mine\.txt, which is no part of a report"):
        dv.report(one(), tmp_path / "r.md")
    assert (tmp_path / "r_files" / "mine.txt").read_text() == "mine"


def test_a_path_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("The work was begun.")

    monkeypatch.setattr("depthviz.reports.offline.assemble", never)
    monkeypatch.setattr("depthviz.reports.offline.pack_study", never)
    (tmp_path / "file").write_text("")
    for name in ("r.html", "r.md", "r.pdf"):
        with pytest.raises(DiskError):
            dv.report(one(), tmp_path / "file" / name)
    with pytest.raises(ArgumentError, match=r"\.html, .*\.pdf; got 'r\.docx'"):
        dv.report(one(), tmp_path / "r.docx")


def test_a_pdf_without_a_browser_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("depthviz.reports.writers.pdf.PLACES", ())
    with pytest.raises(DependencyError, match="Chromium or Chrome"):
        dv.report(one(), tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()


def test_without_what_draws_a_report_tells_its_figures(tmp_path: Path) -> None:
    """In a process of its own, as what draws is loaded once."""
    code = (
        "import sys; sys.modules['vl_convert'] = None\n"
        "import depthviz as dv\n"
        f"study = dv.open_study({str(tmp_path / 's')!r})\n"
        f"dv.report(study, {str(tmp_path / 'r.html')!r})"
    )
    tiny_study().save(tmp_path / "s")
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "only told" in text
    assert "torch-depthviz[figures]" in text
    assert "<svg xmlns" not in text
    assert "Votes are right for" in text


def test_a_report_of_ten_thousand_examples_keeps_below_six_megabytes(
    tmp_path: Path,
) -> None:
    data = repeated(ensemble_study().dataset, 10_000)
    noise = np.random.default_rng(0).integers(0, 256, (10_000, 32, 32, 3), np.uint8)
    dims = ("example", "image_height", "image_width", "image_channel")
    pictured = data.drop_vars("image", errors="ignore").assign(image=(dims, noise))
    study = Study(pictured.assign_coords(example_id=("example", np.arange(10_000))))
    path = dv.report(study, tmp_path / "r.html", sections=["findings", "explorer"])
    assert 4_000_000 < path.stat().st_size <= 6_000_000
    size = f"Page of {path.stat().st_size / 1e6:.1f} MB"
    assert size in path.read_text("utf-8")


def test_drawings_name_their_colors_as_the_page_does() -> None:
    drawn = inline_drawing(charts.depth_plane(ensemble_study(), title=""), kind="wide")
    named = set(re.findall(r"var\((--c[0-9a-f]{6})\)", drawn))
    assert named
    assert all(f"{name}:light-dark(" in color_rules() for name in named)
    assert not re.search(r'(?:fill|stroke)="(?:#|rgb)', drawn)
    assert drawn.count("aria-label") == 1
    assert "style=" not in drawn


def test_colors_between_two_are_mixed_of_these() -> None:
    drawn = inline_drawing(charts.confusion_by_group(one(), title=""), kind="wide")
    mixed = re.findall(r"color-mix\(in srgb, var\(--c0a5fbf\) (\d+)%", drawn)
    assert len(set(mixed)) > 2
    assert not re.search(r'fill="rgb', drawn)

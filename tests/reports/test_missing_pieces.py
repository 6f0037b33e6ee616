"""A study that lacks a piece is shown without it, or refused in words."""

import pytest

import depthviz as dv
from depthviz.cli.commands import main
from depthviz.errors import DepthvizError, StudyError
from depthviz.reports import probe_table
from depthviz.study import Study
from tests.studies import ensemble_study, tiny_study

LEFT_OUT = [
    ["probe_agreement"],
    ["probe_accuracy"],
    ["probe_agreement", "probe_accuracy", "neighbors_kept"],
    ["neighbor_agreement"],
    ["vote", "neighbor_agreement", "neighbor_index", "neighbor_distance"],
    ["projection"],
    ["image"],
    ["split"],
    ["confidence", "label_probability", "suspicion", "output_margin"],
    ["measured_row", "study_row"],
]


@pytest.mark.parametrize("names", LEFT_OUT)
@pytest.mark.parametrize("whole", [tiny_study, ensemble_study])
def test_what_is_missing_is_left_out(names, whole, tmp_path, capsys):
    study = Study(whole().dataset.drop_vars(names))
    page = dv.report(study, tmp_path / "report.html").read_text("utf-8")
    if whole is tiny_study and "probe_agreement" in names:
        assert ">Agreement<" not in page
    assert main(["info", str(study.save(tmp_path / "study.zarr"))]) == 0
    assert "settled" in capsys.readouterr().out
    assert dv.explore(study).to_png(tmp_path / "still.png").stat().st_size


@pytest.mark.parametrize("name", ["label", "prediction", "depth", "class", "probe"])
def test_what_every_view_needs_is_asked_for(name, tmp_path):
    study = Study(tiny_study().dataset.drop_vars(name))
    for call in (dv.explore, lambda study: dv.report(study, tmp_path / "page.html")):
        with pytest.raises(StudyError, match=rf"this one lacks '{name}'.*measure"):
            call(study)
    assert len(study.frame()) == 80


@pytest.mark.parametrize("names", [["label"], ["depth"]])
def test_a_few_variables_are_refused_in_words(names):
    study = Study(tiny_study().dataset[names])
    assert list(study.frame()) == names
    for call in (
        dv.explore,
        probe_table,
        dv.convention_sensitivity,
        dv.accuracy_by_group,
        lambda study: study.groups(),
        lambda study: study.classes,
        lambda study: (
            study.k if "neighbor" not in study.dataset.sizes else study.groups()
        ),
    ):
        with pytest.raises(DepthvizError):
            call(study)
    assert "80 examples" in repr(study)

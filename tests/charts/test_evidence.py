"""The chart of the evidence by probe, and its table."""

import numpy as np
import pytest
import xarray as xr

from depthviz.charts import evidence_by_probe, evidence_table
from depthviz.errors import DataError, StudyError
from depthviz.study import Study
from tests.charts.studies import study_named
from tests.relabeling.suspects import many, one, with_columns
from tests.studies import vector_study


def plain_shares(data: xr.Dataset, name: str, rows: list[int], probe: int) -> list:
    label, wanted = data["label"].values, data[name].values
    neighbors = data["neighbor_index"].values[probe]
    return [
        np.mean([label[j] == wanted[i] for j in neighbors[i] if j >= 0]) for i in rows
    ]


@pytest.mark.parametrize("study", [one(), many()], ids=["one", "many"])
def test_the_table_holds_mean_and_quartiles_of_the_shares(study: Study) -> None:
    data = study.dataset
    suspects = data["suspicion"].values > 0
    rows = np.flatnonzero(suspects & (data["suggested_label"].values >= 0)).tolist()
    table = evidence_table(study)
    assert set(table["examples"]) == {len(rows)}
    assert list(table["probe"]) == 2 * [str(name) for name in data["probe"].values]
    for role, name in (("suggested", "suggested_label"), ("given", "label")):
        part = table[table["label"] == role]
        for probe, row in enumerate(part.itertuples()):
            shares = plain_shares(data, name, rows, probe)
            low, high = np.quantile(shares, [0.25, 0.75])
            expected = np.mean(shares), low, high
            assert (row.mean, row.low, row.high) == pytest.approx(expected, abs=1e-6)


def test_examples_are_chosen_by_id_by_mask_or_as_rows_of_the_frame() -> None:
    study = one()
    frame = study.frame()
    chosen = frame[frame["suggested_label"].notna()].iloc[[3, 1]]
    by_id = evidence_table(study, examples=list(chosen.index))
    assert set(by_id["examples"]) == {2}
    for examples in (chosen, frame.index.isin(chosen.index)):
        assert evidence_table(study, examples=examples).equals(by_id)


def test_the_chart_says_in_words_what_it_shows() -> None:
    study = one()
    first = study.dataset["suggested_label"].values.tolist().index(1)
    ids = [study.frame().index[first]]
    spec = evidence_by_probe(study, examples=ids).to_dict()
    table = evidence_table(study, examples=ids).set_index(["probe", "label"])["mean"]
    assert spec["title"]["text"] == "Neighbors of 1 example"
    suggested, given = (table["softmax", role] for role in ("suggested", "given"))
    assert f"softmax {suggested:.0%} and {given:.0%}." in spec["description"]
    assert evidence_by_probe(study, title="Mine").to_dict()["title"]["text"] == "Mine"


def test_what_cannot_be_drawn_is_said() -> None:
    study = one()
    nobody = np.full(len(study), -1, np.int16)
    with pytest.raises(StudyError, match="none of these has a suggested label"):
        evidence_table(with_columns(study, suggested_label=nobody))
    with pytest.raises(StudyError, match="needs suggested_label, which this study"):
        evidence_table(Study(study.dataset.drop_vars("suggested_label")))
    lost = ["suggested_label", "neighbor_index"]
    bare = Study(vector_study().dataset.drop_vars(lost))
    with pytest.raises(StudyError, match="needs suggested_label and neighbor_index"):
        evidence_table(bare)
    with pytest.raises(DataError):
        evidence_by_probe(study, examples=["nobody"])


@pytest.mark.parametrize("by", ["class", "group", "split"])
def test_each_part_has_the_evidence_of_its_own_examples(by: str) -> None:
    study = study_named("ensemble")
    frame = study.frame()
    table = evidence_table(study, by=by)
    suspects = frame[(frame["suspicion"] > 0) & frame["suggested_label"].notna()]
    column = {"class": "label_name"}.get(by, by)
    for part, rows in table.groupby("part"):
        own = suspects.index[suspects[column].astype(str) == part]
        alone = evidence_table(study, examples=own)
        assert rows["mean"].tolist() == pytest.approx(alone["mean"].tolist())
        assert set(rows["examples"]) == {len(own)}
    spec = evidence_by_probe(study, by=by).to_dict()
    known = suspects[column].notna()
    assert spec["title"]["text"] == f"Neighbors of {known.sum()} examples, by {by}"
    said = ["Of member 0, the one that is shown"]
    if not known.all():
        said.append(f"{(~known).sum()} left out: they have no {by}")
    assert [one for one in spec["title"]["subtitle"] if one[0] != "S"] == said


def test_one_class_is_drawn_alone_and_the_others_counted() -> None:
    study = study_named("ensemble")
    table = evidence_table(study, by="class", classes=[study.classes[1]])
    assert set(table["part"]) == {study.classes[1]}
    assert set(table["more"]) == {len(study.classes) - 1}


def test_a_part_that_lost_its_neighbors_tells_no_evidence() -> None:
    """Of one class alone, all neighbors that are left bear the given label."""
    study = one()
    mask = study.frame()["label"].to_numpy() == 0
    assert len(evidence_table(study, examples=mask))
    with pytest.raises(StudyError, match=r"\d+% of those .* examples=part"):
        evidence_table(study.subset(mask))
    assert len(evidence_table(study.subset(np.ones(len(study), bool))))

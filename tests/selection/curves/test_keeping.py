"""Curves count every training once, go on where they stopped, choose on validation."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import stats

from depthviz.errors import ArgumentError, FormatError, StudyError, TaskError
from depthviz.selection import keep_curve, select
from tests.selection.pools import pool

SHARES, SEEDS = (0.2, 0.5), (0, 1, 2)


def by(method, **options):
    return lambda share, seed: select(
        pool(), keep=share, method=method, seed=seed, progress=False, **options
    )


SELECTIONS = {"random": by("random"), "hard": by("hardest", by="depth")}


class Training:
    """Pretend to train: what comes out is known."""

    equal = "iterations"

    def __init__(self, stop=None):
        self.calls, self.stop = [], stop

    def __call__(self, kept, seed):
        if self.stop is not None and len(self.calls) == self.stop:
            raise KeyboardInterrupt
        self.calls.append((kept.method, len(kept), seed))
        bonus = {"random": 0.0, "hardest": 0.1}.get(kept.method, 0.2)
        return 0.5 + bonus + 0.001 * seed


def curve(train=None, selections=SELECTIONS, **options):
    given = {"shares": SHARES, "seeds": SEEDS, "progress": False, **options}
    return keep_curve(train or Training(), selections, **given)


def test_every_method_share_and_seed_is_trained_once_and_all_data_too():
    train = Training()
    found = curve(train)
    assert len(train.calls) == len(set(train.calls)) == 2 * 2 * 3 + 3
    assert train.calls[:3] == [("everything", 90, seed) for seed in SEEDS]
    assert len(found.runs) == 15
    assert found.runs["kept"].isin([18, 45, 90]).all()


def test_intervals_are_those_of_students_t():
    row = curve().frame().query("method == 'random' and share == 0.2").iloc[0]
    values = np.array([0.5, 0.501, 0.502])
    wanted = stats.t.interval(0.95, 2, values.mean(), stats.sem(values))
    assert (row["low"], row["high"]) == pytest.approx(wanted)
    assert row["sd"] == pytest.approx(values.std(ddof=1))
    assert row["seeds"] == 3


def test_one_seed_has_no_interval():
    found = curve(seeds=[4])
    assert found.frame()["low"].isna().all()
    assert "no interval" in found.describe()


def test_differences_are_paired_by_seed():
    table = curve().against("random")
    assert table["method"].tolist() == ["hard", "hard"]
    assert table["difference"].to_numpy() == pytest.approx(0.1)
    # The seeds move both alike, so the difference knows no spread.
    assert (table["high"] - table["low"]).to_numpy() == pytest.approx(0, abs=1e-9)
    with pytest.raises(ArgumentError, match="'random', 'hard'"):
        curve().against("easy")


def test_a_run_that_was_stopped_goes_on(tmp_path):
    first = Training(stop=7)
    with pytest.raises(KeyboardInterrupt):
        curve(first, path=tmp_path / "curve")
    again = Training()
    found = curve(again, path=tmp_path / "curve")
    assert len(again.calls) == 15 - 7
    assert not set(first.calls) & set(again.calls)
    whole = curve()
    columns = ["method", "share", "mean", "low", "high"]
    assert found.frame()[columns].equals(whole.frame()[columns])
    nothing = Training()
    curve(nothing, path=tmp_path / "curve")
    assert nothing.calls == []


def test_more_seeds_are_added_to_a_run(tmp_path):
    curve(path=tmp_path)
    train = Training()
    assert curve(train, path=tmp_path, seeds=[0, 1, 2, 3]).frame()["seeds"].eq(4).all()
    assert {seed for _, _, seed in train.calls} == {3}


def test_runs_of_another_kind_make_no_curve_together(tmp_path):
    curve(path=tmp_path)
    with pytest.raises(StudyError, match="equal='iterations'"):
        curve(path=tmp_path, equal="epochs")


def test_a_damaged_result_is_named(tmp_path):
    curve(path=tmp_path)
    path = sorted(tmp_path.glob("*.run.json"))[0]
    kept = json.loads(path.read_text("utf-8"))
    del kept["test"]
    path.write_text(json.dumps(kept), "utf-8")
    with pytest.raises(FormatError, match="made again"):
        curve(path=tmp_path)
    path.unlink()
    train = Training()
    curve(train, path=tmp_path)
    assert len(train.calls) == 1


def test_constants_are_chosen_on_validation_data_and_never_on_test():
    constants = {c: by("beta", c=c) for c in (0.25, 4.0)}

    def train(kept, seed):
        c = kept.options.get("c")
        best = 0.25 if len(kept) < 30 else 4.0
        return {
            "validation": 0.8 if c == best else 0.7,
            "test": 0.1 if c == best else 0.9,
        }

    found = curve(train, {"beta": constants, "random": by("random")}, equal="epochs")
    table = found.frame().query("method == 'beta'")
    assert table["constant"].tolist() == ["0.25", "4.0"]
    assert table["mean"].to_numpy() == pytest.approx(0.1)
    assert "constants chosen on validation data: 0.25 at 20%, 4.0 at 50%" in str(found)
    with pytest.raises(ArgumentError, match="chosen on validation data"):
        curve(None, {"beta": constants})


def test_wrong_labels_costs_and_what_is_equal_are_told():
    wrong = list(range(30))
    found = curve(wrong=wrong, costs={"hard": 0.15})
    hard = select(pool(), keep=0.2, method="hardest", by="depth").ids
    share = np.mean([each < 30 for each in hard])
    row = found.frame().query("method == 'hard' and share == 0.2").iloc[0]
    assert row["wrong"] == share
    assert row["cost"] == 0.15
    text = found.describe()
    assert f"60.1 ± 0.2 ({share:.1%})" in text
    assert "hard: its score costs 15% of a full training." in text
    assert "Every training has as many iterations" in text
    assert "(33.3%)" in text  # of all data


def test_an_executor_trains_as_this_process_does():
    with ThreadPoolExecutor(2) as executor:
        found = curve(executor=executor)
    assert found.frame().equals(curve().frame().astype(found.frame().dtypes.to_dict()))


def test_a_failure_in_an_executor_says_which(tmp_path):
    def train(kept, seed):
        if kept.method == "hardest":
            raise RuntimeError("no memory")
        return 0.5

    with (
        ThreadPoolExecutor(1) as executor,
        pytest.raises(TaskError, match=r"'hard' with .* kept and seed .* no memory"),
    ):
        curve(train, path=tmp_path, equal="epochs", executor=executor)
    assert len(list(tmp_path.glob("*.run.json"))) >= 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"shares": [1.0]}, "below 1"),
        ({"shares": [1]}, "floats"),
        ({"shares": []}, "floats"),
        ({"shares": [0.2, 0.2]}, "twice"),
        ({"seeds": []}, "seeds has none"),
        ({"seeds": [0, 0]}, "twice"),
        ({"seeds": [-1]}, "a seed"),
        ({"equal": "time"}, "'iterations' or 'epochs'"),
        ({"costs": {"easy": 1.0}}, "none of the selections"),
        ({"selections": {}}, "at least one"),
        ({"selections": {"all data": by("random")}}, "there anyway"),
        ({"selections": {"random": 3}}, "must be a function"),
        ({"selections": {"ids": lambda share, seed: [1]}}, "must return a selection"),
        (
            {"train": lambda kept, seed: 90.0, "equal": "epochs"},
            r"accuracy in \[0, 1\]",
        ),
        ({"train": lambda kept, seed: 0.5}, "equal must say"),
        ({"executor": 3}, "concurrent.futures"),
    ],
)
def test_what_cannot_be_a_curve_is_refused(options, words):
    with pytest.raises(ArgumentError, match=words):
        curve(**options)

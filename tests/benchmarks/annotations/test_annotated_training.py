"""What the command says of corrected labels follows from what it did."""

import numpy as np
import pytest

from tests.benchmarks.annotations import training


def test_corrections_are_the_truth_of_what_was_reviewed_alone() -> None:
    task = training.make_task("digits", 300, 0)
    model = training.trained(task, task.labels, seed=0, epochs=4)
    data = task.pictures, task.labels
    study = training.dv.measure(model, data, class_names=task.names, **training.PLAIN)
    labels, found = training.corrected(task, study, 30)
    changed = np.flatnonzero(labels != task.labels)
    assert len(changed) == found > 10
    assert (labels[changed] == task.truth[changed]).all()
    first = study.frame()["suspicion"].nlargest(30).index
    assert set(changed) <= set(first)
    assert (labels[first] == task.truth[first]).all()


def test_the_command_prints_a_row_for_each_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = "--sets digits --examples 200 --reviewed 5,20 --seeds 2 --epochs 2"
    training.main(words.split())
    rows = [line for line in capsys.readouterr().out.splitlines() if "digits |" in line]
    assert [line.split(" | ")[2] for line in rows] == ["5", "20"]

"""The folder of a run: which runs may go on in it, and what is left alone."""

import re
from functools import partial

import pytest
import torch

from depthviz.ensembles.run import resume
from depthviz.errors import StudyError, TaskError
from depthviz.study import open_study
from depthviz.training import Recipe
from tests.ensembles.runs import (
    LABELS,
    POINTS,
    Lost,
    begin,
    run,
    small_ensemble,
    untrained,
)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"data": (POINTS + 1, LABELS)}, "data: sha256 was"),
        ({"data": (POINTS, LABELS[::-1].copy())}, "data: sha256 was"),
        ({"recipe": Recipe(epochs=4, batch_size=16, checkpoints=4)}, "epochs was 3"),
        ({"recipe": untrained}, "recipe: train was absent"),
        ({"k": 6}, "k was 5, now 6"),
        ({"seed": 1}, "seed was 0, now 1"),
        ({"holdout": 0.3}, "holdout was 0.4, now 0.3"),
        ({"ties": "smallest"}, "ties was nearest, now smallest"),
        ({"network": lambda: torch.nn.Linear(6, 3)}, "network: class was Sequential"),
    ],
)
def test_another_run_is_refused_with_the_difference(tmp_path, options, told):
    begin(tmp_path / "run")
    with pytest.raises(StudyError, match=told):
        run(tmp_path / "run", **options)


def test_a_refusal_is_short(tmp_path):
    begin(tmp_path / "run")

    def other():
        return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(6, 3))

    names = [f"a class of a long name {number}" for number in range(3)]
    with pytest.raises(StudyError) as caught:
        run(
            tmp_path / "run",
            network=other,
            data=(POINTS + 1, LABELS),
            class_names=names,
        )
    words = str(caught.value)
    assert re.search(r"data: sha256 was [0-9a-f]{8}, now [0-9a-f]{8};", words)
    assert "initial weights" not in words
    assert "class names: 0 was there, now a class of a long name 0;" in words
    assert re.search(r"probes: there were \d, now \d\.", words)
    assert "[" not in words


def test_partial_recipes_are_told_apart(tmp_path):
    with pytest.raises(TaskError):
        run(tmp_path / "run", Lost(kept=1), recipe=partial(by_rate, rate=1))
    with pytest.raises(StudyError, match=r"rate=1.*rate=99"):
        run(tmp_path / "run", recipe=partial(by_rate, rate=99))


def by_rate(module, dataset, recorder, *, rate):
    return module


def test_two_processes_do_not_run_in_one_folder(tmp_path):
    begin(tmp_path / "run")
    with resume.lock_folder(tmp_path / "run") as free:
        assert free
        with pytest.raises(StudyError, match="Another process is running"):
            run(tmp_path / "run")


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StudyError, match="no run of an ensemble"):
        run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_study_of_the_users_own_is_never_written_into(tmp_path):
    study = small_ensemble(recipe=untrained).run(tmp_path / "run", progress=False)
    study.save(tmp_path / "mine" / "study.zarr")
    with pytest.raises(StudyError, match="no run of an ensemble"):
        run(tmp_path / "mine", recipe=untrained)
    assert len(open_study(tmp_path / "mine" / "study.zarr")) == 90

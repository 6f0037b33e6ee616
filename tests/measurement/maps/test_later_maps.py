"""Maps stand in no way: a study is whole before them, and gets them where it lies."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import depthviz as dv
from depthviz.ensembles import Ensemble
from depthviz.errors import ArgumentError, DependencyError, MemoryLimitError, StudyError
from depthviz.machine.disk.locks import hold_folder
from depthviz.measurement import maps
from depthviz.measurement.maps import add_maps, with_maps
from depthviz.study.storage.reading.damage import find_damage
from depthviz.study.storage.sidecars import MAPS
from depthviz.training import Recipe
from tests.ensembles.runs import LABELS, POINTS, differences, network
from tests.measurement.small import measured


def later(**options):
    return measured(projection="later", **options)


@pytest.fixture
def saved(tmp_path):
    return later().save(tmp_path / "one.zarr")


def _a_chunk(study):
    chunks = study / MAPS / "projection" / "c"
    return next(path for path in chunks.rglob("*") if path.is_file())


def _flip_a_bit(file):
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(bytes(data))


def fails(error):
    def stop(*_, **__):
        raise error

    return stop


@pytest.mark.parametrize("options", [{}, {"validation": None}, {"include_self": True}])
def test_maps_made_later_are_those_of_the_measurement(options):
    now, waiting = measured(projection="umap", **options), later(**options)
    assert "projection" not in waiting.dataset
    assert not differences(now.dataset, add_maps(waiting, progress=False).dataset)
    same = ("projection", "measurement")
    assert all(now.dataset.attrs[name] == waiting.dataset.attrs[name] for name in same)


def test_a_study_in_a_folder_keeps_its_maps_there(saved):
    waiting, reader = dv.open_study(saved), dv.open_study(saved)
    found = with_maps(waiting, progress=False)
    assert with_maps(waiting) is found
    assert with_maps(found) is found
    again = dv.open_study(saved)
    assert not differences(found.dataset, again.dataset)
    # Whoever had it open before reads on.
    assert reader.frame().equals(again.frame()[list(reader.frame())])
    assert reader.dataset["neighbor_index"].shape == (4, 50, 5)
    assert not find_damage(saved)


def test_maps_that_somebody_else_has_made_are_taken(saved, monkeypatch):
    waiting = dv.open_study(saved)
    found = with_maps(waiting.assign(mine=np.zeros(50)), progress=False)
    monkeypatch.setitem(maps.METHODS, "umap", fails(AssertionError()))
    other = with_maps(waiting, progress=False)
    assert with_maps(waiting) is other
    assert not differences(found.dataset.drop_vars("mine"), other.dataset)


def test_a_study_with_maps_is_saved_whole(saved, tmp_path):
    with_maps(dv.open_study(saved), progress=False)
    copy = dv.open_study(saved).save(tmp_path / "copy.zarr")
    assert not (copy / MAPS).exists()
    assert not differences(dv.open_study(saved).dataset, dv.open_study(copy).dataset)
    other = later(k=4)
    other.save(saved, overwrite=True)
    assert "projection" not in dv.open_study(saved).dataset


def test_a_study_in_memory_says_where_its_maps_are(capsys):
    with_maps(later())
    assert "lies in no folder" in capsys.readouterr().out


def test_maps_that_a_view_has_made_are_not_made_twice():
    study = later()
    found = with_maps(study, progress=False)
    assert add_maps(study) is found
    assert add_maps(study, seed=5, progress=False) is not found


def test_maps_wait_for_whoever_holds_the_folder(saved):
    study = dv.open_study(saved)
    with ThreadPoolExecutor(1) as pool:
        with hold_folder(saved):
            coming = pool.submit(with_maps, study, progress=False)
            with pytest.raises(TimeoutError):
                coming.result(timeout=2)
            assert not (saved / MAPS).exists()
        coming.result(timeout=60)
    assert (saved / MAPS).exists()


def test_maps_that_cannot_be_written_stay_in_memory(saved, tmp_path, capsys):
    (saved / MAPS).symlink_to(tmp_path)
    found = with_maps(dv.open_study(saved))
    assert "projection" in found.dataset
    assert "The maps are in memory alone" in capsys.readouterr().out
    assert "projection" not in dv.open_study(saved).dataset
    assert (saved / MAPS).is_symlink()


def test_a_study_that_was_replaced_meanwhile_gets_no_maps(saved):
    waiting = dv.open_study(saved)
    waiting.dataset.load()
    later(k=4).save(saved, overwrite=True)
    assert "projection" in with_maps(waiting, progress=False).dataset
    assert not (saved / MAPS).exists()


@pytest.mark.parametrize("harm", ["cut", "flip", "other", "newer", "empty"])
def test_damaged_maps_and_those_of_another_study_are_made_again(saved, harm):
    with_maps(dv.open_study(saved), progress=False)
    root = saved / MAPS / "zarr.json"
    facts = json.loads(root.read_text())
    if harm == "cut":
        _a_chunk(saved).write_bytes(b"x")
    elif harm == "flip":
        _flip_a_bit(_a_chunk(saved))
    elif harm == "empty":
        root.unlink()
    else:
        change = {"other": {"measurement": "x"}, "newer": {"format_version": 99}}
        facts["attributes"] |= change[harm]
        root.write_text(json.dumps(facts))
    waiting = dv.open_study(saved)
    assert "projection" not in waiting.dataset
    with_maps(waiting, progress=False)
    assert "projection" in dv.open_study(saved).dataset


def test_a_flipped_bit_in_the_maps_is_named(saved):
    with_maps(dv.open_study(saved), progress=False)
    _flip_a_bit(_a_chunk(saved))
    assert any(name.startswith(f"{MAPS}/") for name in find_damage(saved))


def test_a_part_of_a_waiting_study_has_no_maps(saved):
    part = dv.open_study(saved).subset(range(20))
    assert with_maps(part) is part
    with pytest.raises(StudyError, match="lost some of its own"):
        add_maps(part)


def test_a_reordered_study_gets_maps_without_trust():
    turned = later().subset(range(49, -1, -1))
    found = add_maps(turned, progress=False).dataset
    assert "projection" in found
    assert "trustworthiness" not in found


def test_other_maps_replace_those_of_a_study():
    study = measured(projection="pca")
    found = add_maps(study, seed=3, progress=False).dataset
    assert found.attrs["projection"] == "umap"
    assert found["projection"].attrs["method"] == "umap"
    assert "trustworthiness" not in found  # that was of the other maps
    again = add_maps(study, seed=4, progress=False).dataset
    assert not np.array_equal(found["projection"], again["projection"])


@pytest.mark.parametrize(
    ("options", "words"),
    [({"method": "tsne"}, "method must be one of"), ({"seed": -1}, "seed must be")],
)
def test_other_methods_and_seeds_are_refused(options, words):
    with pytest.raises(ArgumentError, match=words):
        add_maps(later(), **options)


def test_without_neighbors_there_are_no_maps():
    study = dv.Study(later().dataset.drop_vars(["neighbor_index", "neighbor_distance"]))
    with pytest.raises(StudyError, match="made of neighbors, and this study has none"):
        add_maps(study)


def test_who_stops_the_maps_has_the_study(monkeypatch, capsys):
    monkeypatch.setitem(maps.METHODS, "umap", fails(KeyboardInterrupt()))
    study = measured(projection="umap")
    assert "Stopped: the study is there" in capsys.readouterr().out
    monkeypatch.undo()
    whole = with_maps(study, progress=False).dataset
    assert not differences(measured(projection="umap").dataset, whole)


@pytest.mark.parametrize("error", [DependencyError("No Numba."), MemoryLimitError("x")])
def test_what_hinders_the_maps_costs_no_study(monkeypatch, error):
    monkeypatch.setitem(maps.METHODS, "umap", fails(error))
    with pytest.warns(UserWarning, match="without its maps"):
        study = measured(projection="umap")
    assert "depth" in study.frame()


def test_a_study_whose_maps_cannot_be_made_is_shown(saved, monkeypatch, tmp_path):
    monkeypatch.setitem(maps.METHODS, "umap", fails(DependencyError("No Numba.")))
    waiting = dv.open_study(saved)
    with pytest.warns(UserWarning, match="without its maps: No Numba"):
        assert dv.explore(waiting).study is waiting
    with pytest.warns(UserWarning, match="without its maps: No Numba"):
        dv.report(waiting, tmp_path / "report.html")


def test_explorer_and_report_make_them(saved, tmp_path):
    waiting = dv.open_study(saved)
    explorer = dv.explore(waiting)
    assert "projection" in explorer.study.dataset
    assert dv.ProbeMap(waiting).study is explorer.study
    assert "projection" in dv.open_study(saved).dataset
    dv.report(later(), tmp_path / "report.html")


def ensemble(**options):
    chosen = {"members": 3, "holdout": 0.4, "recipe": Recipe(epochs=1), "k": 5}
    return Ensemble(network, (POINTS, LABELS), **chosen, **options)


def test_an_ensemble_makes_its_maps_when_it_is_complete(tmp_path, monkeypatch):
    whole = ensemble().run(tmp_path / "whole", progress=False).dataset
    assert float(whole["trustworthiness"].min()) > 0.5
    monkeypatch.setitem(maps.METHODS, "umap", fails(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        ensemble().run(tmp_path / "run", progress=False)
    stopped = dv.open_study(tmp_path / "run")
    assert "train_depth" in stopped.frame()
    assert "projection" not in stopped.dataset
    monkeypatch.undo()
    resumed = ensemble().run(tmp_path / "run", progress=False).dataset
    assert not differences(whole, resumed)


def test_an_ensemble_leaves_its_maps_for_later(tmp_path):
    study = ensemble(projection="later").run(tmp_path / "run", progress=False)
    assert "projection" not in study.dataset
    assert "projection" in ensemble().run(tmp_path / "run", progress=False).dataset


def test_a_longer_ensemble_has_maps_again(tmp_path):
    ensemble().run(tmp_path / "run", progress=False)
    chosen = {"members": 5, "holdout": 0.4, "recipe": Recipe(epochs=1), "k": 5}
    longer = Ensemble(network, (POINTS, LABELS), **chosen)
    assert "projection" in longer.run(tmp_path / "run", progress=False).dataset


KILL = """
import os, sys
import depthviz as dv
from depthviz.measurement.maps import with_maps
from depthviz.study.storage import later_maps
def die(*_):
    os.kill(os.getpid(), 9)
later_maps.finish_dataset = die
with_maps(dv.open_study(sys.argv[1]), progress=False)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_kill_while_maps_are_written_leaves_the_study(saved):
    done = subprocess.run([sys.executable, "-c", KILL, str(saved)], check=False)
    assert done.returncode == -9
    waiting = dv.open_study(saved)
    assert "projection" not in waiting.dataset
    with_maps(waiting, progress=False)
    assert "projection" in dv.open_study(saved).dataset
    assert [path.name for path in saved.glob(".*")] == []
    waiting.save(saved, overwrite=True)

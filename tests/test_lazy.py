"""Names load on first use, and old ones fail with a line that gives the new one."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import depthviz
from depthviz.lazy import renamed_names
from tests.paths import ROOT
from tests.studies import tiny_study

RENAMED = {
    "depthviz": {"LayerMap": "ProbeMap", "choose_probe": "best_probe"},
    "depthviz.ensembles": {"choose_probe": "best_probe"},
    "depthviz.widgets": {"LayerMap": "ProbeMap"},
}
PAIRS = [
    (face, old, new) for face, names in RENAMED.items() for old, new in names.items()
]


@pytest.mark.parametrize(("face", "old", "new"), PAIRS)
def test_an_old_name_fails_with_the_new_one(face: str, old: str, new: str) -> None:
    module = importlib.import_module(face)
    line = f"{face}.{old} is now {face}.{new}."
    assert hasattr(module, new)
    assert old not in dir(module)
    assert not hasattr(module, old)
    with pytest.raises(AttributeError) as missing:
        getattr(module, old)
    assert str(missing.value) == line
    with pytest.raises(ImportError) as failed:
        exec(f"from {face} import {old}", {})
    assert str(failed.value) == line


def test_a_name_that_never_was_fails_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match="'depthviz' has no attribute 'water'"):
        renamed_names("depthviz", {})("water")
    with pytest.raises(ImportError, match="cannot import name 'water'"):
        exec("from depthviz import water", {})


def test_all_names_are_imported_by_a_star() -> None:
    names: dict[str, object] = {}
    exec("from depthviz import *", names)
    assert names.keys() - {"__builtins__"} == set(depthviz.__all__)


@pytest.mark.parametrize(
    "face", ["depthviz.difficulty", "depthviz.study", "depthviz.reports"]
)
def test_a_face_loads_nothing_heavy_before_a_name_is_used(face: str) -> None:
    code = (
        f"import sys, {face}; dir({face}); {face}.__all__; "
        "print(sorted({'torch', 'numpy', 'xarray', 'zarr'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


NUMERICS = {"numba", "pynndescent", "sklearn", "torch", "umap"}


def loaded(code: str, *arguments: object) -> set[str]:
    """Run code in a new process; give the modules that it has at the end."""
    ends = "print('\\n\\n' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\n{ends}", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(done.stdout.rpartition("\n\n")[2].split())


@pytest.mark.parametrize(
    "code",
    [
        "dv.open_study(sys.argv[1]).frame()",
        "dv.explore(dv.open_study(sys.argv[1]))",
        "main(['info', sys.argv[1]])",
        "main(['figure', sys.argv[1], 'depth_histogram', '-o', sys.argv[2]])",
    ],
)
def test_a_study_is_looked_at_without_torch(code: str, tmp_path: Path) -> None:
    saved = tiny_study().save(tmp_path / "study.zarr")
    code = f"import depthviz as dv\nfrom depthviz.cli import main\n{code}"
    modules = loaded(code, saved, tmp_path / "figure.html")
    assert "depthviz.study.container" in modules
    assert not NUMERICS & modules


def test_info_and_a_table_load_no_charts(tmp_path: Path) -> None:
    saved = tiny_study().save(tmp_path / "study.zarr")
    modules = loaded(
        "from depthviz.cli import main; main(['info', sys.argv[1]])", saved
    )
    assert not {"altair", "anywidget"} & modules


def test_a_measurement_with_its_maps_loads_no_other_library_for_them() -> None:
    modules = loaded(
        "from tests.measurement.small import measured\nmeasured(projection='umap')"
    )
    assert "depthviz.projections.layout" in modules
    assert not (NUMERICS - {"torch", "numba"}) & modules

"""Names load on first use, and old ones fail with a line that gives the new one."""

import importlib
import subprocess
import sys

import pytest

import depthviz
from depthviz.lazy import renamed_names

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


@pytest.mark.parametrize("face", ["depthviz.difficulty", "depthviz.study"])
def test_a_face_loads_nothing_heavy_before_a_name_is_used(face: str) -> None:
    code = (
        f"import sys, {face}; dir({face}); {face}.__all__; "
        "print(sorted({'torch', 'numpy', 'xarray', 'zarr'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

"""The build hook: the bundle is made with the packages that the lock file names."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.paths import ROOT

LOCKED = {"esbuild": "1.2.3", "@scope/store": "4.5.6", "only-for-tests": "7.8.9"}


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hook", ROOT / "js/hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_lock(path: Path, versions: dict[str, str]) -> None:
    packages = {
        f"node_modules/{name}": {"version": at} for name, at in versions.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"packages": {"": {}, **packages}}))


@pytest.mark.parametrize(
    ("installed", "current"),
    [
        (LOCKED, True),
        ({name: LOCKED[name] for name in ("esbuild", "@scope/store")}, True),
        ({**LOCKED, "only-for-tests": "1.0.0"}, True),
        ({**LOCKED, "@scope/store": "4.5.5"}, False),
        ({"esbuild": "1.2.3"}, False),
        ({}, False),
    ],
)
def test_packages_of_other_versions_are_installed_anew(
    hook: ModuleType, tmp_path: Path, installed: dict[str, str], current: bool
) -> None:
    dependencies = {"esbuild": "1.2.3", "@scope/store": "4.5.6"}
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": dependencies}))
    write_lock(tmp_path / "package-lock.json", LOCKED)
    write_lock(tmp_path / "node_modules/.package-lock.json", installed)
    assert hook.bundler_is_current(tmp_path) == current


def test_packages_that_were_never_installed_are_installed(
    hook: ModuleType, tmp_path: Path
) -> None:
    assert not hook.bundler_is_current(tmp_path)
